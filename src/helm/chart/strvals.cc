#include "helm/chart/strvals.h"

#include <charconv>

#include "base/strings.h"
#include "data/json/parse.h"

namespace fleet::helm {
namespace {

using data::Value;

constexpr int kMaxNestedLists = 500;  // a[0][0][0]…

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// The end of the text is no error by itself: what was read so far counts.
constexpr Code kEnd = Code::Gone;
Error end_of_text() {
  return Error(kEnd, "EOF");
}
bool is_end(const Error& error) {
  return error.code() == kEnd;
}

// As a failed type assertion of Go reads.
Error wrong_type(const Value& found, std::string_view wanted) {
  std::string_view name = "float64";
  switch (found.type()) {
    case data::Type::Null:
      name = "nil";
      break;
    case data::Type::Bool:
      name = "bool";
      break;
    case data::Type::Int:
      name = "int64";
      break;
    case data::Type::String:
      name = "string";
      break;
    case data::Type::Array:
      name = "[]interface {}";
      break;
    case data::Type::Object:
      name = "map[string]interface {}";
      break;
    default:
      break;
  }
  return invalid(
      cat("unable to parse key: interface conversion: interface {} is ", name, ", not ", wanted));
}

// As %q prints a []rune: ['a' 'b'].
std::string quote_runes(std::string_view text) {
  std::string out = "[";
  while (!text.empty()) {
    size_t size = decode_rune(text).size;
    std::string_view one = text.substr(0, size);
    text.remove_prefix(size);
    if (out.size() > 1) out += ' ';
    std::string quoted = quote(one);
    std::string inner = quoted.substr(1, quoted.size() - 2);
    if (one == "\"") inner = "\"";
    if (one == "'") inner = "\\'";
    out += cat("'", inner, "'");
  }
  return out + "]";
}

// As strconv.Atoi, with its error texts.
Result<int64_t> parse_index(const std::string& text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int64_t value = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool all = end == digits.data() + digits.size() && !digits.empty();
  std::string_view unsigned_digits = trim_prefix(digits, digits.size() == text.size() ? "-" : "");
  bool valid = !unsigned_digits.empty() &&
               unsigned_digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!valid) return invalid(cat("strconv.Atoi: parsing ", quote(text), ": invalid syntax"));
  if (code != std::errc() || !all) {
    return invalid(cat("strconv.Atoi: parsing ", quote(text), ": value out of range"));
  }
  return value;
}

// What a text means without quotes: true, false, null, a whole number, else itself.
Value typed_value(const std::string& text) {
  if (equal_fold(text, "true")) return Value(true);
  if (equal_fold(text, "false")) return Value(false);
  if (equal_fold(text, "null")) return Value();
  if (text == "0") return Value(0);
  if (text.empty() || text[0] == '0') return Value(text);
  auto number = parse_index(text);
  return number.ok() ? Value(*number) : Value(text);
}

Result<> set_item(Value& list, int64_t index, Value value) {
  if (index < 0) return invalid(cat("negative ", index, " index not allowed"));
  if (index > kMaxListIndex) {
    return invalid(
        cat("index of ", index, " is greater than maximum supported index of ", kMaxListIndex));
  }
  if (!list.is_array()) list = Value::array();
  while (list.size() <= static_cast<size_t>(index))
    list.push_back(Value());
  list.edit(static_cast<size_t>(index)) = std::move(value);
  return {};
}

void set_member(Value& object, const std::string& key, Value value) {
  if (!key.empty()) object.set(key, std::move(value));
}

enum class Escapes { Yes, No };
enum class Form { Text, Json, Literal };

class Parser {
 public:
  Parser(std::string_view text, Form form, ReadFile read)
      : rest_(text),
        form_(form),
        escapes_(form == Form::Literal ? Escapes::No : Escapes::Yes),
        read_(std::move(read)) {}

  Result<> run(Value& values) {
    if (!values.is_object()) values = Value::object();
    while (true) {
      Result<> step = key(values, 0);
      if (step.ok()) continue;
      if (is_end(step.error())) return {};
      return step;
    }
  }

 private:
  struct Piece {
    std::string text;
    char32_t last = 0;   // the stop that ended it
    bool ended = false;  // by the end of the text
  };

  Piece until(std::u32string_view stops) {
    Piece out;
    while (!rest_.empty()) {
      char32_t rune = take();
      if (stops.find(rune) != std::u32string_view::npos) {
        out.last = rune;
        return out;
      }
      if (rune == '\\' && escapes_ == Escapes::Yes) {
        if (rest_.empty()) break;
        rune = take();
      }
      append_rune(out.text, rune);
    }
    out.ended = true;
    return out;
  }

  char32_t take() {
    Rune rune = decode_rune(rest_);
    rest_.remove_prefix(rune.size);
    return rune.value;
  }

  Result<> key(Value& object, int level) {
    Piece piece = until(form_ == Form::Literal ? U"=[." : U"=[,.");
    if (piece.ended) {
      if (piece.text.empty()) return end_of_text();
      return invalid(cat("key ", quote(piece.text), " has no value"));
    }
    switch (piece.last) {
      case '[':
        return key_of_list(object, piece.text, level);
      case '=':
        return member_value(object, piece.text);
      case ',':
        return invalid(cat("key ", quote(piece.text), " has no value (cannot end with ,)"));
      default:
        return key_of_map(object, piece.text, level + 1);
    }
  }

