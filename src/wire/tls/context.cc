#include "wire/tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/strings.h"
#include "wire/crypto/certificate.h"
#include "wire/crypto/key.h"
#include "wire/crypto/openssl.h"
#include "wire/tls/native.h"

namespace fleet::tls {

void SslContextFree::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

namespace {

using crypto::openssl_error;

SslContextPtr new_context(const SSL_METHOD* method) {
  SslContextPtr context(SSL_CTX_new(method));
  CHECK(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Idle connections hold no buffers; writes may be repeated from another address.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A peer that goes without saying goodbye is told from a whole message by HTTP's own framing.
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                          SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

Result<> use_certificate(SSL_CTX* context, const std::string& chain_pem, const Secret<>& key_pem) {
  const auto chain = TRY(crypto::Certificate::parse_all(chain_pem).within("certificate"));
  const auto key = TRY(crypto::PrivateKey::parse(key_pem.reveal()).within("key"));
  if (SSL_CTX_use_certificate(context, chain[0].native().certificate) != 1) {
    return openssl_error(Code::Invalid, "certificate cannot be used");
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].native().certificate) != 1) {
      return openssl_error(Code::Invalid, "certificate chain cannot be used");
    }
  }
  if (SSL_CTX_use_PrivateKey(context, key.native().key) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return openssl_error(Code::Invalid, "key does not fit the certificate");
  }
  return {};
}

Result<> trust(SSL_CTX* context, const std::string& ca_pem, bool name_to_clients) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const auto& authority : TRY(crypto::Certificate::parse_all(ca_pem).within("CA"))) {
    X509_STORE_add_cert(store, authority.native().certificate);
    if (name_to_clients) SSL_CTX_add_client_CA(context, authority.native().certificate);
  }
  // A certificate that is itself trusted ends the chain, even if it is no root.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return {};
}

// Chooses among the protocols a client offers (a list of length-prefixed names).
int choose_protocol(SSL*,
                    const unsigned char** out,
                    unsigned char* out_size,
                    const unsigned char* offered,
                    unsigned offered_size,
                    void* http2) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const std::string_view names(reinterpret_cast<const char*>(offered), offered_size);
  for (const std::string_view wanted : {std::string_view("h2"), std::string_view("http/1.1")}) {
    if (wanted == "h2" && http2 == nullptr) continue;
    for (size_t at = 0; at < names.size(); at += 1 + static_cast<unsigned char>(names[at])) {
      if (names.substr(at + 1, static_cast<unsigned char>(names[at])) != wanted) continue;
      *out = offered + at + 1;
      *out_size = static_cast<unsigned char>(wanted.size());
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

ServerContext::ServerContext(std::unique_ptr<ServerContextState> state)
    : state_(std::move(state)) {}
ServerContext::~ServerContext() = default;

Result<std::shared_ptr<const ServerContext>> ServerContext::make(const ServerSettings& settings) {
  auto state = std::make_unique<ServerContextState>();
  state->ssl = new_context(TLS_server_method());
  state->http2 = settings.http2;
  SSL_CTX* ssl = state->ssl.get();
  TRY(use_certificate(ssl, settings.certificate_chain, settings.key));
  SSL_CTX_set_num_tickets(ssl, 1);
  constexpr unsigned char kSessionId[] = "fleet";  // needed to resume with client certificates
  SSL_CTX_set_session_id_context(ssl, kSessionId, sizeof kSessionId - 1);
  SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, settings.http2 ? ssl : nullptr);
  if (!settings.client_ca.empty()) {
    TRY(trust(ssl, settings.client_ca, true).within("client"));
    const int must = settings.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | must, nullptr);
  }
  return std::shared_ptr<const ServerContext>(
      std::make_shared<const ServerContext>(std::move(state)));
}

ClientContext::ClientContext(std::unique_ptr<ClientContextState> state)
    : state_(std::move(state)) {}
ClientContext::~ClientContext() = default;

Result<std::shared_ptr<const ClientContext>> ClientContext::make(const ClientSettings& settings) {
  auto state = std::make_unique<ClientContextState>();
  state->ssl = new_context(TLS_client_method());
  state->verify = !settings.insecure_skip_verify;
  SSL_CTX* ssl = state->ssl.get();
  if (!settings.ca.empty()) TRY(trust(ssl, settings.ca, false));
  if (settings.system_ca && state->verify) SSL_CTX_set_default_verify_paths(ssl);
  if (!settings.certificate_chain.empty()) {
    TRY(use_certificate(ssl, settings.certificate_chain, settings.key).within("client"));
  }
  SSL_CTX_set_verify(ssl, state->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  constexpr std::string_view kBoth("\x02h2\x08http/1.1", 12);
  const std::string_view offer = settings.http2 ? kBoth : kBoth.substr(3);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* names = reinterpret_cast<const unsigned char*>(offer.data());
  SSL_CTX_set_alpn_protos(ssl, names, static_cast<unsigned>(offer.size()));
  ERR_clear_error();
  return std::shared_ptr<const ClientContext>(
      std::make_shared<const ClientContext>(std::move(state)));
}

}  // namespace fleet::tls
