#include <charconv>
#include <cmath>

#include "data/toml/parser.h"
#include "data/toml/times.h"

namespace fleet::toml {
namespace {

bool is_digit(char32_t r) {
  return r >= '0' && r <= '9';
}
bool is_hex(char32_t r) {
  return is_digit(r) || (r >= 'a' && r <= 'f') || (r >= 'A' && r <= 'F');
}
bool is_blank(char32_t r) {
  return r == ' ' || r == '\t';
}
bool is_newline(char32_t r) {
  return r == '\n' || r == '\r';
}
bool is_one_of(char32_t r, std::string_view characters) {
  return r < 0x80 && characters.find(static_cast<char>(r)) != std::string_view::npos;
}

std::string rune_or_end(char32_t r) {
  if (r == kEnd) return "end of file";
  std::string text = "'";
  append_rune(text, r);
  return text + "'";
}

std::string without_underscores(std::string_view text) {
  return replace_all(text, "_", "");
}

bool leading_zero(std::string_view text) {
  if (text.size() > 1 && text[0] == '0' && !is_one_of(static_cast<char32_t>(text[1]), "box")) {
    return true;
  }
  return text.size() > 2 && (text[0] == '-' || text[0] == '+') && text[1] == '0';
}

bool underscores_fit(std::string_view text) {
  if (trim_left(text, "+-") == "nan" || trim_left(text, "+-") == "inf") return true;
  bool accept = false;
  for (char c : text) {
    if (c == '_' && !accept) return false;
    accept = is_hex(static_cast<unsigned char>(c));
  }
  return accept;
}

bool points_fit(std::string_view text) {
  bool point = false;
  for (char c : text) {
    if (point && !is_digit(static_cast<unsigned char>(c))) return false;
    point = c == '.';
  }
  return !point;
}

std::string_view without_first_newline(std::string_view text) {
  if (text.starts_with("\r\n")) return text.substr(2);
  return text.starts_with('\n') ? text.substr(1) : text;
}

}  // namespace

ItemPtr leaf(Value value) {
  auto item = std::make_unique<Item>();
  item->leaf = std::move(value);
  return item;
}

Result<ItemPtr> Parser::value(int depth) {
  if (depth > kMaxDepth) return fail("value is nested too deeply");
  in_.skip_blanks();
  char32_t r = in_.next();
  if (!in_.problem().empty()) return fail("");
  switch (r) {
    case '[':
      return array(depth);
    case '{':
      return inline_table(depth);
    case '"':
      if (in_.starts_with("\"\"")) {
        in_.advance(2);
        return leaf(Value(TRY(multiline_string())));
      }
      return leaf(Value(TRY(string())));
    case '\'':
      if (in_.starts_with("''")) {
        in_.advance(2);
        return leaf(Value(TRY(multiline_raw_string())));
      }
      return leaf(Value(TRY(raw_string())));
    case '.':
      return fail("floats must start with a digit, not '.'");
    case '-':
    case '+':
      return signed_number();
    case kEnd:
      return fail("unexpected EOF; expected value");
    case '\n':
      return fail_before(cat("expected value but found ", quoted_rune(r), " instead"));
    default:
      break;
  }
  if (is_digit(r)) {
    in_.back();
    return number_or_date();
  }
  return keyword(r);
}

// true, false, inf, nan, or words that are none of them.
Result<ItemPtr> Parser::keyword(char32_t first) {
  auto is_letter = [](char32_t r) {
    return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xC0 && r != kEnd);
  };
  if (first == 'i' && in_.starts_with("nf")) {
    in_.advance(2);
    return leaf(Value(HUGE_VAL));
  }
  if (first == 'n' && in_.starts_with("an")) {
    in_.advance(2);
    return leaf(Value(std::nan("")));
  }
  if (!is_letter(first)) {
    return fail(cat("expected value but found ", quoted_rune(first), " instead"));
  }
  std::string word;
  append_rune(word, first);
  while (is_letter(in_.peek()))
    append_rune(word, in_.next());
  if (word == "true" || word == "false") return leaf(Value(word == "true"));
  return fail(cat("expected value but found ", quote(word), " instead"));
}

