#include "gotemplate/url.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::gotemplate {
namespace {

enum class Part { Path, Host, Zone, User, Fragment };

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool one_of(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

bool needs_escape(char c, Part part) {
  if (is_letter_or_digit(c) || one_of(c, "-_.~")) return false;
  if ((part == Part::Host || part == Part::Zone) && one_of(c, "!$&'()*+,;=:[]<>\"")) return false;
  if (one_of(c, "$&+,/:;=?@")) {
    if (part == Part::Path) return c == '?';
    if (part == Part::User) return one_of(c, "@/?:");
    if (part == Part::Fragment) return false;
  }
  return !(part == Part::Fragment && one_of(c, "!()*"));
}

std::string escape(std::string_view text, Part part) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (!needs_escape(c, part)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Error bad_escape(std::string_view text) {
  return Error(Code::Invalid, cat("invalid URL escape ", quote(text.substr(0, 3))));
}

Result<std::string> unescape(std::string_view text, Part part) {
  bool host = part == Part::Host || part == Part::Zone;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c != '%') {
      if (host && static_cast<unsigned char>(c) < 0x80 && needs_escape(c, part)) {
        return Error(Code::Invalid,
                     cat("invalid character ", quote(text.substr(i, 1)), " in host name"));
      }
      out += c;
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) {
      return bad_escape(text.substr(i));
    }
    int value = hex(text[i + 1]) << 4 | hex(text[i + 2]);
    bool percent = text.substr(i, 3) == "%25";
    if (part == Part::Host && hex(text[i + 1]) < 8 && !percent) return bad_escape(text.substr(i));
    if (part == Part::Zone && !percent && value != ' ' &&
        needs_escape(static_cast<char>(value), Part::Host)) {
      return bad_escape(text.substr(i));
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

bool is_port(std::string_view port) {
  if (port.empty()) return true;
  return port[0] == ':' && port.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

Error bad_port(std::string_view port) {
  return Error(Code::Invalid, cat("invalid port ", quote(port), " after host"));
}

// An IPv6 address as netip.ParseAddr takes it, checked for form only.
bool is_ipv6(std::string_view text) {
  if (auto zone = cut(text, "%")) {
    if (zone->after.empty()) return false;
    text = zone->before;
  }
  size_t groups = 0;
  bool gap = false;
  if (text.starts_with("::")) {
    gap = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (!text.empty()) {
    size_t end = text.find(':');
    std::string_view group = text.substr(0, end);
    if (group.find('.') != std::string_view::npos) {
      if (end != std::string_view::npos || split(group, '.').size() != 4) return false;
      groups += 2;
      break;
    }
    if (group.empty() || group.size() > 4) return false;
    if (!std::all_of(group.begin(), group.end(), [](char c) { return hex(c) >= 0; })) return false;
    ++groups;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (text.starts_with(':')) {
      if (gap) return false;
      gap = true;
      text.remove_prefix(1);
      if (text.empty()) break;
    } else if (text.empty()) {
      return false;
    }
  }
  return gap ? groups < 8 : groups == 8;
}

Result<std::string> parse_bracketed(std::string_view host) {
  size_t close = host.rfind(']');
  if (close == std::string_view::npos) return Error(Code::Invalid, "missing ']' in host");
  std::string_view port = host.substr(close + 1);
  if (!is_port(port)) return bad_port(port);
  std::string_view inside = host.substr(1, close - 1);
  size_t zone = inside.find("%25");
  std::string name = TRY(unescape(inside.substr(0, zone), Part::Host));
  if (zone != std::string_view::npos) name += TRY(unescape(inside.substr(zone), Part::Zone));
  if (!is_ipv6(name)) {
    return Error(Code::Invalid,
                 cat("invalid host: ParseAddr(", quote(name), "): unable to parse IP"));
  }
  return cat("[", name, "]", port);
}

Result<std::string> parse_host(std::string_view scheme, std::string_view host) {
  size_t open = host.rfind('[');
  if (open == 0) return parse_bracketed(host);
  if (open != std::string_view::npos) return Error(Code::Invalid, "invalid IP-literal");
  size_t colon = host.find(':');
  if (colon != std::string_view::npos) {
    if (scheme != "http" && scheme != "https") colon = host.rfind(':');
    if (!is_port(host.substr(colon))) return bad_port(host.substr(colon));
  }
  return unescape(host, Part::Host);
}

Result<> parse_authority(GoUrl& url, std::string_view authority) {
  auto parts = cut_last(authority, "@");
  url.host = TRY(parse_host(url.scheme, parts ? parts->after : authority));
  if (!parts) return {};
  for (char c : parts->before) {
    if (!is_letter_or_digit(c) && !one_of(c, "-._:~!$&'()*+,;=%@")) {
      return Error(Code::Invalid, "net/url: invalid userinfo");
    }
  }
  auto credentials = cut(parts->before, ":");
  GoUrl::User user;
  user.name = TRY(unescape(credentials ? credentials->before : parts->before, Part::User));
  if (credentials) {
    user.password = TRY(unescape(credentials->after, Part::User));
    user.has_password = true;
  }
  url.user = std::move(user);
  return {};
}

Result<std::string_view> take_scheme(GoUrl& url, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ':') {
      if (i == 0) return Error(Code::Invalid, "missing protocol scheme");
      url.scheme = to_lower(text.substr(0, i));
      return text.substr(i + 1);
    }
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (i == 0 || !(is_letter_or_digit(c) || one_of(c, "+-.")))) break;
  }
  return text;
}

Result<GoUrl> parse_without_fragment(std::string_view text) {
  GoUrl url;
  for (char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      return Error(Code::Invalid, "net/url: invalid control character in URL");
    }
  }
  if (text == "*") {
    url.path = "*";
    return url;
  }
  std::string_view rest = TRY(take_scheme(url, text));
  if (rest.ends_with('?') && std::count(rest.begin(), rest.end(), '?') == 1) {
    url.force_query = true;
    rest.remove_suffix(1);
  } else if (auto parts = cut(rest, "?")) {
    rest = parts->before;
    url.query = parts->after;
  }
  if (!rest.starts_with('/')) {
    if (!url.scheme.empty()) {
      url.opaque = rest;
      return url;
    }
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) {
      return Error(Code::Invalid, "first path segment in URL cannot contain colon");
    }
  }
  if ((!url.scheme.empty() || !rest.starts_with("///")) && rest.starts_with("//")) {
    std::string_view authority = rest.substr(2);
    size_t slash = authority.find('/');
    rest = slash == std::string_view::npos ? std::string_view() : authority.substr(slash);
    TRY(parse_authority(url, authority.substr(0, slash)));
  } else if (!url.scheme.empty() && rest.starts_with('/')) {
    url.omit_host = true;
  }
  url.path = TRY(unescape(rest, Part::Path));
  return url;
}

Error within(std::string_view text, const Error& error) {
  return Error(Code::Invalid, cat("parse ", quote(text), ": ", error.message()));
}

}  // namespace

