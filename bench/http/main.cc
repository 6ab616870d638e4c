// Figures of the HTTP server: small requests a second over each wire, and the memory of a watch
// that waits. The server is a process of its own, so that its memory is not mixed with the
// clients'.
//
//   bench.http [SECONDS [WATCHES]]
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/guarded.h"
#include "sys/process.h"
#include "sys/signals.h"
#include "sys/thread.h"
#include "wire/crypto/certificate.h"
#include "wire/http/client.h"
#include "wire/http/server.h"

namespace {

using fleet::Context;
using fleet::Guarded;
using fleet::Result;
using fleet::Secret;
namespace http = fleet::http;
namespace sys = fleet::sys;
namespace tls = fleet::tls;

constexpr int kThreads = 16;

Result<std::shared_ptr<const tls::ServerContext>> server_tls(const std::string& ca_file) {
  namespace crypto = fleet::crypto;
  const auto now = fleet::system_clock().now();
  const auto authority = TRY(
      crypto::Authority::make("bench", now - std::chrono::hours{1}, now + std::chrono::hours{24}));
  const auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
  crypto::CertificateSpec spec;
  spec.common_name = "bench";
  spec.ip_addresses = {"127.0.0.1"};
  spec.not_before = now - std::chrono::hours{1};
  spec.not_after = now + std::chrono::hours{24};
  spec.for_server = true;
  tls::ServerSettings settings;
  settings.certificate_chain = TRY(authority.issue(key.public_key(), spec)).pem();
  settings.key = Secret<>(key.pem());
  TRY(sys::write_file(ca_file, authority.certificate.pem()));
  return tls::ServerContext::make(settings);
}

// The child: answers "/" and lets "/watch" wait. Prints its ports; ends with its input.
Result<> serve(const std::string& ca_file) {
  auto signals = TRY(sys::Signals::block({SIGTERM}));
  Guarded<std::vector<http::BodyStream>> watches;
  const auto handler = [&](const Context&, const http::Request& request, http::Responder out) {
    if (request.path != "/watch") return out.send({.body = "hello\n"});
    http::BodyStream stream = out.stream(200, {});
    stream.offer("x\n");
    watches.with([&](auto& all) { all.push_back(std::move(stream)); });
  };
  http::ServerOptions secure;
  secure.tls = TRY(server_tls(ca_file));
  auto tls_server = TRY(http::Server::start(Context::background(), secure, handler));
  auto plain_server = TRY(http::Server::start(Context::background(), {}, handler));
  std::printf("%s %s\n", tls_server->url().c_str(), plain_server->url().c_str());
  std::fflush(stdout);
  TRY(signals.wait(Context::background()));
  watches.with([](auto& all) { all.clear(); });
  return {};
}

struct Peer {
  sys::Child child;
  std::string tls_url;
  std::string plain_url;
};

Result<Peer> start_peer(const std::string& ca_file) {
  auto child = TRY(sys::Child::start({.args = {sys::program_path(), "--serve", ca_file}},
                                     {sys::Stream::Null, sys::Stream::Pipe, sys::Stream::Inherit}));
  std::string line;
  char byte = 0;
  while (::read(child.output.get(), &byte, 1) == 1 && byte != '\n')
    line += byte;
  const auto urls = fleet::cut(line, " ");
  if (!urls) return fleet::Error{fleet::Code::InternalError, "the server did not start"};
  return Peer{std::move(child), std::string(urls->before), std::string(urls->after)};
}

double resident_kilobytes(int pid) {
  const auto text = sys::read_file(fleet::cat("/proc/", pid, "/statm"));
  if (!text.ok()) return 0;
  const auto pages = fleet::parse_uint(fleet::split_fields(*text)[1]).value_or(0);
  return static_cast<double>(pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE))) / 1024;
}

void requests_a_second(const char* name,
                       http::Client& client,
                       const std::string& url,
                       int seconds) {
  const Context ctx = Context::background().with_timeout(std::chrono::seconds{seconds});
  std::atomic<uint64_t> done = 0;
  std::atomic<uint64_t> failed = 0;
  {
    std::vector<fleet::Thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back("caller", [&](const std::stop_token&) {
        while (ctx.check().ok()) {
          const auto answer = client.request(ctx, {.url = url});
          if (answer.ok() && answer->status == 200) {
            ++done;
          } else if (ctx.check().ok()) {
            ++failed;
          }
        }
      });
    }
    for (auto& thread : threads)
      thread.join();
  }
  std::printf("%-34s %9.0f /s   (%llu failed)\n",
              name,
              static_cast<double>(done) / static_cast<double>(seconds),
              static_cast<unsigned long long>(failed.load()));
}

Result<> waiting_watches(const char* name, http::Client& client, const Peer& peer, int count) {
  const double before = resident_kilobytes(peer.child.pid());
  std::vector<http::BodyReader> watches;
  for (int i = 0; i < count; ++i) {
    watches.push_back(TRY(client.open(Context::background(), {.url = peer.tls_url + "/watch"})));
    TRY(watches.back().read(Context::background()));
  }
  const double after = resident_kilobytes(peer.child.pid());
  std::printf("%-34s %9.1f KB each, %zu connections\n",
              name,
              (after - before) / count,
              client.connections());
  return {};
}

Result<> measure(int seconds, int watches) {
  const auto temp = TRY(sys::TempFolder::make());
  const std::string ca_file = temp.file("ca.pem");
  const auto client_tls = [&](bool http2) -> Result<std::shared_ptr<const tls::ClientContext>> {
    tls::ClientSettings settings;
    settings.ca = TRY(sys::read_file(ca_file));
    settings.system_ca = false;
    settings.http2 = http2;
    return tls::ClientContext::make(settings);
  };
  for (const bool http2 : {false, true}) {
    const Peer peer = TRY(start_peer(ca_file));
    http::Client client({.tls = TRY(client_tls(http2))});
    TRY(waiting_watches(http2 ? "waiting watch, TLS HTTP/2" : "waiting watch, TLS HTTP/1.1",
                        client,
                        peer,
                        watches));
  }
  const Peer peer = TRY(start_peer(ca_file));
  http::Client plain;
  requests_a_second("GET, HTTP/1.1", plain, peer.plain_url, seconds);
  http::Client one({.tls = TRY(client_tls(false))});
  requests_a_second("GET, TLS HTTP/1.1", one, peer.tls_url, seconds);
  http::Client two({.tls = TRY(client_tls(true))});
  requests_a_second("GET, TLS HTTP/2, one connection", two, peer.tls_url, seconds);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const auto number = [&](size_t i, int otherwise) {
    const auto given = args.size() > i ? fleet::parse_int(args[i]) : std::nullopt;
    return given ? static_cast<int>(*given) : otherwise;
  };
  const bool child = args.size() == 2 && args[0] == "--serve";
  const Result<> done = child ? serve(args[1]) : measure(number(0, 3), number(1, 2000));
  if (done.ok()) return 0;
  std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return 1;
}