Result<ItemPtr> Parser::array(int depth) {
  auto out = std::make_unique<Item>();
  out->kind = Item::Kind::Array;
  bool want_value = true;
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (is_blank(r) || is_newline(r)) continue;
    if (r == '#') {
      TRY(comment());
    } else if (r == ']') {
      return out;
    } else if (want_value) {
      if (r == ',') return fail("unexpected comma");
      in_.back();
      out->items.push_back(TRY(value(depth + 1)));
      want_value = false;
    } else if (r == ',') {
      want_value = true;
    } else {
      return fail(
          cat("expected a comma (',') or array terminator (']'), but got ", rune_or_end(r)));
    }
  }
}

Result<ItemPtr> Parser::inline_table(int depth) {
  auto out = std::make_unique<Item>();
  out->kind = Item::Kind::Table;
  Key outer_context = context_;
  std::string outer_key = current_;
  context_.push_back(current_);
  Key inner_context = context_;
  current_.clear();
  Item scope;  // the table under its full path, so that messages name whole keys
  scope.kind = Item::Kind::Table;
  bool want_key = true;
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (is_blank(r) || is_newline(r)) continue;
    if (r == '#') {
      TRY(comment());
      continue;
    }
    if (r == '}') break;
    if (!want_key) {
      if (r != ',') {
        return fail(cat("expected a comma or an inline table terminator '}', but got ",
                        rune_or_end(r),
                        " instead"));
      }
      want_key = true;
      continue;
    }
    if (r == ',') return fail("unexpected comma");
    in_.back();
    Key name = TRY(key());
    current_ = name.back();
    name.pop_back();
    TRY(implicit_tables(scope, name));
    ItemPtr item = TRY(value(depth + 1));
    TRY(set(scope, std::string(current_), std::move(item)));
    context_ = inner_context;
    current_.clear();
    want_key = false;
  }
  Item* made = TRY(walk(scope, inner_context, "is not a table"));
  out->members = std::move(made->members);
  context_ = outer_context;
  current_ = outer_key;
  return out;
}

Result<ItemPtr> Parser::signed_number() {
  in_.back();
  size_t start = in_.position();
  in_.next();
  char32_t r = in_.next();
  if (r == 'i' || r == 'n') {
    if (!in_.starts_with(r == 'i' ? "nf" : "an")) {
      return fail(cat("invalid float: '", in_.since(start), "'"));
    }
    in_.advance(2);
    double number = r == 'i' ? HUGE_VAL : std::nan("");
    return leaf(Value(in_.since(start)[0] == '-' ? -number : number));
  }
  if (r == '.') return fail("floats must start with a digit, not '.'");
  if (r == '0' && is_one_of(in_.peek(), "box")) {
    std::string text(in_.since(start));
    append_rune(text, in_.peek());
    return fail(cat("cannot use sign with non-decimal numbers: '", text, "'"));
  }
  if (!is_digit(r)) return fail(cat("expected a digit but got ", quoted_rune(r)));
  bool is_float = false;
  for (;;) {
    r = in_.next();
    if (is_digit(r) || r == '_') continue;
    if (is_one_of(r, ".eE") || (is_float && is_one_of(r, "+-"))) {
      is_float = true;
      continue;
    }
    break;
  }
  in_.back();
  std::string text(in_.since(start));
  return is_float ? floating(text) : integer(text);
}

