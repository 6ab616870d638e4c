#include "gotemplate/sprig.h"

#include <cmath>

#include "base/strings.h"
#include "gotemplate/format.h"
#include "gotemplate/number.h"

namespace fleet::gotemplate {

Result<> room_for(Execution& run, uint64_t bytes) {
  if (run.heap().fits(bytes)) return {};
  return Error(Code::RequestEntityTooLarge,
               cat("result is too large: the render may use ", run.limits().heap_bytes, " bytes"));
}

Result<> work(Execution& run, uint64_t steps) {
  if (run.charge(steps)) return {};
  return Error(Code::RequestEntityTooLarge,
               cat("the render takes more than ", run.limits().steps, " steps"));
}

std::string_view strval(Execution& run, const Value& value) {
  if (value.is_string() || value.kind() == Kind::Bytes) return value.as_string();
  const Type& type = value.type();
  if (type.text && !type.text_by_address) return run.heap().copy(type.text(value));
  return run.heap().copy(value_text(run.heap(), value));
}

int64_t parse_clamped(std::string_view text) {
  if (auto number = parse_go_int(text, 10)) return *number;
  bool negative = text.starts_with('-');
  std::string_view digits = negative || text.starts_with('+') ? text.substr(1) : text;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return 0;
  return negative ? INT64_MIN : INT64_MAX;
}

int64_t truncate_float(double number) {
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0) {
    return static_cast<int64_t>(number);
  }
  return INT64_MIN;
}

namespace {

// "1.00" is "1"; "1.50" stays.
std::string_view trim_zero_decimal(std::string_view text) {
  bool zero = false;
  for (size_t i = text.size(); i > 0; --i) {
    char c = text[i - 1];
    if (c == '.') {
      if (zero) return text.substr(0, i - 1);
    } else if (c == '0') {
      zero = true;
    } else {
      return text;
    }
  }
  return text;
}

}  // namespace

int64_t to_int64(const Value& value) {
  const Type& type = value.type();
  switch (value.kind()) {
    case Kind::Bool:
    case Kind::Int:
    case Kind::Int32:
    case Kind::Uint8:
    case Kind::Uint64:
      return value.as_int();
    case Kind::Int64:
      return &type == &types::kDuration ? 0 : value.as_int();
    case Kind::Float64:
      return truncate_float(value.as_float());
    case Kind::String:
      return parse_go_int(trim_zero_decimal(value.as_string())).value_or(0);
    default:
      return 0;
  }
}

double to_float64(const Value& value) {
  switch (value.kind()) {
    case Kind::Float64:
      return value.as_float();
    case Kind::String:
      return parse_go_float(value.as_string()).value_or(0);
    case Kind::Uint64:
      return static_cast<double>(value.as_uint());
    default:
      return static_cast<double>(to_int64(value));
  }
}

std::string_view kind_name(const Value& value) {
  if (value.type().pointer) return "ptr";
  switch (value.kind()) {
    case Kind::Bool:
      return "bool";
    case Kind::Int:
      return "int";
    case Kind::Int32:
      return "int32";
    case Kind::Int64:
      return "int64";
    case Kind::Uint8:
      return "uint8";
    case Kind::Uint64:
      return "uint64";
    case Kind::Float64:
      return "float64";
    case Kind::Complex:
      return "complex128";
    case Kind::String:
      return "string";
    case Kind::Bytes:
    case Kind::List:
      return "slice";
    case Kind::Map:
      return "map";
    case Kind::Struct:
    case Kind::Time:
      return "struct";
    case Kind::Func:
      return "func";
    default:
      return "invalid";
  }
}

bool is_list_kind(const Value& value) {
  return value.kind() == Kind::List || value.kind() == Kind::Bytes;
}

std::span<const Value> elements(Execution& run, const Value& list) {
  if (list.kind() == Kind::List) return list_items(run.heap(), list);
  std::string_view bytes = list.as_string();
  Value* items = run.heap().array<Value>(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    items[i] = Value::unsigned_integer(static_cast<unsigned char>(bytes[i]), Kind::Uint8);
  }
  return {items, bytes.size()};
}

std::vector<std::string_view> string_slice(Execution& run, const Value& value) {
  std::vector<std::string_view> out;
  if (value.is_nil()) return out;
  if (!is_list_kind(value)) {
    out.push_back(strval(run, value));
    return out;
  }
  for (const Value& item : elements(run, value)) {
    if (!item.is_nil()) out.push_back(strval(run, item));
  }
  return out;
}

Result<> room_for_parts(Execution& run, std::string_view text, std::string_view separator) {
  constexpr size_t kPart = sizeof(std::string_view) + sizeof(Value);
  if (separator.empty()) return room_for(run, text.size() * kPart);
  size_t parts = 1;
  for (size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, at + separator.size())) {
    ++parts;
  }
  return room_for(run, parts * kPart);
}

std::vector<std::string_view> go_split(std::string_view text,
                                       std::string_view separator,
                                       int64_t n) {
  std::vector<std::string_view> out;
  if (n == 0) return out;
  auto full = [&] { return n > 0 && static_cast<int64_t>(out.size()) == n - 1; };
  if (separator.empty()) {  // one part for each rune
    while (!text.empty() && !full()) {
      size_t size = decode_rune(text).size;
      out.push_back(text.substr(0, size));
      text.remove_prefix(size);
    }
    if (!text.empty()) out.push_back(text);
    return out;
  }
  for (size_t at = text.find(separator); at != std::string_view::npos && !full();
       at = text.find(separator)) {
    out.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  out.push_back(text);
  return out;
}

std::string go_replace(std::string_view text, std::string_view from, std::string_view to) {
  if (!from.empty()) return from == to ? std::string(text) : replace_all(text, from, to);
  std::string out(to);  // before every rune, and at the end
  while (!text.empty()) {
    size_t size = decode_rune(text).size;
    out += text.substr(0, size);
    out += to;
    text.remove_prefix(size);
  }
  return out;
}

std::string map_runes(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    append_rune(out, map(rune.value));
    text.remove_prefix(rune.size);
  }
  return out;
}

const FunctionTable& sprig_functions() {
  static const FunctionTable table = [] {
    FunctionTable t = builtin_functions();
    t.add(sprig_string_functions());
    t.add(sprig_case_functions());
    t.add(sprig_number_functions());
    t.add(sprig_date_functions());
    t.add(sprig_list_functions());
    t.add(sprig_dict_functions());
    t.add(sprig_logic_functions());
    t.add(sprig_encoding_functions());
    t.add(sprig_regex_functions());
    t.add(sprig_semver_functions());
    t.add(sprig_crypto_functions());
    t.add(sprig_system_functions());
    return t;
  }();
  return table;
}

}  // namespace fleet::gotemplate
