#include "wire/http/dial.h"

#include "base/strings.h"
#include "sys/wait_fd.h"
#include "wire/http/http1_parser.h"
#include "wire/http/socket.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxProxyAnswer = size_t{64} << 10;

Error unreachable(const std::string& why) {
  return Error{Code::ServiceUnavailable, why};
}

Result<> wait_io(const Context& ctx, const tls::Channel& channel, tls::Io io) {
  if (io == tls::Io::WantRead) return sys::wait_fd(ctx, channel.fd(), sys::Ready::Read);
  if (io == tls::Io::WantWrite) return sys::wait_fd(ctx, channel.fd(), sys::Ready::Write);
  return unreachable(io == tls::Io::Closed ? "connection closed by the peer" : channel.error());
}

Result<> write_all(const Context& ctx, tls::Channel& channel, std::string_view bytes) {
  while (!bytes.empty()) {
    const tls::IoResult result = channel.write(bytes);
    if (result.io != tls::Io::Done) TRY(wait_io(ctx, channel, result.io));
    bytes.remove_prefix(result.bytes);
  }
  return {};
}

// Asks the proxy for a tunnel. Reads no byte beyond its answer.
Result<> open_tunnel(const Context& ctx, tls::Channel& channel, const Url& proxy, const Url& url) {
  const std::string host = contains(url.host, ":") ? cat("[", url.host, "]") : url.host;
  const std::string target = cat(host, ":", url.port);
  std::string request = cat("CONNECT ", target, " HTTP/1.1\r\nhost: ", target, "\r\n");
  if (!proxy.user.empty()) {
    request +=
        cat("proxy-authorization: ", basic_authorization(proxy.user, proxy.password), "\r\n");
  }
  TRY(write_all(ctx, channel, request + "\r\n"));
  std::string answer;
  while (!answer.ends_with("\r\n\r\n")) {
    char byte = 0;
    const tls::IoResult result = channel.read(&byte, 1);
    if (result.io == tls::Io::Done) {
      answer += byte;
    } else {
      TRY(wait_io(ctx, channel, result.io));
    }
    if (answer.size() > kMaxProxyAnswer) return unreachable("answer of the proxy is too large");
  }
  Http1Parser parser(Http1Parser::Role::Response, kMaxProxyAnswer, 0);
  parser.set_answers_head(true);
  std::string_view rest = answer;
  if (parser.next(rest) != Http1Parser::Event::Head) return unreachable("bad answer of the proxy");
  const int status = parser.head().status;
  if (status / 100 == 2) return {};
  return unreachable(cat("the proxy refuses the tunnel with status ", status));
}

}  // namespace

Result<tls::Channel> dial(const Context& ctx, const DialPlan& plan) {
  if (plan.proxy.empty()) {
    sys::UniqueFd socket = TRY(connect_to(ctx, plan.url.host, plan.url.port));
    if (!plan.url.tls()) return tls::Channel::plain(std::move(socket));
    tls::Channel channel = TRY(tls::Channel::client(std::move(socket), plan.tls, plan.server_name));
    for (tls::Io io = channel.handshake(); io != tls::Io::Done; io = channel.handshake()) {
      TRY(wait_io(ctx, channel, io));
    }
    return channel;
  }
  const Url proxy = TRY(parse_url(plan.proxy).within("proxy"));
  if (proxy.tls()) return Error{Code::Unsupported, "proxies that speak TLS are not supported"};
  auto socket = connect_to(ctx, proxy.host, proxy.port).within("proxy");
  tls::Channel channel = tls::Channel::plain(TRY(std::move(socket)));
  if (!plan.url.tls()) return channel;
  TRY(open_tunnel(ctx, channel, proxy, plan.url).within("proxy"));
  tls::Channel inner = TRY(tls::Channel::client(channel.release(), plan.tls, plan.server_name));
  for (tls::Io io = inner.handshake(); io != tls::Io::Done; io = inner.handshake()) {
    TRY(wait_io(ctx, inner, io));
  }
  return inner;
}

}  // namespace fleet::http
