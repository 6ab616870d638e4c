// For tests: a certificate authority, a server on a free port, clients that trust it.
#pragma once

#include <memory>
#include <string>

#include "sys/guarded.h"
#include "sys/thread.h"
#include "wire/crypto/certificate.h"
#include "wire/http/client.h"
#include "wire/http/server.h"

namespace fleet::http {

struct Identity {
  std::string certificate;
  Secret<> key;
};

class TestAuthority {
 public:
  TestAuthority()
      : authority_(crypto::Authority::make("test", start(), end()).value()) {}

  Identity issue(const std::string& name,
                 std::vector<std::string> organizations,
                 bool server) const {
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
    crypto::CertificateSpec spec;
    spec.common_name = name;
    spec.organizations = std::move(organizations);
    if (server) spec.dns_names = {"localhost"};
    if (server) spec.ip_addresses = {"127.0.0.1"};
    spec.not_before = start();
    spec.not_after = end();
    spec.for_server = server;
    spec.for_client = !server;
    return {authority_.issue(key.public_key(), spec).value().pem(), Secret<>(key.pem())};
  }

  std::shared_ptr<const tls::ServerContext> server(bool http2 = true) const {
    const Identity identity = issue("server", {}, true);
    tls::ServerSettings settings;
    settings.certificate_chain = identity.certificate;
    settings.key = identity.key;
    settings.client_ca = pem();
    settings.http2 = http2;
    return tls::ServerContext::make(settings).value();
  }

  std::shared_ptr<const tls::ClientContext> client(const Identity* who = nullptr,
                                                   bool http2 = true) const {
    tls::ClientSettings settings;
    settings.ca = pem();
    settings.system_ca = false;
    settings.http2 = http2;
    if (who != nullptr) {
      settings.certificate_chain = who->certificate;
      settings.key = who->key;
    }
    return tls::ClientContext::make(settings).value();
  }

  std::string pem() const { return authority_.certificate.pem(); }

 private:
  static TimePoint start() { return system_clock().now() - std::chrono::hours{1}; }
  static TimePoint end() { return system_clock().now() + std::chrono::hours{24}; }
  crypto::Authority authority_;
};

// The three ways of talking to a server, for tests that hold for all.
struct Wire {
  const char* name;
  bool tls;
  bool http2;
};
inline constexpr Wire kWires[] = {
    {"plain http/1.1", false, false}, {"tls http/1.1", true, false}, {"tls h2", true, true}};

// A server and a client for it.
class Loopback {
 public:
  Loopback(const Wire& wire,
           Handler handler,
           ServerOptions options = {},
           ClientOptions client = {}) {
    if (wire.tls) options.tls = authority_.server(wire.http2);
    server = Server::start(ctx(), std::move(options), std::move(handler)).value();
    if (wire.tls) client.tls = authority_.client(nullptr, wire.http2);
    client_ = std::make_unique<Client>(std::move(client));
  }

  // Long enough for any machine; a test that hangs fails.
  static Context ctx() { return Context::background().with_timeout(std::chrono::seconds{30}); }
  std::string url(std::string_view target) const { return server->url() + std::string(target); }
  Client& client() { return *client_; }
  void drop_client() { client_.reset(); }
  Result<Answer> get(std::string_view target) {
    return client_->request(ctx(), {.url = url(target)});
  }

  std::unique_ptr<Server> server;

 private:
  TestAuthority authority_;
  std::unique_ptr<Client> client_;
};

// Bytes to a port and what comes back until the peer closes (or `until` is seen).
std::string talk(int port, std::string_view bytes, std::string_view until = "\x01never");

}  // namespace fleet::http
