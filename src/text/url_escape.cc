// Escaping by part of a URL, and queries.
#include "base/strings.h"
#include "text/url.h"

namespace fleet::text {

namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool has(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

bool escapes_reserved(char c, UrlPart part) {
  switch (part) {
    case UrlPart::Path:
      return c == '?';
    case UrlPart::PathSegment:
      return has("/;,?", c);
    case UrlPart::User:
      return has("@/?:", c);
    case UrlPart::Query:
      return true;
    case UrlPart::Fragment:
      return false;
    case UrlPart::Host:
    case UrlPart::Zone:
      break;
  }
  return true;
}

bool must_escape(char c, UrlPart part) {
  if (is_alphanumeric(c) || has("-_.~", c)) return false;
  bool is_host = part == UrlPart::Host || part == UrlPart::Zone;
  if (is_host && has("!$&'()*+,;=:[]<>\"", c)) return false;
  if (has("$&+,/:;=?@", c)) return escapes_reserved(c, part);
  return !(part == UrlPart::Fragment && has("!()*", c));
}

Error bad_escape(std::string_view text) {
  return {Code::Invalid, cat("invalid URL escape ", quote(text.substr(0, 3)))};
}

// The byte that "%XX" at the front of `text` stands for.
Result<char> unescape_one(std::string_view text, UrlPart part) {
  if (text.size() < 3 || hex_value(text[1]) < 0 || hex_value(text[2]) < 0) return bad_escape(text);
  char byte = static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2]));
  bool is_percent = text.substr(0, 3) == "%25";
  // In a host only bytes beyond ASCII may be escaped; in a zone also what is no host character.
  if (part == UrlPart::Host && hex_value(text[1]) < 8 && !is_percent) return bad_escape(text);
  if (part == UrlPart::Zone && !is_percent && byte != ' ' && must_escape(byte, UrlPart::Host)) {
    return bad_escape(text);
  }
  return byte;
}

// Reads pairs into `out`; the first fault, if any.
Result<> read_pairs(std::string_view text, UrlQuery& out) {
  Result<> first;
  auto note = [&first](Error error) {
    if (first.ok()) first = std::move(error);
  };
  for (std::string_view pair : split(text, '&')) {
    if (contains(pair, ";")) {
      note({Code::Invalid, "invalid semicolon separator in query"});
      continue;
    }
    if (pair.empty()) continue;
    auto parts = cut(pair, "=");
    Result<std::string> key = url_unescape(parts ? parts->before : pair, UrlPart::Query);
    Result<std::string> value = url_unescape(parts ? parts->after : "", UrlPart::Query);
    if (!key.ok()) {
      note(key.error());
    } else if (!value.ok()) {
      note(value.error());
    } else {
      out[*key].push_back(*value);
    }
  }
  return first;
}

}  // namespace

std::string url_escape(std::string_view text, UrlPart part) {
  std::string out;
  for (char c : text) {
    if (c == ' ' && part == UrlPart::Query) {
      out += '+';
    } else if (must_escape(c, part)) {
      auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

Result<std::string> url_unescape(std::string_view text, UrlPart part) {
  bool is_host = part == UrlPart::Host || part == UrlPart::Zone;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      out += TRY(unescape_one(text.substr(i), part));
      i += 2;
    } else if (c == '+' && part == UrlPart::Query) {
      out += ' ';
    } else {
      if (is_host && static_cast<unsigned char>(c) < 0x80 && must_escape(c, part)) {
        return Error{Code::Invalid,
                     cat("invalid character ", quote(text.substr(i, 1)), " in host name")};
      }
      out += c;
    }
  }
  return out;
}

Result<UrlQuery> parse_url_query(std::string_view text) {
  UrlQuery out;
  TRY(read_pairs(text, out));
  return out;
}

UrlQuery read_url_query(std::string_view text) {
  UrlQuery out;
  Result<> ignored = read_pairs(text, out);
  static_cast<void>(ignored.ok());
  return out;
}

std::string encode_url_query(const UrlQuery& query) {
  std::vector<std::string> pairs;
  for (const auto& [key, values] : query) {
    for (const std::string& value : values) {
      pairs.push_back(cat(url_escape(key, UrlPart::Query), "=", url_escape(value, UrlPart::Query)));
    }
  }
  return join(pairs, "&");
}

}  // namespace fleet::text