// Digits that turn out to be an integer, a float, or a date or time.
Result<ItemPtr> Parser::number_or_date() {
  size_t start = in_.position();
  bool zero = in_.next() == '0';
  char32_t base = zero ? in_.peek() : 0;
  if (base == 'b' || base == 'o' || base == 'x') {
    in_.next();
    auto fits = [&](char32_t r) {
      return base == 'b' ? r == '0' || r == '1' : base == 'o' ? r >= '0' && r <= '7' : is_hex(r);
    };
    if (!fits(in_.peek())) {
      std::string text(in_.since(start));
      append_rune(text, in_.peek() == kEnd ? 0 : in_.peek());
      std::string_view what = base == 'b' ? "a binary" : base == 'o' ? "an octal" : "a hexadecimal";
      return fail(cat("not ", what, " number: '", text, "'"));
    }
    while (fits(in_.peek()) || in_.peek() == '_')
      in_.next();
    return integer(std::string(in_.since(start)));
  }
  enum class Form { Integer, Float, Date } form = Form::Integer;
  bool underscore = false;
  for (;;) {
    char32_t r = in_.next();
    if (is_digit(r)) continue;
    if (form == Form::Date && is_one_of(r, "-:Tt .Zz+")) continue;
    if (form == Form::Float && is_one_of(r, "_.-+eE")) continue;
    if (form == Form::Integer && !underscore && (r == '-' || r == ':')) {
      form = Form::Date;
      continue;
    }
    if (form == Form::Integer && is_one_of(r, ".eE")) {
      form = Form::Float;
      continue;
    }
    if (form == Form::Integer && r == '_') {
      underscore = true;
      continue;
    }
    break;
  }
  in_.back();
  std::string text(in_.since(start));
  if (form == Form::Date) return date_time(trim(text));
  return form == Form::Float ? floating(text) : integer(text);
}

Result<ItemPtr> Parser::integer(std::string_view text) {
  if (!underscores_fit(text)) {
    return fail(cat("Invalid integer ", quote(text), ": underscores must be surrounded by digits"));
  }
  if (leading_zero(text)) {
    return fail(cat("Invalid integer ", quote(text), ": cannot have leading zeroes"));
  }
  std::string digits = without_underscores(text);
  std::string_view rest = digits;
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int base = 10;
  if (rest.size() > 2 && rest[0] == '0') {
    base = rest[1] == 'x' ? 16 : rest[1] == 'o' ? 8 : 2;
    rest.remove_prefix(2);
  }
  uint64_t number = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
  uint64_t limit = uint64_t{INT64_MAX} + (negative ? 1 : 0);
  if (error != std::errc() || number > limit) return fail(cat(text, " is out of range for int64"));
  return leaf(Value(static_cast<int64_t>(negative ? uint64_t{0} - number : number)));
}

Result<ItemPtr> Parser::floating(std::string_view text) {
  std::string separated = replace_all(replace_all(text, "e", "."), "E", ".");
  bool first = true;
  for (std::string_view part : split(separated, '.')) {
    if (part.empty()) continue;
    if (!underscores_fit(part)) {
      return fail(cat("Invalid float ", quote(text), ": underscores must be surrounded by digits"));
    }
    if (first && leading_zero(part)) {
      return fail(cat("Invalid float ", quote(text), ": cannot have leading zeroes"));
    }
    first = false;
  }
  if (!points_fit(text)) {
    return fail(cat("Invalid float ", quote(text), ": '.' must be followed by one or more digits"));
  }
  std::string digits = without_underscores(text);
  std::string_view rest = digits;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  double number = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error == std::errc::result_out_of_range) {
    number = std::strtod(digits.c_str(), nullptr);
    if (std::isinf(number)) return fail(cat(text, " is out of range for float64"));
  } else if (error != std::errc() || end != rest.data() + rest.size()) {
    return fail(cat("Invalid float value: ", quote(text)));
  }
  return leaf(Value(number));
}

Result<ItemPtr> Parser::date_time(std::string_view text) {
  auto time = read_time(text);
  if (!time) {
    return fail(cat("invalid datetime: ", quote(capitals(text))));
  }
  auto item = std::make_unique<Item>();
  item->kind = Item::Kind::Time;
  item->leaf = Value(time->json);
  item->time = std::move(time->time);
  return item;
}

// --- strings ---

