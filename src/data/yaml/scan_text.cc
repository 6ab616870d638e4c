// Directives, anchors and tags.
#include <utility>

#include "base/strings.h"
#include "data/yaml/scanner.h"

namespace fleet::yaml {
namespace {

bool is_alpha(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr size_t kMaxVersionDigits = 2;

}  // namespace

bool Scanner::scan_directive(Token& token) {
  Mark start = mark_;
  advance();
  std::string name;
  while (is_alpha(at()))
    read(name);
  if (name.empty()) return fail(start, "could not find expected directive name");
  if (!is_blankz()) return fail(start, "found unexpected non-alphabetical character");
  token.start = start;
  if (name == "YAML") {
    token.type = TokenType::VersionDirective;
    while (is_blank())
      advance();
    if (!scan_version_number(start, token.major)) return false;
    if (at() != '.') return fail(start, "did not find expected digit or '.' character");
    advance();
    if (!scan_version_number(start, token.minor)) return false;
  } else if (name == "TAG") {
    token.type = TokenType::TagDirective;
    while (is_blank())
      advance();
    if (!scan_tag_handle(true, start, token.value)) return false;
    if (!is_blank()) return fail(start, "did not find expected whitespace");
    while (is_blank())
      advance();
    if (!scan_tag_uri(true, "", start, token.suffix)) return false;
    if (!is_blankz()) return fail(start, "did not find expected whitespace or line break");
  } else {
    return fail(start, "found unknown directive name");
  }
  token.end = mark_;
  while (is_blank())
    advance();
  if (at() == '#') {
    while (!is_breakz())
      advance();
  }
  if (!is_breakz()) return fail(start, "did not find expected comment or line break");
  if (is_break()) advance_line();
  return true;
}

bool Scanner::scan_version_number(const Mark& start, int8_t& number) {
  int value = 0;
  size_t digits = 0;
  while (at() >= '0' && at() <= '9') {
    if (++digits > kMaxVersionDigits) return fail(start, "found extremely long version number");
    value = value * 10 + (at() - '0');
    advance();
  }
  if (digits == 0) return fail(start, "did not find expected version number");
  number = static_cast<int8_t>(value);
  return true;
}

bool Scanner::scan_anchor(TokenType type) {
  if (!save_simple_key()) return false;
  simple_key_allowed_ = false;
  Token token;
  token.type = type;
  token.start = mark_;
  advance();
  while (is_alpha(at()))
    read(token.value);
  bool ends_well = is_blankz() || std::string_view("?:,]}%@`").find(at()) != std::string_view::npos;
  if (token.value.empty() || !ends_well) {
    return fail(token.start, "did not find expected alphabetic or numeric character");
  }
  token.end = mark_;
  tokens_.push_back(std::move(token));
  return true;
}

bool Scanner::scan_tag() {
  if (!save_simple_key()) return false;
  simple_key_allowed_ = false;
  Token token;
  token.type = TokenType::Tag;
  token.start = mark_;
  if (at(1) == '<') {
    advance();
    advance();
    if (!scan_tag_uri(false, "", token.start, token.suffix)) return false;
    if (at() != '>') return fail(token.start, "did not find the expected '>'");
    advance();
  } else {
    if (!scan_tag_handle(false, token.start, token.value)) return false;
    if (token.value.size() > 1 && token.value.front() == '!' && token.value.back() == '!') {
      if (!scan_tag_uri(false, "", token.start, token.suffix)) return false;
    } else {
      std::string head = std::move(token.value);
      if (!scan_tag_uri(false, head, token.start, token.suffix)) return false;
      token.value = "!";
      if (token.suffix.empty()) std::swap(token.value, token.suffix);  // the tag "!" alone
    }
  }
  if (!is_blankz()) return fail(token.start, "did not find expected whitespace or line break");
  token.end = mark_;
  tokens_.push_back(std::move(token));
  return true;
}

bool Scanner::scan_tag_handle(bool directive, const Mark& start, std::string& handle) {
  if (at() != '!') return fail(start, "did not find expected '!'");
  read(handle);
  while (is_alpha(at()))
    read(handle);
  if (at() == '!') {
    read(handle);
  } else if (directive && handle != "!") {
    return fail(start, "did not find expected '!'");
  }
  return true;
}

bool Scanner::scan_tag_uri(bool directive,
                           std::string_view head,
                           const Mark& start,
                           std::string& uri) {
  bool has_tag = !head.empty();
  if (head.size() > 1) uri = head.substr(1);
  while (is_alpha(at()) || (at() != '\0' && std::string_view(";/?:@&=+$,.!~*'()[]%").find(at()) !=
                                                std::string_view::npos)) {
    if (at() == '%') {
      if (!scan_uri_escapes(directive, start, uri)) return false;
    } else {
      read(uri);
    }
    has_tag = true;
  }
  if (!has_tag) return fail(start, "did not find expected tag URI");
  return true;
}

bool Scanner::scan_uri_escapes(bool /*directive*/, const Mark& start, std::string& out) {
  int left = 0;
  do {
    int high = hex_digit(at(1));
    int low = hex_digit(at(2));
    if (at() != '%' || high < 0 || low < 0) return fail(start, "did not find URI escaped octet");
    int octet = high * 16 + low;
    if (left == 0) {
      left = octet < 0x80   ? 1
             : octet < 0xC0 ? 0
             : octet < 0xE0 ? 2
             : octet < 0xF0 ? 3
             : octet < 0xF8 ? 4
                            : 0;
      if (left == 0) return fail(start, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xC0) != 0x80) {
      return fail(start, "found an incorrect trailing UTF-8 octet");
    }
    out += static_cast<char>(octet);
    for (int i = 0; i < 3; i++)
      advance();
  } while (--left > 0);
  return true;
}

}  // namespace fleet::yaml
