#include "wire/http/client.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "loopback.h"
#include "sys/files.h"
#include "sys/thread.h"

namespace fleet::http {
namespace {

using std::chrono::milliseconds;

TEST(Client, SharesOneHttp2Connection) {
  Guarded<std::vector<BodyStream>> streams;
  Loopback loop(kWires[2], [&](const Context&, const Request&, Responder out) {
    BodyStream stream = out.stream(200, {});
    stream.offer("hello");
    streams.with([&](auto& all) { all.push_back(std::move(stream)); });
  });
  std::vector<BodyReader> readers;
  for (int i = 0; i < 100; ++i) {
    readers.push_back(loop.client().open(Loopback::ctx(), {.url = loop.url("/")}).value());
    EXPECT_EQ(**readers.back().read(Loopback::ctx()), "hello");
  }
  EXPECT_EQ(loop.server->connections(), 1U);
  EXPECT_EQ(loop.client().connections(), 1U);
  streams.with([](auto& all) { all.clear(); });
}

TEST(Client, ManyThreadsAtOnce) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Loopback loop(wire, [](const Context&, const Request& r, Responder out) {
      out.send({.body = r.raw_query});
    });
    std::vector<Thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back("caller", [&, t](std::stop_token) {
        for (int i = 0; i < 50; ++i) {
          const std::string query = cat(t, "-", i);
          const auto answer = loop.get("/?" + query);
          ASSERT_TRUE(answer.ok()) << answer.error().message();
          EXPECT_EQ(answer->body, query);
        }
      });
    }
    threads.clear();
    EXPECT_LE(loop.server->connections(), wire.http2 ? 1U : 8U);
  }
}

TEST(Client, OneConnectionOutlivesItsWindow) {
  // More than the connection's window of 16 MiB: in answers that are read, and in some that are
  // not.
  Loopback loop(kWires[2], [](const Context&, const Request&, Responder out) {
    out.send({.body = std::string(size_t{256} << 10, 'x')});
  });
  for (int i = 0; i < 100; ++i) {
    const auto answer = loop.get("/");
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    auto unread = loop.client().open(Loopback::ctx(), {.url = loop.url("/")});
    ASSERT_TRUE(unread.ok()) << unread.error().message();
  }
  EXPECT_EQ(loop.server->connections(), 1U);
}

TEST(Client, ReadsSlowlyWithoutHoldingItAll) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    constexpr size_t kPieces = 400;
    Loopback loop(wire, [](const Context& ctx, const Request&, Responder out) {
      BodyStream stream = out.stream(200, {});
      for (size_t i = 0; i < kPieces; ++i) {
        if (!stream.write(ctx, std::string(50'000, 'x'), 100'000).ok()) return;
      }
      stream.finish();
    });
    BodyReader reader = loop.client().open(Loopback::ctx(), {.url = loop.url("/")}).value();
    size_t total = 0;
    while (true) {
      const auto piece = reader.read(Loopback::ctx());
      ASSERT_TRUE(piece.ok()) << piece.error().message();
      if (!*piece) break;
      EXPECT_LE((*piece)->size(), size_t{4} << 20);
      total += (*piece)->size();
    }
    EXPECT_EQ(total, kPieces * 50'000);
  }
}

TEST(Client, EndsWithItsContext) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Loopback loop(wire, [](const Context& ctx, const Request&, Responder out) {
      [[maybe_unused]] const bool slept = ctx.sleep(std::chrono::hours{1}).ok();
      out.send({});
    });
    const Context late = Context::background().with_timeout(milliseconds{50});
    EXPECT_EQ(loop.client().request(late, {.url = loop.url("/")}).error().code(), Code::Timeout);
    StopScope scope(Context::background());
    Thread stopper("stopper", [&](std::stop_token) { scope.stop(); });
    EXPECT_EQ(loop.client().request(scope.context(), {.url = loop.url("/")}).error().code(),
              Code::Cancelled);
  }
}

TEST(Client, SaysWhyAServerCannotBeReached) {
  Client client;
  const auto refused = client.request(Loopback::ctx(), {.url = "http://127.0.0.1:1/"});
  EXPECT_EQ(refused.error().code(), Code::ServiceUnavailable);
  EXPECT_NE(refused.error().message().find("connection refused"), std::string::npos)
      << refused.error().message();
  TestAuthority authority;
  ServerOptions options;
  options.tls = authority.server();
  auto server =
      Server::start(Context::background(), options, [](const Context&, const Request&, Responder) {
      }).value();
  Client stranger({.tls = TestAuthority().client()});
  const auto unknown = stranger.request(Loopback::ctx(), {.url = server->url()});
  EXPECT_NE(unknown.error().message().find("certificate"), std::string::npos);
  Client wrong_name({.tls = authority.client(), .server_name = "elsewhere.example"});
  EXPECT_NE(
      wrong_name.request(Loopback::ctx(), {.url = server->url()}).error().message().find("ismatch"),
      std::string::npos);
  Client right_name({.tls = authority.client(), .server_name = "localhost"});
  EXPECT_TRUE(right_name.request(Loopback::ctx(), {.url = server->url()}).ok());
  Client careless({.tls = tls::ClientContext::make({.insecure_skip_verify = true}).value()});
  EXPECT_TRUE(careless.request(Loopback::ctx(), {.url = server->url()}).ok());
}

