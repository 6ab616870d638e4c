#include "data/json/parse.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/strings.h"

namespace fleet::json {
namespace {

using data::Key;
using data::Value;

constexpr std::string_view kEndOfInput = "unexpected end of JSON input";

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Names a byte as Go's scanner does: '}' or '\'' or '\u00e9'.
std::string quoted_byte(char c) {
  if (c == '\'') return R"('\'')";
  if (c == '"') return R"('"')";
  std::string text;
  append_rune(text, static_cast<unsigned char>(c));
  std::string inner = quote(text);
  return cat('\'', std::string_view(inner).substr(1, inner.size() - 2), '\'');
}

// One value of JSON, by recursive descent. The first error stops it and stays.
class Parser {
 public:
  Parser(std::string_view text, ParseOptions options)
      : text_(text),
        options_(options) {}

  size_t position() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }

  Result<Value> value(int depth);
  Error unexpected(std::string_view where) const {
    if (at_end()) return Error(Code::BadRequest, std::string(kEndOfInput));
    return Error(Code::BadRequest, cat("invalid character ", quoted_byte(text_[at_]), ' ', where));
  }
  // Inside a word, a number or an escape Go tells the end of the text by feeding itself a blank.
  Error unexpected_inside(std::string_view where) const {
    if (at_end()) return Error(Code::BadRequest, cat("invalid character ' ' ", where));
    return unexpected(where);
  }
  // Syntax comes first: a number that does not fit is told once the whole text is known to be good.
  Result<> check_numbers() {
    if (unfit_number_) return *std::move(unfit_number_);
    return {};
  }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Result<Value> object(int depth);
  Result<Value> array(int depth);
  Result<Value> number();
  Result<> digits(std::string_view where);
  Result<> literal(std::string_view word);
  // The text of a string; points into the source if it has no escapes, else into `buffer_`.
  Result<std::string_view> string();
  Result<> escape();
  Result<char32_t> hex4();
  const Key& pooled(std::string_view name);

  std::string_view text_;
  ParseOptions options_;
  size_t at_ = 0;
  std::string buffer_;
  std::optional<Error> unfit_number_;        // the first number that does not fit its type
  std::array<std::optional<Key>, 64> keys_;  // the last keys seen, to spare the shared pool
};

const Key& Parser::pooled(std::string_view name) {
  size_t size = name.size();
  size_t slot = size;
  if (size > 0) {
    slot += static_cast<unsigned char>(name[0]) * 5U +
            static_cast<unsigned char>(name[size - 1]) * 3U +
            static_cast<unsigned char>(name[size / 2]);
  }
  std::optional<Key>& key = keys_[slot % keys_.size()];
  if (!key || key->view() != name) key.emplace(name);
  return *key;
}

Result<Value> Parser::value(int depth) {
  skip_spaces();
  if (at_end()) return unexpected("");
  switch (peek()) {
    case '{':
      return object(depth + 1);
    case '[':
      return array(depth + 1);
    case '"':
      return Value(TRY(string()));
    case 't':
      TRY(literal("true"));
      return Value(true);
    case 'f':
      TRY(literal("false"));
      return Value(false);
    case 'n':
      TRY(literal("null"));
      return Value();
    default:
      if (peek() == '-' || is_digit(peek())) return number();
      return unexpected("looking for beginning of value");
  }
}

Result<Value> Parser::object(int depth) {
  if (depth > kMaxDepth) return Error(Code::BadRequest, "exceeded max depth");
  ++at_;
  Value out = Value::object();
  skip_spaces();
  if (peek() == '}') {
    ++at_;
    return out;
  }
  while (true) {
    skip_spaces();
    if (peek() != '"') return unexpected("looking for beginning of object key string");
    // The key is kept first: parsing the value overwrites the buffer.
    Key key = pooled(TRY(string()));
    skip_spaces();
    if (peek() != ':') return unexpected("after object key");
    ++at_;
    out.set(key, TRY(value(depth)));
    skip_spaces();
    if (peek() == '}') break;
    if (peek() != ',') return unexpected("after object key:value pair");
    ++at_;
  }
  ++at_;
  return out;
}

Result<Value> Parser::array(int depth) {
  if (depth > kMaxDepth) return Error(Code::BadRequest, "exceeded max depth");
  ++at_;
  Value out = Value::array();
  skip_spaces();
  if (peek() == ']') {
    ++at_;
    return out;
  }
  while (true) {
    out.push_back(TRY(value(depth)));
    skip_spaces();
    if (peek() == ']') break;
    if (peek() != ',') return unexpected("after array element");
    ++at_;
  }
  ++at_;
  return out;
}

