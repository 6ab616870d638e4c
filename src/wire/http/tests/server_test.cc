#include "wire/http/server.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "loopback.h"

namespace fleet::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void echo(const Context&, const Request& r, Responder out) {
  out.send({.body = cat(r.method, " ", r.path, " ", r.raw_query, " ", r.body)});
}

TEST(Server, AnswersOverEveryWire) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Loopback loop(wire, [](const Context& ctx, const Request& r, Responder out) {
      EXPECT_EQ(r.host, "127.0.0.1" + r.host.substr(r.host.find(':')));
      EXPECT_TRUE(r.remote_address.starts_with("127.0.0.1:"));
      EXPECT_TRUE(ctx.deadline().has_value());
      echo(ctx, r, std::move(out));
    });
    const auto answer =
        loop.client().request(Loopback::ctx(), {"POST", loop.url("/a%20b/c?x=1&y"), {}, "body"});
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /a b/c x=1&y body");
    EXPECT_NE(answer->headers.find("date"), nullptr);
    // The same connection serves again.
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(loop.get("/")->body, "GET /  ");
    EXPECT_EQ(loop.server->connections(), 1U);
  }
}

TEST(Server, KnowsWhoHasAClientCertificate) {
  TestAuthority authority;
  ServerOptions options;
  options.tls = authority.server();
  auto server = Server::start(Context::background(),
                              options,
                              [](const Context&, const Request& r, Responder out) {
                                out.send({.body = r.peer ? r.peer->common_name + "/" +
                                                               join(r.peer->organizations, "+")
                                                         : "nobody"});
                              })
                    .value();
  const Identity who = authority.issue("system:admin", {"a", "b"}, false);
  Client known({.tls = authority.client(&who)});
  Client unknown({.tls = authority.client()});
  EXPECT_EQ(known.request(Loopback::ctx(), {.url = server->url()})->body, "system:admin/a+b");
  EXPECT_EQ(unknown.request(Loopback::ctx(), {.url = server->url()})->body, "nobody");
  // A certificate of another authority is no one's.
  const Identity stranger = TestAuthority().issue("system:admin", {}, false);
  tls::ClientSettings settings;
  settings.ca = authority.pem();
  settings.certificate_chain = stranger.certificate;
  settings.key = stranger.key;
  Client refused({.tls = tls::ClientContext::make(settings).value()});
  EXPECT_EQ(refused.request(Loopback::ctx(), {.url = server->url()}).error().code(),
            Code::ServiceUnavailable);
}

TEST(Server, ANewCertificateIsUsedForNewConnections) {
  TestAuthority first;
  TestAuthority second;
  ServerOptions options;
  options.tls = first.server();
  auto server = Server::start(Context::background(), options, echo).value();
  Client trusts_second({.tls = second.client()});
  EXPECT_FALSE(trusts_second.request(Loopback::ctx(), {.url = server->url()}).ok());
  server->set_tls(second.server());
  EXPECT_TRUE(trusts_second.request(Loopback::ctx(), {.url = server->url()}).ok());
}

TEST(Server, StreamsFromOtherThreads) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Guarded<std::vector<BodyStream>> streams;
    Loopback loop(wire, [&](const Context&, const Request&, Responder out) {
      BodyStream stream = out.stream(200, {{"content-type", "text/plain"}});
      streams.with([&](auto& all) { all.push_back(std::move(stream)); });
      streams.notify_all();
    });
    BodyReader reader = loop.client().open(Loopback::ctx(), {.url = loop.url("/watch")}).value();
    EXPECT_EQ(reader.status(), 200);
    BodyStream stream = streams
                            .wait(
                                Loopback::ctx(),
                                [](const auto& all) { return !all.empty(); },
                                [](auto& all) { return all[0]; })
                            .value();
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(stream.offer(cat("event ", i)));
      EXPECT_EQ(**reader.read(Loopback::ctx()), cat("event ", i));
    }
    stream.finish();
    EXPECT_EQ(*reader.read(Loopback::ctx()), std::nullopt);
    streams.with([](auto& all) { all.clear(); });
  }
}

TEST(Server, NoticesWhenAReaderGoes) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Guarded<int> closed;
    Guarded<std::optional<BodyStream>> kept;
    Loopback loop(wire, [&](const Context&, const Request&, Responder out) {
      BodyStream stream = out.stream(200, {});
      stream.on_close([&] {
        closed.with([](int& n) { ++n; });
        closed.notify_all();
      });
      kept.with([&](auto& k) { k = std::move(stream); });
      kept.notify_all();
    });
    { BodyReader gone = loop.client().open(Loopback::ctx(), {.url = loop.url("/")}).value(); }
    EXPECT_TRUE(closed.wait(Loopback::ctx(), [](int n) { return n == 1; }).ok());
    ASSERT_TRUE(kept.wait(Loopback::ctx(), [](const auto& k) { return k.has_value(); }).ok());
    EXPECT_FALSE(kept.with([](auto& k) { return k->offer("x"); }));
    kept.with([](auto& k) { k.reset(); });
  }
}

