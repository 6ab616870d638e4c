#include "text/url.h"

#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"

namespace fleet::text {

namespace {

Error invalid(std::string message) {
  return {Code::Invalid, std::move(message)};
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "" or ":" and digits.
bool is_port_suffix(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  return text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

Error bad_port(std::string_view text) {
  return invalid(cat("invalid port ", quote(text), " after host"));
}

struct SchemeSplit {
  std::string_view scheme;
  std::string_view rest;
};
Result<SchemeSplit> split_scheme(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_letter(c)) continue;
    bool is_inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (is_inner && i > 0) continue;
    if (c != ':') break;
    if (i == 0) return invalid("missing protocol scheme");
    return SchemeSplit{text.substr(0, i), text.substr(i + 1)};
  }
  return SchemeSplit{{}, text};
}

// The part of a bracketed host: hexadecimal groups and at least two colons, an IPv4 tail, a zone.
bool is_ipv6(std::string_view text) {
  if (auto zone = cut(text, "%")) {
    if (zone->after.empty()) return false;
    text = zone->before;
  }
  return text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

Result<std::string> parse_bracketed_host(std::string_view host, size_t open) {
  size_t close = host.rfind(']');
  if (close == std::string_view::npos || close < open) return invalid("missing ']' in host");
  std::string_view port = host.substr(close + 1);
  if (!is_port_suffix(port)) return bad_port(port);
  std::string_view inside = host.substr(open + 1, close - open - 1);
  size_t zone = inside.find("%25");
  std::string name;
  if (zone == std::string_view::npos) {
    name = TRY(url_unescape(inside, UrlPart::Host));
  } else {
    name = TRY(url_unescape(inside.substr(0, zone), UrlPart::Host)) +
           TRY(url_unescape(inside.substr(zone), UrlPart::Zone));
  }
  if (!is_ipv6(name)) {
    return invalid(cat("invalid host: ParseAddr(", quote(name), "): unable to parse IP"));
  }
  return cat("[", name, "]", port);
}

Result<std::string> parse_host(std::string_view scheme, std::string_view host) {
  size_t open = host.rfind('[');
  if (open == 0) return parse_bracketed_host(host, open);
  if (open != std::string_view::npos) return invalid("invalid IP-literal");
  // Data bases list several hosts with ports; only the web has one colon at most.
  bool is_strict = scheme == "http" || scheme == "https";
  size_t colon = is_strict ? host.find(':') : host.rfind(':');
  if (colon != std::string_view::npos && !is_port_suffix(host.substr(colon))) {
    return bad_port(host.substr(colon));
  }
  return url_unescape(host, UrlPart::Host);
}

bool is_userinfo(std::string_view text) {
  constexpr std::string_view kAllowed = "-._:~!$&'()*+,;=%@";
  for (char c : text) {
    bool is_plain = is_letter(c) || (c >= '0' && c <= '9');
    if (!is_plain && kAllowed.find(c) == std::string_view::npos) return false;
  }
  return true;
}

Result<> parse_authority(std::string_view authority, Url& out) {
  size_t at = authority.rfind('@');
  bool has_user = at != std::string_view::npos;
  out.host = TRY(parse_host(out.scheme, has_user ? authority.substr(at + 1) : authority));
  if (!has_user) return {};
  std::string_view user = authority.substr(0, at);
  if (!is_userinfo(user)) return invalid("net/url: invalid userinfo");
  auto parts = cut(user, ":");
  UrlUser found;
  found.name = TRY(url_unescape(parts ? parts->before : user, UrlPart::User));
  if (parts) found.password = TRY(url_unescape(parts->after, UrlPart::User));
  out.user = std::move(found);
  return {};
}

Result<Url> parse_without_fragment(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return invalid("net/url: invalid control character in URL");
    }
  }
  Url out;
  if (text == "*") {
    out.path = "*";
    return out;
  }
  SchemeSplit split = TRY(split_scheme(text));
  out.scheme = to_lower(split.scheme);
  std::string_view rest = split.rest;
  size_t question = rest.find('?');
  if (question != std::string_view::npos) {
    out.has_empty_query = question + 1 == rest.size();
    out.raw_query = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  if (!rest.starts_with('/')) {
    if (!out.scheme.empty()) {
      out.opaque = rest;
      return out;
    }
    if (contains(rest.substr(0, rest.find('/')), ":")) {
      return invalid("first path segment in URL cannot contain colon");
    }
  }
  bool has_authority = rest.starts_with("//") && (!out.scheme.empty() || !rest.starts_with("///"));
  if (has_authority) {
    std::string_view authority = rest.substr(2);
    size_t slash = authority.find('/');
    rest = slash == std::string_view::npos ? std::string_view{} : authority.substr(slash);
    TRY(parse_authority(authority.substr(0, slash), out));
  } else if (!out.scheme.empty() && rest.starts_with('/')) {
    out.omits_host = true;
  }
  TRY(out.set_path(rest));
  return out;
}

// True if every character may stand in an escaped path as it is.
bool is_valid_encoded(std::string_view text, UrlPart part) {
  for (char c : text) {
    if (std::string_view("!$&'()*+,;=:@[]%").find(c) != std::string_view::npos) continue;
    if (url_escape(std::string_view(&c, 1), part).size() != 1) return false;
  }
  return true;
}

std::string escaped(const std::string& raw, const std::string& plain, UrlPart part) {
  if (!raw.empty() && is_valid_encoded(raw, part)) {
    auto unescaped = url_unescape(raw, part);
    if (unescaped.ok() && *unescaped == plain) return raw;
  }
  return plain == "*" && part == UrlPart::Path ? plain : url_escape(plain, part);
}

// RFC 3986, 5.2: the path of a reference, "." and ".." resolved.
std::string resolve_path(std::string_view base, std::string_view reference) {
  std::string full;
  if (reference.empty()) {
    full = base;
  } else if (reference.front() == '/') {
    full = reference;
  } else {
    size_t slash = base.rfind('/');
    full = cat(slash == std::string_view::npos ? "" : base.substr(0, slash + 1), reference);
  }
  if (full.empty()) return full;
  std::vector<std::string_view> kept;
  bool ends_in_folder = false;
  for (std::string_view part : split(full, '/')) {
    ends_in_folder = part == "." || part == "..";
    if (part == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_folder) kept.push_back(part);
  }
  std::string out = "/" + join(kept, "/");
  if (ends_in_folder) out += '/';
  return out.starts_with("//") ? out.substr(1) : out;
}

}  // namespace

std::string UrlUser::str() const {
  std::string out = url_escape(name, UrlPart::User);
  if (password) out += cat(":", url_escape(*password, UrlPart::User));
  return out;
}

Result<Url> Url::parse(std::string_view text) {
  auto parts = cut(text, "#");
  std::string_view before = parts ? parts->before : text;
  Url out = TRY(parse_without_fragment(before).within(cat("parse ", quote(before))));
  if (!parts || parts->after.empty()) return out;
  out.fragment =
      TRY(url_unescape(parts->after, UrlPart::Fragment).within(cat("parse ", quote(text))));
  if (url_escape(out.fragment, UrlPart::Fragment) != parts->after) out.raw_fragment = parts->after;
  return out;
}

Result<> Url::set_path(std::string_view text) {
  path = TRY(url_unescape(text, UrlPart::Path));
  bool is_plain = url_escape(path, UrlPart::Path) == text;
  raw_path = is_plain ? std::string() : std::string(text);
  return {};
}

std::string Url::escaped_path() const {
  return escaped(raw_path, path, UrlPart::Path);
}

std::string Url::escaped_fragment() const {
  return escaped(raw_fragment, fragment, UrlPart::Fragment);
}

std::string Url::hostname() const {
  std::string_view name = host;
  size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && is_port_suffix(name.substr(colon))) {
    name = name.substr(0, colon);
  }
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return std::string(name);
}

