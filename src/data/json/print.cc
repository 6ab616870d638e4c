#include "data/json/print.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/strings.h"

namespace fleet::json {
namespace {

using data::Member;
using data::Type;
using data::Value;

constexpr std::string_view kHex = "0123456789abcdef";

// Writes one value, on one line or indented.
class Printer {
 public:
  Printer(std::string& out, Keys keys, Html html, Indent indent)
      : out_(out),
        keys_(keys),
        html_(html),
        indent_(indent) {}

  void value(const Value& v, int depth);

 private:
  void array(const Value& v, int depth);
  void object(const Value& v, int depth);
  void member(const Member& m, int depth) {
    append_string(out_, m.key.view(), html_);
    out_ += indent_.step.empty() ? ":" : ": ";
    value(m.value, depth);
  }
  void new_line(int depth) {
    if (indent_.step.empty()) return;
    out_ += '\n';
    out_ += indent_.prefix;
    for (int i = 0; i < depth; ++i)
      out_ += indent_.step;
  }

  std::string& out_;
  Keys keys_;
  Html html_;
  Indent indent_;
};

template <typename T>
void append_integer(std::string& out, T number) {
  std::array<char, 24> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  out.append(buffer.data(), end);
}

void Printer::value(const Value& v, int depth) {
  switch (v.type()) {
    case Type::Null:
      out_ += "null";
      break;
    case Type::Bool:
      out_ += v.as_bool() ? "true" : "false";
      break;
    case Type::Int:
      append_integer(out_, v.as_int());
      break;
    case Type::UInt:
      append_integer(out_, v.as_uint());
      break;
    case Type::Double:
      append_double(out_, v.as_double());
      break;
    case Type::Number:
      out_ += v.as_string();
      break;
    case Type::String:
      append_string(out_, v.as_string(), html_);
      break;
    case Type::Array:
      array(v, depth);
      break;
    case Type::Object:
      object(v, depth);
      break;
  }
}

void Printer::array(const Value& v, int depth) {
  out_ += '[';
  bool first = true;
  for (const Value& item : v.items()) {
    if (!first) out_ += ',';
    first = false;
    new_line(depth + 1);
    value(item, depth + 1);
  }
  if (!first) new_line(depth);
  out_ += ']';
}

void Printer::object(const Value& v, int depth) {
  out_ += '{';
  bool first = true;
  auto write = [&](const Member& m) {
    if (!first) out_ += ',';
    first = false;
    new_line(depth + 1);
    member(m, depth + 1);
  };
  auto less = [](const Member& a, const Member& b) { return a.key.view() < b.key.view(); };
  if (keys_ == Keys::AsWritten || std::is_sorted(v.members().begin(), v.members().end(), less)) {
    for (const Member& m : v.members())
      write(m);
  } else {
    std::vector<const Member*> members;
    members.reserve(v.size());
    for (const Member& m : v.members())
      members.push_back(&m);
    std::sort(members.begin(), members.end(), [&](const Member* a, const Member* b) {
      return less(*a, *b);
    });
    for (const Member* m : members)
      write(*m);
  }
  if (!first) new_line(depth);
  out_ += '}';
}

// Appends the escape of one ASCII character that needs one.
void append_ascii_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kShort = "btnvfr";  // 8..13; \v has no short form in JSON
  out += '\\';
  if (c == '"' || c == '\\') {
    out += static_cast<char>(c);
  } else if (c >= 8 && c <= 13 && c != 11) {
    out += kShort[c - 8U];
  } else {
    out += "u00";
    out += kHex[c >> 4U];
    out += kHex[c & 0xFU];
  }
}

bool is_plain(unsigned char c, Html html) {
  if (c < ' ' || c == '"' || c == '\\' || c >= 0x80) return false;
  return html == Html::Plain || (c != '<' && c != '>' && c != '&');
}

}  // namespace

void append_string(std::string& out, std::string_view text, Html html) {
  out += '"';
  size_t start = 0;  // of the run that is copied as it is
  for (size_t at = 0; at < text.size();) {
    auto c = static_cast<unsigned char>(text[at]);
    if (is_plain(c, html)) {
      ++at;
      continue;
    }
    if (c < 0x80) {
      out += text.substr(start, at - start);
      append_ascii_escape(out, c);
      start = ++at;
      continue;
    }
    Rune rune = decode_rune(text.substr(at));
    if (!rune.valid || rune.value == 0x2028 || rune.value == 0x2029) {
      out += text.substr(start, at - start);
      out += !rune.valid ? "\\ufffd" : rune.value == 0x2028 ? "\\u2028" : "\\u2029";
      start = at + rune.size;
    }
    at += rune.size;
  }
  out += text.substr(start);
  out += '"';
}

void append_double(std::string& out, double number) {
  CHECK(std::isfinite(number));
  std::array<char, 32> buffer;
  auto end =
      std::to_chars(
          buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific)
          .ptr;
  std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.data()));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  size_t e = text.find('e');
  int exponent = static_cast<int>(parse_int(text.substr(e + 1)).value_or(0));
  if (number != 0 && (exponent < -6 || exponent >= 21)) {
    out += text.substr(0, e);
    out += exponent < 0 ? "e" : "e+";
    append_integer(out, exponent);
    return;
  }
  // The shortest digits, moved to their places: never the longer exact ones.
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  if (exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-exponent - 1), '0');
    out += digits;
    return;
  }
  size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  out += digits.substr(0, whole);
  if (digits.size() > whole) {
    out += '.';
    out += digits.substr(whole);
  }
}

Result<> check_printable(const Value& value) {
  if (value.type() == Type::Double && !std::isfinite(value.as_double())) {
    double number = value.as_double();
    return Error(Code::Invalid,
                 cat("json: unsupported value: ",
                     std::isnan(number) ? "NaN"
                     : number > 0       ? "+Inf"
                                        : "-Inf"));
  }
  for (const Value& item : value.items())
    TRY(check_printable(item));
  for (const Member& m : value.members())
    TRY(check_printable(m.value));
  return {};
}

void append(std::string& out, const Value& value, Keys keys, Html html) {
  Printer(out, keys, html, Indent{}).value(value, 0);
}

std::string print(const Value& value, Keys keys, Html html) {
  std::string out;
  append(out, value, keys, html);
  return out;
}

std::string print_indented(const Value& value, Keys keys, Indent indent, Html html) {
  std::string out;
  Printer(out, keys, html, indent).value(value, 0);
  return out;
}

}  // namespace fleet::json