TEST(Server, ASlowReaderIsCutOff) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    ServerOptions options;
    options.limits.max_stream_buffer = 100'000;
    Guarded<bool> refused;
    Loopback loop(
        wire,
        [&](const Context&, const Request&, Responder out) {
          BodyStream stream = out.stream(200, {});
          const auto chunk = std::make_shared<const std::string>(50'000, 'x');
          while (stream.offer(chunk)) {
          }
          refused.with([](bool& r) { r = true; });
          refused.notify_all();
        },
        options);
    BodyReader reader = loop.client().open(Loopback::ctx(), {.url = loop.url("/")}).value();
    EXPECT_TRUE(refused.wait(Loopback::ctx(), [](bool r) { return r; }).ok());
    // What came before can be read; then the stream is seen to be broken, not finished.
    Result<std::string> rest = reader.read_all(Loopback::ctx(), SIZE_MAX);
    EXPECT_FALSE(rest.ok());
  }
}

TEST(Server, LargeBodiesGoBothWays) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    ServerOptions options;
    options.limits.max_body_bytes = 20 << 20;
    Loopback loop(
        wire,
        [](const Context& ctx, const Request& r, Responder out) {
          BodyStream stream = out.stream(200, {});
          for (size_t at = 0; at < r.body.size(); at += 100'000) {
            ASSERT_TRUE(stream.write(ctx, r.body.substr(at, 100'000)).ok());
          }
          stream.finish();
        },
        options);
    std::string body;
    for (int i = 0; body.size() < (12U << 20); ++i)
      body += cat(i, ",");
    const auto answer = loop.client().request(Loopback::ctx(), {"PUT", loop.url("/"), {}, body});
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_TRUE(answer->body == body);
  }
}

TEST(Server, PacksLargeAnswersWhenAsked) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Loopback loop(wire, [](const Context&, const Request&, Responder out) {
      out.send({.body = std::string(200'000, 'z')});
    });
    EXPECT_EQ(loop.get("/")->body, std::string(200'000, 'z'));
    const Call call{"GET", loop.url("/"), {{"accept-encoding", "gzip"}}};
    const auto raw = loop.client().request(Loopback::ctx(), call);
    EXPECT_EQ(raw->headers.value("content-encoding"), "gzip");
    EXPECT_LT(raw->body.size(), 2000U);
  }
}

TEST(Server, OverTheBodyLimitIs413) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    ServerOptions options;
    options.limits.max_body_bytes = 1000;
    Loopback loop(wire, echo, options);
    const auto status = [&](size_t size) {
      const auto answer = loop.client().request(
          Loopback::ctx(), {"POST", loop.url("/"), {}, std::string(size, 'x')});
      return answer.ok() ? answer->status : 0;
    };
    EXPECT_EQ(status(1000), 200);
    EXPECT_EQ(status(1001), 413);
  }
}

TEST(Server, OverTheQueueLimitIs429ButNotForTheExempt) {
  Guarded<bool> go;
  ServerOptions options;
  options.workers = 1;
  options.limits.queue = 1;
  options.exempt = [](const Request& r) { return r.path == "/healthz"; };
  Guarded<int> running;
  Loopback loop(
      kWires[2],
      [&](const Context& ctx, const Request&, Responder out) {
        running.with([](int& n) { ++n; });
        running.notify_all();
        EXPECT_TRUE(go.wait(ctx, [](bool g) { return g; }).ok());
        out.send({});
      },
      options);
  Guarded<std::vector<int>> statuses;
  std::vector<Thread> callers;
  const auto call = [&](const char* target) {
    callers.emplace_back("caller", [&, target](std::stop_token) {
      const int status = loop.get(target)->status;
      statuses.with([&](auto& s) { s.push_back(status); });
      statuses.notify_all();
    });
  };
  call("/");
  ASSERT_TRUE(running.wait(Loopback::ctx(), [](int n) { return n == 1; }).ok());
  for (int i = 0; i < 5; ++i)
    call("/");
  // One waits in the queue, four are refused.
  ASSERT_TRUE(statuses.wait(Loopback::ctx(), [](const auto& s) { return s.size() == 4; }).ok());
  EXPECT_EQ(statuses.with([](const auto& s) { return s; }), (std::vector<int>{429, 429, 429, 429}));
  call("/healthz");
  go.with([](bool& g) { g = true; });
  go.notify_all();
  ASSERT_TRUE(statuses.wait(Loopback::ctx(), [](const auto& s) { return s.size() == 7; }).ok());
  EXPECT_EQ(statuses.with([](const auto& s) { return s.back() + s[4] + s[5]; }), 600);
}

TEST(Server, AForgottenAnswerIs500) {
  for (const Wire& wire : kWires) {
    Loopback loop(wire, [](const Context&, const Request&, Responder) {});
    EXPECT_EQ(loop.get("/")->status, 500);
  }
}

TEST(Server, SlowClientsAreSentAway) {
  ManualClock clock;
  ServerOptions options;
  auto server = Server::start(Context(clock, Log(), {}), options, echo).value();
  Thread time("time", [&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      clock.advance(milliseconds{50});
      [[maybe_unused]] const bool ok = Context::background().sleep(milliseconds{1}).ok();
    }
  });
  EXPECT_EQ(talk(server->port(), "GET / HTT").substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(talk(server->port(), "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nabc")
                .substr(0, 12),
            "HTTP/1.1 408");
  EXPECT_EQ(talk(server->port(), ""), "");
}

TEST(Server, SpeaksHttp1AsItShould) {
  Loopback loop(kWires[0], [](const Context& ctx, const Request& r, Responder out) {
    if (r.path != "/stream") return echo(ctx, r, std::move(out));
    BodyStream stream = out.stream(200, {});
    stream.offer("abc");
    stream.finish();
  });
  const int port = loop.server->port();
  // Pipelined requests are answered in order.
  const std::string two = talk(
      port,
      "GET /1 HTTP/1.1\r\nhost: h\r\n\r\nGET /2 HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
  EXPECT_LT(two.find("GET /1"), two.find("GET /2"));
  EXPECT_NE(two.find("GET /2"), std::string::npos);
  EXPECT_NE(talk(port, "GET /stream HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
                .find("3\r\nabc\r\n0\r\n\r\n"),
            std::string::npos);
  const std::string old = talk(port, "GET /stream HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ends_with("\r\n\r\nabc")) << old;
  EXPECT_TRUE(
      talk(port, "HEAD /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").ends_with("\r\n\r\n"));
  EXPECT_TRUE(talk(port, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));  // no host
  EXPECT_TRUE(talk(port, "GET x HTTP/1.1\r\nhost: h\r\n\r\n").starts_with("HTTP/1.1 400"));
  const std::string expects =
      talk(port,
           "POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n",
           "100 Continue\r\n\r\n");
  EXPECT_EQ(expects, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST(Server, StopsCalmly) {
  for (const Wire& wire : kWires) {
    SCOPED_TRACE(wire.name);
    Guarded<int> stage;  // 1: handler runs
    Guarded<std::optional<BodyStream>> watch;
    Loopback loop(wire, [&](const Context&, const Request& r, Responder out) {
      if (r.path == "/watch") {
        watch.with([&](auto& w) { w = out.stream(200, {}); });
        return;
      }
      stage.with([](int& s) { s = 1; });
      stage.notify_all();
      EXPECT_TRUE(stage.wait(Loopback::ctx(), [](int s) { return s == 2; }).ok());
      out.send({.body = "done"});
    });
    BodyReader reader = loop.client().open(Loopback::ctx(), {.url = loop.url("/watch")}).value();
    Result<Answer> answer = Error{Code::Unknown, ""};
    Thread caller("caller", [&](std::stop_token) { answer = loop.get("/slow"); });
    ASSERT_TRUE(stage.wait(Loopback::ctx(), [](int s) { return s == 1; }).ok());
    Thread stopper("stopper", [&](std::stop_token) { loop.server->stop(seconds{20}); });
    // The watch ends in order, the running request is answered.
    EXPECT_EQ(*reader.read(Loopback::ctx()), std::nullopt);
    stage.with([](int& s) { s = 2; });
    stage.notify_all();
    caller.join();
    stopper.join();
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(answer->body, "done");
    watch.with([](auto& w) { w.reset(); });
  }
}

TEST(Server, AStopWithoutGraceCancelsHandlers) {
  Guarded<bool> running;
  Loopback loop(kWires[2], [&](const Context& ctx, const Request&, Responder out) {
    running.with([](bool& r) { r = true; });
    running.notify_all();
    EXPECT_EQ(ctx.sleep(std::chrono::hours{1}).error().code(), Code::Cancelled);
    out.send({});
  });
  Thread caller("caller", [&](std::stop_token) { EXPECT_FALSE(loop.get("/").ok()); });
  ASSERT_TRUE(running.wait(Loopback::ctx(), [](bool r) { return r; }).ok());
  loop.server->stop(seconds{0});
}

TEST(Server, RefusesConnectionsOverItsLimit) {
  ServerOptions options;
  options.limits.max_connections = 1;
  Loopback loop(kWires[0], echo, options);
  ASSERT_TRUE(loop.get("/").ok());
  EXPECT_EQ(talk(loop.server->port(), "GET / HTTP/1.1\r\nhost: h\r\n\r\n"), "");
}

TEST(Server, AnAddressInUseIsAnError) {
  Loopback loop(kWires[0], echo);
  ServerOptions options;
  options.port = loop.server->port();
  EXPECT_FALSE(Server::start(Context::background(), options, echo).ok());
}

}  // namespace
}  // namespace fleet::http