std::string Url::port() const {
  size_t colon = host.rfind(':');
  bool has_port =
      colon != std::string::npos && is_port_suffix(std::string_view(host).substr(colon));
  return has_port ? host.substr(colon + 1) : std::string();
}

std::string Url::str() const {
  std::string out;
  if (!scheme.empty()) out += cat(scheme, ":");
  if (!opaque.empty()) {
    out += opaque;
  } else {
    bool has_authority = !host.empty() || user.has_value();
    bool is_hostless = omits_host && !has_authority;
    if ((!scheme.empty() || has_authority) && !is_hostless) {
      if (has_authority || !path.empty()) out += "//";
      if (user) out += cat(user->str(), "@");
      out += url_escape(host, UrlPart::Host);
    }
    std::string shown = escaped_path();
    if (!shown.empty() && shown.front() != '/' && !host.empty()) out += '/';
    // A first part with a colon would be read as a scheme.
    if (out.empty() && contains(shown.substr(0, shown.find('/')), ":")) out += "./";
    out += shown;
  }
  if (has_empty_query || !raw_query.empty()) out += cat("?", raw_query);
  if (!fragment.empty()) out += cat("#", escaped_fragment());
  return out;
}

std::string Url::redacted() const {
  Url out = *this;
  if (out.user && out.user->password) out.user->password = "xxxxx";
  return out.str();
}

Result<Url> Url::join(std::string_view more) const {
  std::string own = escaped_path();
  bool is_relative = !own.starts_with('/');
  std::string joined = join_path(is_relative ? cat("/", own) : own, more);
  if (is_relative) joined.erase(0, 1);
  if (more.ends_with('/') && !joined.ends_with('/')) joined += '/';
  Url out = *this;
  TRY(out.set_path(joined));
  return out;
}

Result<Url> Url::resolve(std::string_view reference) const {
  Url out = TRY(parse(reference));
  bool is_complete = !out.scheme.empty() || !out.host.empty() || out.user;
  if (out.scheme.empty()) out.scheme = scheme;
  if (is_complete) {
    TRY(out.set_path(resolve_path(out.escaped_path(), "")));
    return out;
  }
  if (!out.opaque.empty()) return out;
  if (out.path.empty() && !out.has_empty_query && out.raw_query.empty()) {
    out.raw_query = raw_query;
    if (out.fragment.empty()) {
      out.fragment = fragment;
      out.raw_fragment = raw_fragment;
    }
  }
  if (out.path.empty() && !opaque.empty()) {
    out.opaque = opaque;
    return out;
  }
  out.host = host;
  out.user = user;
  TRY(out.set_path(resolve_path(escaped_path(), out.escaped_path())));
  return out;
}

}  // namespace fleet::text
