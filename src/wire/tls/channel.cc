#include "wire/tls/channel.h"

#include <cerrno>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/wait_fd.h"
#include "wire/crypto/certificate.h"
#include "wire/crypto/openssl.h"
#include "wire/tls/native.h"
#include "wire/tls/socket_bio.h"

namespace fleet::tls {
namespace {

bool is_address(const std::string& name) {
  in6_addr address{};
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

std::optional<PeerIdentity> identity_of(SSL* ssl) {
  if (SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE) return {};  // nobody checked it
  X509* certificate = SSL_get1_peer_certificate(ssl);
  if (certificate == nullptr) return {};
  const crypto::Certificate read(std::make_shared<const crypto::NativeCertificate>(certificate));
  return PeerIdentity{
      read.common_name(), read.organizations(), read.dns_names(), read.not_after(), read.der()};
}

bool attach(SSL* ssl, int fd) {
  BIO* bio = new_socket_bio(fd);
  if (bio == nullptr) return false;
  SSL_set_bio(ssl, bio, bio);  // the session owns it
  return true;
}

}  // namespace

struct Channel::Session {
  explicit Session(SSL* owned)
      : ssl(owned) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { SSL_free(ssl); }
  SSL* ssl;
  bool open = false;    // the handshake is done
  bool broken = false;  // no goodbye after a fatal error
  // Kept alive while the session uses them.
  std::shared_ptr<const ServerContext> server;
  std::shared_ptr<const ClientContext> client;
};

Channel::Channel() = default;
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() = default;

Channel Channel::plain(UniqueFd socket) {
  Channel channel;
  channel.socket_ = std::move(socket);
  return channel;
}

Result<Channel> Channel::server(UniqueFd socket, std::shared_ptr<const ServerContext> context) {
  SSL* ssl = SSL_new(context->state().ssl.get());
  if (ssl == nullptr || !attach(ssl, socket.get())) {
    SSL_free(ssl);
    return crypto::openssl_error(Code::InternalError, "TLS session");
  }
  SSL_set_accept_state(ssl);
  Channel channel = plain(std::move(socket));
  channel.session_ = std::make_unique<Session>(ssl);
  channel.session_->server = std::move(context);
  return channel;
}

Result<Channel> Channel::client(UniqueFd socket,
                                std::shared_ptr<const ClientContext> context,
                                const std::string& server_name) {
  SSL* ssl = SSL_new(context->state().ssl.get());
  if (ssl == nullptr || !attach(ssl, socket.get())) {
    SSL_free(ssl);
    return crypto::openssl_error(Code::InternalError, "TLS session");
  }
  SSL_set_connect_state(ssl);
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  if (is_address(server_name)) {
    X509_VERIFY_PARAM_set1_ip_asc(param, server_name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(param, server_name.c_str(), server_name.size());
    std::string name = server_name;  // SSL_ctrl takes it non-const, and copies it
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  Channel channel = plain(std::move(socket));
  channel.session_ = std::make_unique<Session>(ssl);
  channel.session_->client = std::move(context);
  return channel;
}

Io Channel::failed(int ssl_result, std::string_view doing) {
  const int system = errno;
  SSL* ssl = session_->ssl;
  switch (SSL_get_error(ssl, ssl_result)) {
    case SSL_ERROR_WANT_READ:
      return Io::WantRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::WantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Io::Closed;
    case SSL_ERROR_SYSCALL:
      session_->broken = true;
      if (ERR_peek_error() == 0) {
        error_ = system == 0 ? cat(doing, ": connection closed by the peer")
                             : sys::system_error(system, doing).message();
        return Io::Failed;
      }
      break;
    default:
      break;
  }
  session_->broken = true;
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK && !session_->open) {
    ERR_clear_error();
    error_ = cat(doing, ": certificate of the peer: ", X509_verify_cert_error_string(verdict));
  } else {
    error_ = crypto::openssl_error(Code::Unknown, doing).message();
  }
  return Io::Failed;
}

Io Channel::handshake() {
  if (!session_ || session_->open) return Io::Done;
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(session_->ssl);
  if (result != 1) {
    const Io io = failed(result, "TLS handshake");
    if (io != Io::Closed) return io;
    error_ = "TLS handshake: connection closed by the peer";
    return Io::Failed;
  }
  session_->open = true;
  peer_ = identity_of(session_->ssl);
  return Io::Done;
}

IoResult Channel::read(char* into, size_t size) {
  if (session_) {
    ERR_clear_error();
    errno = 0;
    size_t taken = 0;
    const int result = SSL_read_ex(session_->ssl, into, size, &taken);
    if (result == 1) return {Io::Done, taken};
    return {failed(result, "read"), 0};
  }
  while (true) {
    const ssize_t n = ::recv(socket_.get(), into, size, 0);
    if (n > 0) return {Io::Done, static_cast<size_t>(n)};
    if (n == 0) return {Io::Closed, 0};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::WantRead, 0};
    error_ = sys::system_error(errno, "read").message();
    return {Io::Failed, 0};
  }
}

IoResult Channel::write(std::string_view bytes) {
  if (bytes.empty()) return {Io::Done, 0};
  if (session_) {
    ERR_clear_error();
    errno = 0;
    size_t taken = 0;
    const int result = SSL_write_ex(session_->ssl, bytes.data(), bytes.size(), &taken);
    if (result == 1) return {Io::Done, taken};
    return {failed(result, "write"), 0};
  }
  while (true) {
    const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) return {Io::Done, static_cast<size_t>(n)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::WantWrite, 0};
    error_ = sys::system_error(errno, "write").message();
    return {Io::Failed, 0};
  }
}

void Channel::shut_down() {
  if (session_ && session_->open && !session_->broken) {
    ERR_clear_error();
    SSL_shutdown(session_->ssl);
    ERR_clear_error();
  }
  if (socket_.valid()) ::shutdown(socket_.get(), SHUT_WR);
}

std::string_view Channel::protocol() const {
  if (!session_) return {};
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_->ssl, &name, &size);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace fleet::tls