Result<std::string> Parser::string() {
  std::string out;
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd) return fail("unexpected EOF; expected '\"'");
    if (is_newline(r)) return fail_before("strings cannot contain newlines");
    if (r == '"') return out;
    if (r == '\\') {
      TRY(escape(out));
    } else {
      append_rune(out, r);
    }
  }
}

Result<std::string> Parser::raw_string() {
  size_t start = in_.position();
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd) return fail("unexpected EOF; expected \"'\"");
    if (is_newline(r)) return fail_before("strings cannot contain newlines");
    if (r == '\'') {
      std::string_view text = in_.since(start);
      return std::string(text.substr(0, text.size() - 1));
    }
  }
}

// Up to two quotes may stand before the closing three.
Result<std::string> Parser::multiline_string() {
  std::string out;
  if (in_.starts_with("\r\n")) in_.next();
  if (in_.starts_with("\n")) in_.next();
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd) return fail("unexpected EOF; expected '\"\"\"'");
    if (r == '"' && in_.starts_with("\"\"") && !in_.starts_with("\"\"\"")) {
      in_.advance(2);
      return out;
    }
    if (r == '"' && in_.starts_with("\"\"\"\"\"")) return fail("unexpected '\"\"\"\"\"\"'");
    if (r != '\\') {
      append_rune(out, r);
      continue;
    }
    // A backslash at the end of a line eats all white space up to the next character.
    in_.back();
    in_.next();
    Scanner ahead = in_;
    ahead.skip_blanks();
    if (is_newline(ahead.peek())) {
      while (is_blank(ahead.peek()) || is_newline(ahead.peek()))
        ahead.next();
      in_ = ahead;
    } else {
      TRY(escape(out));
    }
  }
}

Result<std::string> Parser::multiline_raw_string() {
  size_t start = in_.position();
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd) return fail("unexpected EOF; expected \"'''\"");
    if (r == '\'' && in_.starts_with("'''''")) return fail("unexpected \"''''''\"");
    if (r == '\'' && in_.starts_with("''") && !in_.starts_with("'''")) {
      std::string_view text = in_.since(start);
      in_.advance(2);
      return std::string(without_first_newline(text.substr(0, text.size() - 1)));
    }
  }
}

Result<> Parser::escape(std::string& out) {
  char32_t r = in_.next();
  switch (r) {
    case 'b':
      out += '\b';
      return {};
    case 't':
      out += '\t';
      return {};
    case 'n':
      out += '\n';
      return {};
    case 'f':
      out += '\f';
      return {};
    case 'r':
      out += '\r';
      return {};
    case 'e':
      out += '\x1b';
      return {};
    case '"':
    case '\\':
      out += static_cast<char>(r);
      return {};
    case 'x':
      return hex_escape(out, 2, 'x');
    case 'u':
      return hex_escape(out, 4, 'u');
    case 'U':
      return hex_escape(out, 8, 'U');
    case ' ':
    case '\t': {
      std::string text = "invalid escape: '\\";
      append_rune(text, r);
      return fail(text + "'");
    }
    default: {
      std::string text = "invalid escape in string '\\";
      append_rune(text, r == kEnd ? 0 : r);
      return fail(text + "'");
    }
  }
}

Result<> Parser::hex_escape(std::string& out, size_t digits, char letter) {
  size_t start = in_.position();
  uint64_t number = 0;
  for (size_t i = 0; i < digits; ++i) {
    char32_t r = in_.next();
    if (!is_hex(r)) {
      std::string_view count = digits == 2 ? "two" : digits == 4 ? "four" : "eight";
      return fail(cat("expected ",
                      count,
                      " hexadecimal digits after '\\",
                      letter,
                      "', but got ",
                      quote(in_.since(start)),
                      " instead"));
    }
    number = number << 4 | (is_digit(r) ? r - '0' : (r | 0x20) - 'a' + 10);
  }
  if (number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) {
    return fail(cat("Escaped character '\\u", in_.since(start), "' is not valid UTF-8."));
  }
  append_rune(out, static_cast<char32_t>(number));
  return {};
}

}  // namespace fleet::toml