TEST(Client, FollowsRedirectsWithinLimitsAndKeepsSecretsAtHome) {
  Loopback other(kWires[0], [](const Context&, const Request& r, Responder out) {
    out.send({.body = "other " + std::string(r.headers.value("authorization"))});
  });
  ClientOptions options;
  options.authorization = bearer("secret");
  Loopback loop(
      kWires[0],
      [&](const Context&, const Request& r, Responder out) {
        if (r.path == "/loop") return out.send({302, {{"location", "/loop"}}});
        if (r.path == "/away") return out.send({307, {{"location", other.url("/")}}});
        if (r.path == "/there") return out.send({303, {{"location", "here?x"}}});
        out.send({.body = cat(r.method, " ", r.path, " ", r.headers.value("authorization"))});
      },
      {},
      std::move(options));
  const auto call = [&](const char* method, const char* target, int most) {
    return loop.client().request(
        Loopback::ctx(), {.method = method, .url = loop.url(target), .max_redirects = most});
  };
  EXPECT_EQ(call("POST", "/there", 1)->body, "GET /here Bearer secret");
  EXPECT_EQ(call("GET", "/there", 0)->status, 303);
  EXPECT_EQ(call("GET", "/loop", 5)->status, 302);
  EXPECT_EQ(call("GET", "/away", 5)->body, "other ");
}

TEST(Client, ALimitOfTheAnswerIsKept) {
  for (const Wire& wire : kWires) {
    Loopback loop(wire, [](const Context&, const Request&, Responder out) {
      out.send({.body = std::string(1 << 20, 'x')});
    });
    const Call call{.url = loop.url("/"), .max_answer_bytes = 1000};
    EXPECT_EQ(loop.client().request(Loopback::ctx(), call).error().code(),
              Code::RequestEntityTooLarge);
  }
}

TEST(Client, RepeatsWhatAClosedConnectionLost) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    const auto handler = [](const Context&, const Request&, Responder out) { out.send({}); };
    TestAuthority authority;
    ServerOptions options;
    if (wire.tls) options.tls = authority.server(wire.http2);
    auto server = Server::start(Context::background(), options, handler).value();
    const std::string url = server->url();
    options.port = server->port();
    ClientOptions chosen;
    if (wire.tls) chosen.tls = authority.client(nullptr, wire.http2);
    Client client(chosen);
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(client.request(Loopback::ctx(), {.url = url}).ok());
      server.reset();
      server = Server::start(Context::background(), options, handler).value();
      const auto answer = client.request(Loopback::ctx(), {.url = url});
      EXPECT_TRUE(answer.ok()) << answer.error().message();
    }
  }
}

TEST(Client, LeftOverReadersEndWithIt) {
  Guarded<std::optional<BodyStream>> kept;
  Loopback loop(kWires[2], [&](const Context&, const Request&, Responder out) {
    kept.with([&](auto& k) { k = out.stream(200, {}); });
  });
  BodyReader reader = loop.client().open(Loopback::ctx(), {.url = loop.url("/")}).value();
  loop.drop_client();
  EXPECT_EQ(reader.read(Loopback::ctx()).error().code(), Code::ServiceUnavailable);
  kept.with([](auto& k) { k.reset(); });
}

// A proxy that knows CONNECT and whole URLs, as far as this client uses them.
TEST(Client, GoesThroughAProxyForPlainHttp) {
  Loopback proxy(kWires[0], [](const Context&, const Request& r, Responder out) {
    out.send(
        {.body = cat("proxied ", r.host, r.path, " ", r.headers.value("proxy-authorization"))});
  });
  ClientOptions options;
  options.proxy.http = cat("http://me:pw@127.0.0.1:", proxy.server->port());
  Client client(options);
  const auto answer = client.request(Loopback::ctx(), {.url = "http://far.example/x"});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->body, "proxied far.example/x " + basic_authorization("me", "pw"));
  options.proxy.https = options.proxy.http;
  Client secure(options);
  // This server is no proxy for tunnels and says so.
  EXPECT_NE(secure.request(Loopback::ctx(), {.url = "https://far.example/"})
                .error()
                .message()
                .find("proxy"),
            std::string::npos);
}

TEST(Authorization, ATokenFileIsReadAgain) {
  const sys::TempFolder temp = sys::TempFolder::make().value();
  ASSERT_TRUE(sys::write_file(temp.file("t"), "one\n").ok());
  const auto token = bearer_from_file(temp.file("t"));
  EXPECT_EQ(token(), "Bearer one");
  ASSERT_TRUE(sys::write_file(temp.file("t"), "two\n").ok());
  std::string now = token();
  const Context ctx = Loopback::ctx();
  while (now != "Bearer two" && ctx.check().ok())
    now = token();
  EXPECT_EQ(now, "Bearer two");
  EXPECT_EQ(bearer_from_file(temp.file("none"))(), "");
}

}  // namespace
}  // namespace fleet::http
