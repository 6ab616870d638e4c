// Which proxy to use for a URL, as curl and Go read the environment.
#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "wire/http/client.h"

namespace fleet::http {
namespace {

// An address of either family as 16 bytes, IPv4 in its mapped form.
std::optional<std::array<uint8_t, 16>> address_bytes(std::string_view text) {
  std::array<uint8_t, 16> bytes{};
  const std::string name(text);
  if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (::inet_pton(AF_INET, name.c_str(), bytes.data() + 12) == 1) return bytes;
  return {};
}

bool is_loopback(const std::string& host) {
  if (equal_fold(host, "localhost")) return true;
  const auto bytes = address_bytes(host);
  return bytes && ((*bytes)[10] == 0xff ? (*bytes)[12] == 127 : host == "::1");
}

bool in_network(std::string_view network, const std::string& host) {
  const auto parts = cut(network, "/");
  const auto address = address_bytes(host);
  const auto base = parts ? address_bytes(parts->before) : std::nullopt;
  const auto width = parts ? parse_uint(parts->after) : std::nullopt;
  if (!address || !base || !width) return false;
  const uint64_t bits = contains(parts->before, ":") ? *width : *width + 96;
  if (bits > 128) return false;
  for (size_t bit = 0; bit < bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if (((*address)[bit / 8] & mask) != ((*base)[bit / 8] & mask)) return false;
  }
  return true;
}

// One entry of NO_PROXY: "*", an address, a network, ".domain", "domain", each with ":port" or not.
bool matches(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  if (contains(entry, "/")) return in_network(entry, url.host);
  if (address_bytes(entry)) return address_bytes(entry) == address_bytes(url.host);
  if (const auto port = cut_last(entry, ":")) {
    if (port->after != std::to_string(url.port)) return false;
    entry = port->before;
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  const std::string host = to_lower(url.host);
  const std::string domain = to_lower(entry);
  if (domain.starts_with('.')) return host.ends_with(domain);
  return !domain.empty() && (host == domain || host.ends_with("." + domain));
}

std::string either_case(const std::string& upper) {
  auto value = sys::env(upper);
  if (!value || value->empty()) value = sys::env(to_lower(upper));
  return value.value_or("");
}

}  // namespace

ProxySettings ProxySettings::from_environment() {
  return {either_case("HTTP_PROXY"), either_case("HTTPS_PROXY"), either_case("NO_PROXY")};
}

std::string ProxySettings::proxy_for(const Url& url) const {
  const std::string& proxy = url.tls() ? https : http;
  if (proxy.empty() || is_loopback(url.host)) return {};
  for (const std::string_view entry : split(no_proxy, ',')) {
    if (!trim(entry).empty() && matches(trim(entry), url)) return {};
  }
  return contains(proxy, "://") ? proxy : "http://" + proxy;
}

}  // namespace fleet::http