Result<GoUrl> parse_url(std::string_view text) {
  auto parts = cut(text, "#");
  std::string_view front = parts ? parts->before : text;
  auto url = parse_without_fragment(front);
  if (!url.ok()) return within(front, url.error());
  if (parts && !parts->after.empty()) {
    auto fragment = unescape(parts->after, Part::Fragment);
    if (!fragment.ok()) return within(text, fragment.error());
    url->fragment = std::move(fragment).value();
  }
  return url;
}

std::string GoUrl::User::text() const {
  std::string out = escape(name, Part::User);
  if (has_password) out += cat(":", escape(password, Part::User));
  return out;
}

std::string GoUrl::host_name() const {
  size_t colon = host.rfind(':');
  bool port = colon != std::string::npos && is_port(std::string_view(host).substr(colon));
  std::string_view name = port ? std::string_view(host).substr(0, colon) : std::string_view(host);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return std::string(name);
}

std::string GoUrl::text() const {
  std::string out;
  if (!scheme.empty()) out += cat(scheme, ":");
  if (!opaque.empty()) {
    out += opaque;
  } else {
    bool authority = !scheme.empty() || !host.empty() || user;
    if (authority && !(omit_host && host.empty() && !user)) {
      if (!host.empty() || !path.empty() || user) out += "//";
      if (user) out += cat(user->text(), "@");
      if (!host.empty()) out += escape(host, Part::Host);
    }
    std::string escaped = path == "*" ? "*" : escape(path, Part::Path);
    if (!escaped.empty() && escaped[0] != '/' && !host.empty()) out += '/';
    if (out.empty() && escaped.substr(0, escaped.find('/')).find(':') != std::string::npos) {
      out += "./";
    }
    out += escaped;
  }
  if (force_query || !query.empty()) out += cat("?", query);
  if (!fragment.empty()) out += cat("#", escape(fragment, Part::Fragment));
  return out;
}

}  // namespace fleet::gotemplate
