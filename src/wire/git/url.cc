#include "wire/git/url.h"

#include <algorithm>

#include "base/file_tree.h"
#include "base/strings.h"
#include "wire/http/message.h"

namespace fleet::git {
namespace {

constexpr size_t kMaxShortForm = 2048;  // bytes of [user@]host:path

Error refused(std::string_view text, std::string_view why) {
  // A password in a URL must not reach a message.
  const size_t slashes = text.find("//");
  const size_t at = text.rfind('@');
  const bool hides =
      slashes != std::string_view::npos && at != std::string_view::npos && at > slashes;
  const std::string shown =
      hides ? cat(text.substr(0, slashes + 2), "***", text.substr(at)) : std::string(text);
  return Error{Code::Invalid, cat("failed to parse ", quote(shown), ": ", why)};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view host) {
  return !host.empty() && host[0] != '-' && consists_of(host, ".-_:");
}

Result<> parse_authority(RemoteUrl& url, std::string_view authority, std::string_view text) {
  if (const auto user = cut_last(authority, "@")) {
    const auto parts = cut(user->before, ":");
    const auto name = http::unescape_path(parts ? parts->before : user->before);
    const auto password = http::unescape_path(parts ? parts->after : std::string_view());
    if (!name || !password || name->starts_with('-')) return refused(text, "bad user");
    url.user = *name;
    url.password = *password;
    authority = user->after;
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return refused(text, "missing ] in the host");
    url.host = std::string(authority.substr(1, end - 1));
    port = authority.substr(end + 1);
  } else {
    const size_t colon = authority.find(':');
    url.host = std::string(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  if (!is_host(url.host)) return refused(text, "bad host");
  if (port.size() > 1) {
    const auto number = parse_uint(port.substr(1));
    if (!number || *number == 0 || *number > 65535) return refused(text, "bad port");
    url.port = static_cast<int>(*number);
  }
  return {};
}

Result<RemoteUrl> parse_short_form(std::string_view text) {
  const auto parts = cut(text, ":");
  if (!parts || text.size() > kMaxShortForm) {
    return refused(text, "neither a URL nor [user@]host:path");
  }
  RemoteUrl url;
  url.scheme = "ssh";
  std::string_view host = parts->before;
  if (const auto user = cut(host, "@")) {
    if (!consists_of(user->before, "-._~") || user->before.starts_with('-')) {
      return refused(text, "bad user");
    }
    url.user = std::string(user->before);
    host = user->after;
  }
  const std::string_view path = parts->after.substr(0, parts->after.find('?'));
  if (!is_host(host) || contains(host, ":") || trim(path, "/").empty() ||
      !consists_of(path, "./-_~")) {
    return refused(text, "neither a URL nor [user@]host:path");
  }
  url.host = std::string(host);
  url.path = path.starts_with('/') ? std::string(path) : cat("/", path);
  return url;
}

}  // namespace

std::string RemoteUrl::origin() const {
  const std::string name = contains(host, ":") ? cat("[", host, "]") : host;
  return cat(scheme, "://", name, port == 0 ? "" : cat(":", port));
}

std::string RemoteUrl::text() const {
  const std::string name = contains(host, ":") ? cat("[", host, "]") : host;
  const std::string who = user.empty() || is_http() ? "" : user + "@";
  return cat(scheme, "://", who, name, port == 0 ? "" : cat(":", port), path);
}

Result<RemoteUrl> parse_remote_url(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return refused(text, "bad character");
  }
  const auto parts = cut(text, "://");
  if (!parts) return parse_short_form(text);
  RemoteUrl url;
  url.scheme = to_lower(parts->before);
  if (url.scheme == "git+ssh") url.scheme = "ssh";
  if (url.scheme != "http" && url.scheme != "https" && url.scheme != "ssh" && url.scheme != "git") {
    return refused(text, "scheme is not one of http, https, ssh, git, git+ssh");
  }
  const size_t slash = std::min(parts->after.find('/'), parts->after.size());
  TRY(parse_authority(url, parts->after.substr(0, slash), text));
  url.path = std::string(parts->after.substr(slash));
  url.path = url.path.substr(0, url.path.find('#'));
  if (url.path.empty() || url.path == "/") return refused(text, "no path");
  return url;
}

std::string resolve_submodule_url(const RemoteUrl& parent, std::string_view url) {
  if (!url.starts_with("./") && !url.starts_with("../")) return std::string(url);
  RemoteUrl resolved = parent;
  std::string_view base = parent.path;
  while (base.ends_with('/'))
    base.remove_suffix(1);
  resolved.path = clean_path(cat(base, "/", url));
  if (!resolved.path.starts_with('/')) resolved.path.insert(0, "/");
  return resolved.text();
}

}  // namespace fleet::git
