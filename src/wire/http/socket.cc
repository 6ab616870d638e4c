#include "wire/http/socket.h"

#include <cerrno>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/strings.h"
#include "sys/wait_fd.h"

namespace fleet::http {
namespace {

struct Addresses {
  explicit Addresses(addrinfo* owned)
      : first(owned) {}
  Addresses(Addresses&& other) noexcept
      : first(std::exchange(other.first, nullptr)) {}
  Addresses& operator=(Addresses&&) = delete;
  ~Addresses() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
  addrinfo* first;
};

Result<Addresses> resolve(const std::string& host, int port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port);
  const int error =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), service.c_str(), &hints, &found);
  if (error != 0) {
    const char* why = error == EAI_NONAME ? "no such host" : ::gai_strerror(error);
    return Error{Code::ServiceUnavailable, cat("look up ", host, ": ", why)};
  }
  return Addresses(found);
}

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

Result<sys::UniqueFd> connect_one(const Context& ctx, const addrinfo& address) {
  sys::UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return sys::system_error(errno, "make a socket");
  const std::string doing = "connect to " + address_text(address.ai_addr, address.ai_addrlen);
  const auto refused = [&](int error) {
    return Error{Code::ServiceUnavailable, sys::system_error(error, doing).message()};
  };
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS) {
    return refused(errno);
  }
  TRY(sys::wait_fd(ctx, fd.get(), sys::Ready::Write).within(doing));
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return refused(error);
  tune_socket(fd.get());
  return fd;
}

}  // namespace

Result<sys::UniqueFd> listen_on(const std::string& address, int port) {
  const bool all = address.empty() || address == "::";
  const std::string doing = cat("listen on ", all ? "port " : address + ":", port);
  Addresses addresses = TRY(resolve(all ? "::" : address, port, AI_NUMERICHOST | AI_PASSIVE));
  const addrinfo& chosen = *addresses.first;
  sys::UniqueFd fd(::socket(chosen.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return sys::system_error(errno, doing);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (chosen.ai_family == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, all ? 0 : 1);
  if (::bind(fd.get(), chosen.ai_addr, chosen.ai_addrlen) != 0 || ::listen(fd.get(), 1024) != 0) {
    return sys::system_error(errno, doing);
  }
  return fd;
}

int local_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the C interface
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(fd, generic, &size) != 0) return 0;
  const std::string text = address_text(generic, size);
  return static_cast<int>(parse_int(text.substr(text.rfind(':') + 1)).value_or(0));
}

std::string address_text(const sockaddr* address, unsigned size) {
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  if (::getnameinfo(address,
                    size,
                    host,
                    sizeof host,
                    service,
                    sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "unknown";
  }
  std::string_view name = host;
  if (name.starts_with("::ffff:") && contains(name, ".")) name.remove_prefix(7);
  return contains(name, ":") ? cat("[", name, "]:", service) : cat(name, ":", service);
}

void tune_socket(int fd) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);   // seconds
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 15);  // seconds
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

Result<sys::UniqueFd> connect_to(const Context& ctx, const std::string& host, int port) {
  TRY(ctx.check());
  Addresses addresses = TRY(resolve(host, port, AI_ADDRCONFIG));
  Result<sys::UniqueFd> last =
      Error{Code::ServiceUnavailable, cat("look up ", host, ": no address")};
  for (const addrinfo* one = addresses.first; one != nullptr; one = one->ai_next) {
    last = connect_one(ctx, *one);
    if (last.ok() || !ctx.check().ok()) return last;
  }
  return last;
}

}  // namespace fleet::http
