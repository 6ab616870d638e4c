#include "gotemplate/builtins.h"

#include <cstdio>

#include "base/strings.h"
#include "gotemplate/exec.h"
#include "gotemplate/format.h"
#include "gotemplate/funcs.h"

namespace fleet::gotemplate {

std::string reflect_text(const Value& value) {
  if (value.kind() == Kind::String) return std::string(value.as_string());
  if (!value.valid()) return "<invalid Value>";
  return cat("<", value.type().name, " Value>");
}

std::string html_escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '\0':
        out += "\xEF\xBF\xBD";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string query_escape(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    if (letter || (byte >= '0' && byte <= '9') || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

namespace {

using Args = std::span<const Value>;

Error failure(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

bool is_slice(const Value& v) {
  return v.kind() == Kind::List || v.kind() == Kind::Bytes;
}

std::string_view indirect_name(const Value& v) {
  return trim_prefix(v.type().name, "*");
}

// --- index, slice, len ---

Result<size_t> index_argument(const Value& index, size_t capacity) {
  if (!index.valid()) return failure("cannot index slice/array with nil");
  if (index.in_interface() || (!index.is_int() && !index.is_uint())) {
    return failure(cat("cannot index slice/array with type ", index.static_type_name()));
  }
  int64_t x = index.as_int();
  if (x < 0 || static_cast<uint64_t>(x) > capacity) return failure(cat("index out of range: ", x));
  return static_cast<size_t>(x);
}

Result<Value> element_at(Heap& heap, const Value& item, const Value& index) {
  size_t size = item.kind() == Kind::List ? list_size(item) : item.as_string().size();
  size_t x = TRY(index_argument(index, size));
  if (x >= size) {
    return failure(item.kind() == Kind::String ? "reflect: string index out of range"
                                               : "reflect: slice index out of range");
  }
  if (item.kind() != Kind::List) {
    return Value::unsigned_integer(static_cast<unsigned char>(item.as_string()[x]), Kind::Uint8);
  }
  Value element = list_items(heap, item)[x];
  return item.type().element ? element : element.boxed();
}

Result<Value> member_at(Heap& heap, const Value& item, const Value& key) {
  if (!key.valid()) return failure("value is nil; should be of type string");
  if (!key.is_string()) {
    return failure(cat("value has type ", key.type().name, "; should be string"));
  }
  const Type* element = item.type().element;
  Value found = map_find(heap, item, key.as_string());
  if (found.valid()) return element ? found : found.boxed();
  if (!element) return Value::nil().boxed();
  if (element->kind == Kind::String) return Value::string({});
  return element->kind == Kind::Bytes ? Value::bytes({}) : Value::nil_of(*element);
}

Result<Value> index(Execution& run, Args args) {
  Value item = args[0].unboxed();
  if (!item.valid()) return failure("index of untyped nil");
  for (const Value& boxed_index : args.subspan(1)) {
    Value by = boxed_index.unboxed();
    item = item.unboxed();
    if (!item.valid()) return failure("index of nil pointer");
    switch (item.kind()) {
      case Kind::List:
      case Kind::Bytes:
      case Kind::String:
        item = TRY(element_at(run.heap(), item, by));
        break;
      case Kind::Map:
        item = TRY(member_at(run.heap(), item, by));
        break;
      default:
        return failure(cat("can't index item of type ", indirect_name(item)));
    }
  }
  return item;
}

Result<Value> slice(Execution& run, Args args) {
  Value item = args[0].unboxed();
  Args indexes = args.subspan(1);
  if (!item.valid()) return failure("slice of untyped nil");
  if (indexes.size() > 3) return failure(cat("too many slice indexes: ", indexes.size()));
  bool text = item.kind() == Kind::String;
  if (text && indexes.size() == 3) return failure("cannot 3-index slice a string");
  if (!text && !is_slice(item)) {
    return failure(cat("can't slice item of type ", indirect_name(item)));
  }
  size_t size = item.kind() == Kind::List ? list_size(item) : item.as_string().size();
  size_t at[3] = {0, size, 0};
  for (size_t i = 0; i < indexes.size(); ++i) {
    at[i] = TRY(index_argument(indexes[i], size));
  }
  if (at[0] > at[1]) return failure(cat("invalid slice index: ", at[0], " > ", at[1]));
  if (indexes.size() == 3 && at[1] > at[2]) {
    return failure(cat("invalid slice index: ", at[1], " > ", at[2]));
  }
  if (text)
    return Value::named(Value::string(item.as_string().substr(at[0], at[1] - at[0])), item.type());
  if (item.kind() == Kind::Bytes)
    return Value::bytes(item.as_string().substr(at[0], at[1] - at[0]));
  ListNode* node = run.heap().create<ListNode>();
  node->type = &item.type();
  node->items =
      const_cast<Value*>(list_items(run.heap(), item).data()) + at[0];  // NOLINT: shared, as in Go
  node->size = static_cast<uint32_t>(at[1] - at[0]);
  return Value::list(node);
}

Result<Value> length(Execution&, Args args) {
  Value item = args[0];
  if (!item.valid()) return failure("reflect: call of reflect.Value.Type on zero Value");
  switch (item.kind()) {
    case Kind::Nil:
      return failure("len of nil pointer");
    case Kind::List:
      return Value::integer(list_size(item));
    case Kind::Map:
      return Value::integer(static_cast<int64_t>(map_size(item)));
    case Kind::String:
    case Kind::Bytes:
      return Value::integer(static_cast<int64_t>(item.as_string().size()));
    default:
      return failure(cat("len of type ", indirect_name(item)));
  }
}

// --- comparison ---

enum class Basic { None, Bool, Complex, Int, Float, String, Uint };

Basic basic_kind(const Value& v) {
  if (v.is_int()) return Basic::Int;
  if (v.is_uint()) return Basic::Uint;
  switch (v.kind()) {
    case Kind::Bool:
      return Basic::Bool;
    case Kind::Complex:
      return Basic::Complex;
    case Kind::Float64:
      return Basic::Float;
    case Kind::String:
      return Basic::String;
    default:
      return Basic::None;
  }
}

bool equal_basic(Basic kind, const Value& a, const Value& b) {
  switch (kind) {
    case Basic::Float:
      return a.as_float() == b.as_float();
    case Basic::Complex:
      return a.as_complex()[0] == b.as_complex()[0] && a.as_complex()[1] == b.as_complex()[1];
    case Basic::String:
      return a.as_string() == b.as_string();
    default:
      return a.as_int() == b.as_int();
  }
}

bool nil_of_its_kind(const Value& v) {
  switch (v.kind()) {
    case Kind::Invalid:
    case Kind::Nil:
      return true;
    case Kind::List:
      return v.as_list() == nullptr;
    case Kind::Map:
      return v.as_map() == nullptr;
    case Kind::Bytes:
      return v.as_string().data() == nullptr;
    default:
      return false;
  }
}

bool same_kind(const Value& a, const Value& b) {
  return a.kind() == b.kind() || (is_slice(a) && is_slice(b));
}

std::string printed(Heap& heap, std::string_view format, const Value& value) {
  std::string out;
  append_printf(heap, out, format, {&value, 1});
  return out;
}

Result<bool> equal_others(Heap& heap, const Value& a, const Value& b) {
  if (!same_kind(a, b) && a.valid() && b.valid()) {
    return failure(cat("non-comparable types ",
                       printed(heap, "%s", a),
                       ": ",
                       a.type().name,
                       ", ",
                       b.type().name,
                       ": ",
                       printed(heap, "%v", b)));
  }
  if (nil_of_its_kind(a) || nil_of_its_kind(b)) return nil_of_its_kind(a) == nil_of_its_kind(b);
  if (b.kind() != Kind::Struct && b.kind() != Kind::Time) {
    return failure(cat("non-comparable type ", printed(heap, "%s", b), ": ", b.type().name));
  }
  if (b.kind() == Kind::Time) return deep_equal(heap, a, b);
  return a.as_struct() == b.as_struct();
}

Result<bool> equal_one(Heap& heap, const Value& a, const Value& b) {
  Basic ka = basic_kind(a);
  Basic kb = basic_kind(b);
  if (ka == kb) return ka == Basic::None ? equal_others(heap, a, b) : equal_basic(ka, a, b);
  if (ka == Basic::Int && kb == Basic::Uint) return a.as_int() >= 0 && a.as_uint() == b.as_uint();
  if (ka == Basic::Uint && kb == Basic::Int) return b.as_int() >= 0 && a.as_uint() == b.as_uint();
  if (a.valid() && b.valid()) {
    return failure(
        cat("incompatible types for comparison: ", a.type().name, " and ", b.type().name));
  }
  return false;
}

Result<bool> equals(Heap& heap, Args args) {
  if (args.size() < 2) return failure("missing argument for comparison");
  Value first = args[0].unboxed();
  for (const Value& other : args.subspan(1)) {
    if (TRY(equal_one(heap, first, other.unboxed()))) return true;
  }
  return false;
}

Result<bool> less(Args args) {
  Value a = args[0].unboxed();
  Value b = args[1].unboxed();
  Basic ka = basic_kind(a);
  Basic kb = basic_kind(b);
  if (ka == Basic::None || kb == Basic::None) return failure("invalid type for comparison");
  if (ka == Basic::Int && kb == Basic::Uint) return a.as_int() < 0 || a.as_uint() < b.as_uint();
  if (ka == Basic::Uint && kb == Basic::Int) return b.as_int() >= 0 && a.as_uint() < b.as_uint();
  if (ka != kb) {
    return failure(
        cat("incompatible types for comparison: ", a.type().name, " and ", b.type().name));
  }
  switch (ka) {
    case Basic::Int:
      return a.as_int() < b.as_int();
    case Basic::Uint:
      return a.as_uint() < b.as_uint();
    case Basic::Float:
      return a.as_float() < b.as_float();
    case Basic::String:
      return a.as_string() < b.as_string();
    default:
      return failure("invalid type for comparison");
  }
}

Result<bool> less_or_equal(Heap& heap, Args args) {
  if (TRY(less(args))) return true;
  return equals(heap, args);
}

Result<Value> eq(Execution& run, Args args) {
  return Value::boolean(TRY(equals(run.heap(), args)));
}
Result<Value> ne(Execution& run, Args args) {
  return Value::boolean(!TRY(equals(run.heap(), args)));
}
Result<Value> lt(Execution&, Args args) {
  return Value::boolean(TRY(less(args)));
}
Result<Value> ge(Execution&, Args args) {
  return Value::boolean(!TRY(less(args)));
}
Result<Value> le(Execution& run, Args args) {
  return Value::boolean(TRY(less_or_equal(run.heap(), args)));
}
Result<Value> gt(Execution& run, Args args) {
  return Value::boolean(!TRY(less_or_equal(run.heap(), args)));
}

// --- logic, printing, escaping ---

Result<Value> negate(Execution&, Args args) {
  return Value::boolean(!is_true(args[0]));
}

// and, or and call are run by the interpreter itself.
Result<Value> unreachable(Execution&, Args) {
  return failure("unreachable");
}

Result<Value> kept(Execution& run, const std::string& text) {
  return Value::string(run.heap().copy(text));
}

Result<Value> print(Execution& run, Args args) {
  std::string out;
  append_print(run.heap(), out, args);
  return kept(run, out);
}

Result<Value> println(Execution& run, Args args) {
  std::string out;
  append_println(run.heap(), out, args);
  return kept(run, out);
}

Result<Value> printf(Execution& run, Args args) {
  std::string out;
  append_printf(run.heap(), out, args[0].as_string(), args.subspan(1));
  return kept(run, out);
}

// The text that an action would show; absent values as "<no value>".
std::string shown(Execution& run, Args args) {
  std::vector<Value> values(args.begin(), args.end());
  for (Value& value : values) {
    if (value.is_nil()) value = Value::string("<no value>");
  }
  std::string out;
  append_print(run.heap(), out, values);
  return out;
}

Result<Value> html(Execution& run, Args args) {
  return kept(run, html_escape(shown(run, args)));
}

Result<Value> urlquery(Execution& run, Args args) {
  return kept(run, query_escape(shown(run, args)));
}

void append_code(std::string& out, const char* format, unsigned value) {
  char code[16];
  std::snprintf(code, sizeof code, format, value);
  out += code;
}

Result<Value> js(Execution& run, Args args) {
  std::string text = shown(run, args);
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    Rune rune = decode_rune(rest);
    char c = rest[0];
    if (rune.value >= 0x80) {
      if (is_printable(rune.value)) {
        out += rest.substr(0, rune.size);
      } else {
        append_code(out, "\\u%04X", static_cast<unsigned>(rune.value));
      }
    } else if (c == '\\' || c == '\'' || c == '"') {
      out += '\\';
      out += c;
    } else if (c == '<' || c == '>' || c == '&' || c == '=') {
      append_code(out, "\\u%04X", static_cast<unsigned>(c));
    } else if (c < ' ') {
      append_code(out, "\\u00%02X", static_cast<unsigned>(c));
    } else {
      out += c;
    }
    rest.remove_prefix(rune.size);
  }
  return kept(run, out);
}

constexpr Function kBuiltins[] = {{"and", "vv*", &unreachable},
                                  {"call", "vv*", &unreachable},
                                  {"eq", "vv*", &eq},
                                  {"ge", "vv", &ge},
                                  {"gt", "vv", &gt},
                                  {"html", "a*", &html},
                                  {"index", "vv*", &index},
                                  {"js", "a*", &js},
                                  {"le", "vv", &le},
                                  {"len", "v", &length},
                                  {"lt", "vv", &lt},
                                  {"ne", "vv", &ne},
                                  {"not", "v", &negate},
                                  {"or", "vv*", &unreachable},
                                  {"print", "a*", &print},
                                  {"printf", "sa*", &printf},
                                  {"println", "a*", &println},
                                  {"slice", "vv*", &slice},
                                  {"urlquery", "a*", &urlquery}};

}  // namespace

void FunctionTable::add(std::span<const Function> functions) {
  for (const Function& function : functions)
    functions_[function.name] = &function;
}

void FunctionTable::remove(std::string_view name) {
  functions_.erase(name);
}

const Function* FunctionTable::find(std::string_view name) const {
  auto at = functions_.find(name);
  return at == functions_.end() ? nullptr : at->second;
}

const FunctionTable& builtin_functions() {
  static const FunctionTable table = [] {
    FunctionTable t;
    t.add(kBuiltins);
    return t;
  }();
  return table;
}

}  // namespace fleet::gotemplate
