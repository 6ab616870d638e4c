// TLS settings, made once and shared by all connections: certificates, keys, who is trusted.
//
// TLS 1.2 and 1.3 only. PEM texts, not file names. Errors: Invalid with what is wrong and where.
// Threads: a context is immutable and may be used from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace fleet::tls {

// Who the peer is, as its verified certificate says.
struct PeerIdentity {
  std::string common_name;
  std::vector<std::string> organizations;
  std::vector<std::string> dns_names;
  TimePoint not_after;
  std::string certificate_der;
};

struct ServerSettings {
  std::string certificate_chain{};  // PEM, the server's own first
  Secret<> key{};                   // PEM
  std::string client_ca{};          // PEM; empty: clients are not asked for a certificate
  // Ask, but let clients without a certificate in. A certificate that the CA did not sign, or an
  // expired one, ends the handshake.
  bool require_client_certificate = false;
  bool http2 = true;  // offer it by ALPN
};

struct ClientSettings {
  std::string ca{};       // PEM; empty and `system_ca`: the system's
  bool system_ca = true;  // trust the system's authorities beside `ca`
  bool insecure_skip_verify = false;
  std::string certificate_chain{};  // PEM; empty: none
  Secret<> key{};                   // PEM
  bool http2 = true;
};

struct ServerContextState;
struct ClientContextState;

class ServerContext {
 public:
  static Result<std::shared_ptr<const ServerContext>> make(const ServerSettings& settings);
  explicit ServerContext(std::unique_ptr<ServerContextState> state);
  ~ServerContext();
  const ServerContextState& state() const { return *state_; }  // for Channel alone

 private:
  std::unique_ptr<ServerContextState> state_;
};

class ClientContext {
 public:
  static Result<std::shared_ptr<const ClientContext>> make(const ClientSettings& settings);
  explicit ClientContext(std::unique_ptr<ClientContextState> state);
  ~ClientContext();
  const ClientContextState& state() const { return *state_; }  // for Channel alone

 private:
  std::unique_ptr<ClientContextState> state_;
};

}  // namespace fleet::tls
