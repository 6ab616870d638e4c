#include "kube/cel/lexer.h"

#include <array>
#include <charconv>

#include "base/strings.h"

namespace fleet::kube::cel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Scanner {
 public:
  explicit Scanner(std::string_view source)
      : source_(source) {}

  Result<std::vector<Lexeme>> run() {
    while (skip_blanks()) {
      TRY(one());
    }
    out_.push_back(Lexeme{Word::End, source_.size(), {}, {}, false});
    return std::move(out_);
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  bool skip_blanks() {
    while (at_ < source_.size()) {
      if (source_.substr(at_).starts_with("//")) {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else if (std::string_view(" \t\r\n\f").find(peek()) != std::string_view::npos) {
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  Error unknown(size_t at) const {
    return error_at(source_,
                    at,
                    cat("Syntax error: token recognition error at: '", source_.substr(at, 1), "'"));
  }

  Result<> one() {
    size_t start = at_;
    if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return number();
    if (is_quote_ahead()) return quoted_text();
    if (is_letter(peek())) {
      while (is_letter(peek()) || is_digit(peek()))
        ++at_;
      std::string name(source_.substr(start, at_ - start));
      if (name == "true" || name == "false") {
        return literal(start, Val::boolean(name == "true"));
      }
      if (name == "null") return literal(start, Val::null());
      out_.push_back(Lexeme{Word::Name, start, std::move(name), {}, false});
      return {};
    }
    if (peek() == '`') {
      size_t close = source_.find('`', at_ + 1);
      if (close == std::string_view::npos) return unknown(start);
      std::string name(source_.substr(at_ + 1, close - at_ - 1));
      at_ = close + 1;
      out_.push_back(Lexeme{Word::Name, start, std::move(name), {}, true});
      return {};
    }
    for (std::string_view symbol : {"&&", "||", "==", "!=", "<=", ">=", ".?", "[?"}) {
      if (source_.substr(at_).starts_with(symbol)) return emit_symbol(symbol);
    }
    if (std::string_view("+-*/%!<>?:.,()[]{}").find(peek()) == std::string_view::npos) {
      return unknown(start);
    }
    return emit_symbol(source_.substr(at_, 1));
  }

  Result<> emit_symbol(std::string_view symbol) {
    out_.push_back(Lexeme{Word::Symbol, at_, std::string(symbol), {}, false});
    at_ += symbol.size();
    return {};
  }

  Result<> literal(size_t start, Val value) {
    out_.push_back(Lexeme{Word::Literal, start, {}, std::move(value), false});
    return {};
  }

  Result<> number() {
    size_t start = at_;
    bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    if (hex) at_ += 2;
    while (hex ? hex_digit(peek()) >= 0 : is_digit(peek()))
      ++at_;
    bool real = false;
    if (!hex && peek() == '.' && is_digit(peek(1))) {
      real = true;
      ++at_;
      while (is_digit(peek()))
        ++at_;
    }
    if (!hex && (peek() == 'e' || peek() == 'E')) {
      size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (is_digit(peek(sign))) {
        real = true;
        at_ += sign;
        while (is_digit(peek()))
          ++at_;
      }
    }
    std::string text(source_.substr(start, at_ - start));
    if (real) return literal(start, Val::of_double(std::strtod(text.c_str(), nullptr)));
    uint64_t value = 0;
    const char* digits = text.data() + (hex ? 2 : 0);
    auto read = std::from_chars(digits, text.data() + text.size(), value, hex ? 16 : 10);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
      return error_at(source_, start, "invalid int literal");
    }
    if (peek() == 'u' || peek() == 'U') {
      ++at_;
      return literal(start, Val::uinteger(value));
    }
    // -9223372036854775808 is a minus before a number that an int cannot hold; it is read as one.
    bool negative = !out_.empty() && out_.back().word == Word::Symbol && out_.back().text == "-";
    uint64_t most = uint64_t{INT64_MAX} + (negative ? 1 : 0);
    if (value > most) return error_at(source_, start, "invalid int literal");
    return literal(start, Val::integer(static_cast<int64_t>(value)));
  }

  bool is_quote_ahead() const {
    size_t i = 0;
    while (i < 2 && std::string_view("rRbB").find(peek(i)) != std::string_view::npos &&
           peek(i) != '\0')
      ++i;
    return peek(i) == '"' || peek(i) == '\'';
  }

  Result<> quoted_text() {
    size_t start = at_;
    bool raw = false;
    bool bytes = false;
    for (; peek() != '"' && peek() != '\''; ++at_) {
      raw = raw || peek() == 'r' || peek() == 'R';
      bytes = bytes || peek() == 'b' || peek() == 'B';
    }
    std::string quote_mark(1, peek());
    if (peek(1) == quote_mark[0] && peek(2) == quote_mark[0]) quote_mark = std::string(3, peek());
    at_ += quote_mark.size();
    std::string text;
    while (!source_.substr(at_).starts_with(quote_mark)) {
      if (at_ >= source_.size() || (peek() == '\n' && quote_mark.size() == 1)) {
        return unknown(start);
      }
      if (peek() == '\\' && !raw) {
        if (!escape(text, bytes)) return error_at(source_, at_, "unable to unescape string");
      } else {
        text += source_[at_++];
      }
    }
    at_ += quote_mark.size();
    return literal(start, bytes ? Val::bytes(std::move(text)) : Val::string(std::move(text)));
  }

  bool escape(std::string& out, bool bytes) {
    char c = peek(1);
    constexpr std::string_view kNames = "abfnrtv\\?\"'`";
    constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\?\"'`";
    if (size_t at = kNames.find(c); c != '\0' && at != std::string_view::npos) {
      out += kValues[at];
      at_ += 2;
      return true;
    }
    size_t digits = c == 'x' || c == 'X' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t value = 0;
    if (digits > 0) {
      for (size_t i = 0; i < digits; ++i) {
        int digit = hex_digit(peek(2 + i));
        if (digit < 0) return false;
        value = value * 16 + static_cast<uint32_t>(digit);
      }
      at_ += 2 + digits;
    } else {
      for (size_t i = 0; i < 3; ++i) {
        if (peek(1 + i) < '0' || peek(1 + i) > '7') return false;
        value = value * 8 + static_cast<uint32_t>(peek(1 + i) - '0');
      }
      at_ += 4;
    }
    if (value > 0x10FFFF) return false;
    if (bytes && digits <= 2) {
      out += static_cast<char>(value);
    } else {
      append_rune(out, value);
    }
    return true;
  }

  std::string_view source_;
  size_t at_ = 0;
  std::vector<Lexeme> out_;
};

}  // namespace

Result<std::vector<Lexeme>> scan(std::string_view source) {
  return Scanner(source).run();
}

Error error_at(std::string_view source, size_t at, std::string_view what) {
  at = std::min(at, source.size());
  size_t line = 1;
  size_t start = 0;
  for (size_t i = 0; i < at; ++i) {
    if (source[i] != '\n') continue;
    ++line;
    start = i + 1;
  }
  size_t column = rune_count(source.substr(start, at - start));
  size_t end = std::min(source.find('\n', start), source.size());
  return Error(Code::Invalid,
               cat("ERROR: <input>:",
                   line,
                   ":",
                   column + 1,
                   ": ",
                   what,
                   "\n | ",
                   source.substr(start, end - start),
                   "\n | ",
                   repeat(".", column),
                   "^"));
}

}  // namespace fleet::kube::cel