Result<> Parser::literal(std::string_view word) {
  for (size_t i = 0; i < word.size(); ++i, ++at_) {
    if (peek() == word[i] && !at_end()) continue;
    return unexpected_inside(cat("in literal ", word, " (expecting ", quoted_byte(word[i]), ")"));
  }
  return {};
}

Result<> Parser::digits(std::string_view where) {
  if (!is_digit(peek())) return unexpected_inside(where);
  while (is_digit(peek()))
    ++at_;
  return {};
}

Result<Value> Parser::number() {
  size_t start = at_;
  bool whole = true;
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
  } else {
    TRY(digits("in numeric literal"));
  }
  if (peek() == '.') {
    whole = false;
    ++at_;
    TRY(digits("after decimal point in numeric literal"));
  }
  if (peek() == 'e' || peek() == 'E') {
    whole = false;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    TRY(digits("in exponent of numeric literal"));
  }
  std::string_view text = text_.substr(start, at_ - start);
  if (options_.numbers == Numbers::AsWritten) return Value::number(text);
  if (options_.numbers == Numbers::Whole && whole) {
    if (auto number = parse_int(text)) return Value(*number);
    if (auto number = parse_uint(text)) return Value(*number);
  }
  double real = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error == std::errc::result_out_of_range)
    real = std::strtod(std::string(text).c_str(), nullptr);
  if (std::isinf(real) && !unfit_number_) {
    unfit_number_ =
        Error(Code::BadRequest,
              cat("json: cannot unmarshal number ", text, " into Go value of type float64"));
  }
  return Value(real);
}

Result<std::string_view> Parser::string() {
  ++at_;
  size_t start = at_;
  bool ascii = true;
  while (at_ < text_.size()) {
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"' || c == '\\' || c < ' ') break;
    if (c >= 0x80) ascii = false;
    ++at_;
  }
  if (peek() == '"' && !at_end() && (ascii || is_utf8(text_.substr(start, at_ - start)))) {
    return text_.substr(start, at_++ - start);
  }
  at_ = start;
  buffer_.clear();
  while (true) {
    if (at_end()) return unexpected("");
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') break;
    if (c < ' ') return unexpected("in string literal");
    if (c == '\\') {
      ++at_;
      TRY(escape());
      continue;
    }
    Rune rune = decode_rune(text_.substr(at_));
    append_rune(buffer_, rune.value);
    at_ += rune.size;
  }
  ++at_;
  return std::string_view(buffer_);
}

Result<> Parser::escape() {
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  if (at_end()) return unexpected_inside("in string escape code");
  size_t simple = kFrom.find(peek());
  if (simple != std::string_view::npos) {
    buffer_ += kTo[simple];
    ++at_;
    return {};
  }
  if (peek() != 'u') return unexpected("in string escape code");
  ++at_;
  char32_t rune = TRY(hex4());
  if (rune >= 0xD800 && rune < 0xDC00 && text_.substr(at_, 2) == "\\u") {
    size_t before = at_;
    at_ += 2;
    char32_t low = TRY(hex4());
    if (low >= 0xDC00 && low < 0xE000) {
      rune = 0x10000 + ((rune - 0xD800) << 10U) + (low - 0xDC00);
    } else {
      at_ = before;  // a lone surrogate; the second escape stands for itself
    }
  }
  append_rune(buffer_, rune);
  return {};
}

Result<char32_t> Parser::hex4() {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    char c = peek();
    char32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<char32_t>(c - '0');
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      digit = static_cast<char32_t>((c | 0x20) - 'a') + 10;
    } else {
      return unexpected_inside("in \\u hexadecimal character escape");
    }
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

Result<Value> parse(std::string_view text, ParseOptions options) {
  Parser parser(text, options);
  Value value = TRY(parser.value(0));
  parser.skip_spaces();
  if (!parser.at_end()) return parser.unexpected("after top-level value");
  TRY(parser.check_numbers());
  return value;
}

Result<Value> parse_next(std::string_view& rest, ParseOptions options) {
  Parser parser(rest, options);
  parser.skip_spaces();
  if (parser.at_end()) return Error(Code::BadRequest, "EOF");
  auto value = parser.value(0);
  if (!value.ok()) {
    return parser.at_end() ? Error(Code::BadRequest, "unexpected EOF") : std::move(value).error();
  }
  TRY(parser.check_numbers());
  rest.remove_prefix(parser.position());
  return value;
}

Position error_position(std::string_view text) {
  Parser parser(text, ParseOptions{Numbers::AsWritten});
  if (parser.value(0).ok()) parser.skip_spaces();
  Position position;
  for (char c : text.substr(0, parser.position())) {
    ++position.column;
    if (c != '\n') continue;
    ++position.line;
    position.column = 1;
  }
  return position;
}

}  // namespace fleet::json
