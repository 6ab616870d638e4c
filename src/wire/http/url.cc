// Escapes and URLs.
#include <algorithm>

#include "base/file_tree.h"
#include "base/strings.h"
#include "wire/http/message.h"

namespace fleet::http {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string escape(std::string_view text, std::string_view plain, bool plus_for_blank) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_letter_or_digit(c) || plain.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus_for_blank) {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> unescape(std::string_view text, bool plus_for_blank) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_for_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return {};
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return out;
}

Error bad_url(std::string_view text, std::string_view why) {
  // A password in a URL must not reach a message.
  const auto at = cut_last(text.substr(0, text.find('/', text.find("//") + 2)), "@");
  const std::string shown =
      at ? cat("...@", text.substr(at->before.size() + 1)) : std::string(text);
  return Error{Code::Invalid, cat("bad URL ", quote(shown), ": ", why)};
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '~';
  });
}

// "host", "host:8080", "[::1]:8080".
Result<> parse_authority(Url& url, std::string_view authority, std::string_view text) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return bad_url(text, "missing ]");
    url.host = std::string(authority.substr(1, end - 1));
    port = authority.substr(end + 1);
    if (!port.empty() && port[0] != ':') return bad_url(text, "bad port");
  } else {
    const size_t colon = authority.find(':');
    url.host = std::string(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  if (!is_host(url.host)) return bad_url(text, "bad host");
  url.port = url.tls() ? 443 : 80;
  if (port.size() > 1) {
    const auto number = parse_uint(port.substr(1));
    if (!number || *number == 0 || *number > 65535) return bad_url(text, "bad port");
    url.port = static_cast<int>(*number);
  }
  return {};
}

}  // namespace

std::string escape_query(std::string_view text) {
  return escape(text, "-_.~", true);
}
std::string escape_path_segment(std::string_view text) {
  return escape(text, "-_.~$&+:=@", false);
}
std::optional<std::string> unescape_query(std::string_view text) {
  return unescape(text, true);
}
std::optional<std::string> unescape_path(std::string_view text) {
  return unescape(text, false);
}

std::string Url::authority() const {
  const std::string name = contains(host, ":") ? cat("[", host, "]") : host;
  return port == (tls() ? 443 : 80) ? name : cat(name, ":", port);
}

std::string Url::text() const {
  return cat(scheme, "://", authority(), target);
}

Result<Url> parse_url(std::string_view text) {
  const auto scheme = cut(text, "://");
  Url url;
  url.scheme = scheme ? to_lower(scheme->before) : "";
  if (url.scheme != "http" && url.scheme != "https") return bad_url(text, "not http or https");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return bad_url(text, "bad character");
  }
  std::string_view rest = scheme->after.substr(0, scheme->after.find('#'));
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, end);
  url.target = std::string(rest.substr(end));
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (const auto user = cut_last(authority, "@")) {
    authority = user->after;
    const auto parts = cut(user->before, ":");
    const auto name = unescape_path(parts ? parts->before : user->before);
    const auto password = unescape_path(parts ? parts->after : std::string_view());
    if (!name || !password) return bad_url(text, "bad user information");
    url.user = *name;
    url.password = *password;
  }
  TRY(parse_authority(url, authority, text));
  return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
  if (contains(reference.substr(0, reference.find_first_of("/?")), ":"))
    return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(cat(base.scheme, ":", reference));
  Url url = base;
  const std::string_view text = reference.substr(0, reference.find('#'));
  const std::string_view path(base.target.data(),
                              std::min(base.target.find('?'), base.target.size()));
  if (text.starts_with('/')) {
    url.target = std::string(text);
  } else if (text.starts_with('?')) {
    url.target = cat(path, text);
  } else if (!text.empty()) {
    const size_t query = std::min(text.find('?'), text.size());
    const std::string joined =
        join_path(path.substr(0, path.rfind('/') + 1), text.substr(0, query));
    url.target = cat(joined, text.substr(query));
  }
  return url;
}

}  // namespace fleet::http