  Result<> key_of_map(Value& object, const std::string& name, int level) {
    if (level > kMaxNestedNames) {
      return invalid(
          cat("value name nested level is greater than maximum supported nested level of ",
              kMaxNestedNames));
    }
    if (const Value* found = object.find(name)) {
      if (!found->is_object()) return wrong_type(*found, "map[string]interface {}");
      Value& inner = object.edit(name);
      Result<> done = key(inner, level);
      if (done.ok() && inner.empty()) return invalid(cat("key map ", quote(name), " has no value"));
      return done;
    }
    Value inner = Value::object();
    Result<> done = key(inner, level);
    if (done.ok() && inner.empty()) return invalid(cat("key map ", quote(name), " has no value"));
    if (!inner.empty()) set_member(object, name, std::move(inner));
    return done;
  }

  Result<> key_of_list(Value& object, const std::string& name, int level) {
    int64_t index = TRY(list_index());
    Value list = Value::array();
    if (const Value* found = object.find(name)) {
      if (!found->is_array()) return wrong_type(*found, "[]interface {}");
      list = *found;
    }
    Result<> done = list_item(list, index, level, 0);
    set_member(object, name, std::move(list));
    return done;
  }

  Result<int64_t> list_index() {
    constexpr std::string_view kDoing = "error parsing index";
    Piece piece = until(U"]");
    if (piece.ended) return end_of_text();
    return parse_index(piece.text).within(kDoing);
  }

  // Behind a "]": a value, a deeper list or a map.
  Result<> list_item(Value& list, int64_t index, int level, int lists) {
    if (index < 0) return invalid(cat("negative ", index, " index not allowed"));
    if (lists > kMaxNestedLists) return invalid("lists nest too deeply");
    Piece piece = until(U"[.=");
    if (!piece.text.empty()) {
      return invalid(cat("unexpected data at end of array index: ", quote_runes(piece.text)));
    }
    if (piece.ended) return end_of_text();
    auto place = static_cast<size_t>(index);
    bool exists = place < list.size();
    if (piece.last == '=') return item_value(list, index);
    if (piece.last == '[') {
      int64_t next = TRY(list_index());
      if (exists && !list[place].is_null()) {
        if (!list[place].is_array()) return wrong_type(list[place], "[]interface {}");
        return list_item(list.edit(place), next, level, lists + 1);
      }
      Value inner = Value::array();
      TRY(list_item(inner, next, level, lists + 1));
      return set_item(list, index, std::move(inner));
    }
    if (exists) {
      if (!list[place].is_object()) list.edit(place) = Value::object();
      return key(list.edit(place), level);
    }
    Value inner = Value::object();
    TRY(key(inner, level));
    return set_item(list, index, std::move(inner));
  }

  Result<> member_value(Value& object, const std::string& name) {
    if (form_ == Form::Text && rest_.empty()) {
      set_member(object, name, "");
      return end_of_text();
    }
    Value value = TRY(read_value());
    set_member(object, name, std::move(value));
    if (form_ == Form::Json) skip_comma();
    return {};
  }

  Result<> item_value(Value& list, int64_t index) {
    if (form_ == Form::Text && rest_.empty()) return set_item(list, index, "");
    Value value = TRY(read_value());
    TRY(set_item(list, index, std::move(value)));
    if (form_ == Form::Json) skip_comma();
    return {};
  }

  Result<Value> read_value() {
    if (form_ == Form::Literal) return Value(until(U"").text);
    if (form_ == Form::Json) return json_value();
    if (rest_.starts_with('{')) return list_value();
    return convert(until(U",").text);
  }

  Result<Value> list_value() {
    rest_.remove_prefix(1);
    Value out = Value::array();
    while (true) {
      Piece piece = until(U",}");
      if (piece.ended) return invalid("list must terminate with '}'");
      if (piece.last == '}' && rest_.starts_with(',')) rest_.remove_prefix(1);
      out.push_back(TRY(convert(piece.text)));
      if (piece.last == '}') return out;
    }
  }

  Result<Value> convert(const std::string& text) { return read_(text); }

  // An empty value is null, and takes its comma.
  Result<Value> json_value() {
    std::string_view before = rest_;
    if (skip_comma()) {
      comma_taken_ = true;
      return Value();
    }
    before = rest_;
    Value out = TRY(json::parse_next(before, {json::Numbers::Double}));
    rest_ = before;
    return out;
  }

  // Takes blanks and one comma; true if that was all there was.
  bool skip_comma() {
    if (std::exchange(comma_taken_, false)) return true;
    while (!rest_.empty()) {
      Rune rune = decode_rune(rest_);
      if (rune.value == ',') {
        rest_.remove_prefix(rune.size);
        return true;
      }
      if (!is_space(rune.value)) return false;
      rest_.remove_prefix(rune.size);
    }
    return true;
  }

  std::string_view rest_;
  Form form_;
  Escapes escapes_;
  ReadFile read_;
  bool comma_taken_ = false;
};

}  // namespace

Result<> set_values(std::string_view text, Value& values) {
  auto read = [](std::string_view part) -> Result<Value> { return typed_value(std::string(part)); };
  return Parser(text, Form::Text, read).run(values);
}

Result<> set_strings(std::string_view text, Value& values) {
  auto read = [](std::string_view part) -> Result<Value> { return Value(part); };
  return Parser(text, Form::Text, read).run(values);
}

Result<> set_json(std::string_view text, Value& values) {
  return Parser(text, Form::Json, nullptr).run(values);
}

Result<> set_literal(std::string_view text, Value& values) {
  return Parser(text, Form::Literal, nullptr).run(values);
}

Result<> set_files(std::string_view text, Value& values, const ReadFile& read) {
  return Parser(text, Form::Text, read).run(values);
}

}  // namespace fleet::helm
