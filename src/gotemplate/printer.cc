#include "gotemplate/printer.h"

#include "base/strings.h"
#include "gotemplate/format.h"

namespace fleet::gotemplate {

void Printer::operand(const Value& value, char32_t verb) {
  if (value.is_nil()) {
    if (verb == 'T' || verb == 'v') {
      field_.pad("<nil>");
    } else {
      bad_verb(value, verb, true);
    }
    return;
  }
  if (verb == 'T') return field_.string(value.type().name);
  if (verb == 'p') return pointer(value, verb);
  if (value.kind() == Kind::Bytes) return bytes(value, verb, "[]byte");
  print(value, verb, 0);
}

bool Printer::ends(int depth) {
  if (out_.size() - start_ > kMaxPrintedBytes) heap_.exhaust();
  if (heap_.exhausted()) return true;
  if (depth <= kMaxValueDepth) return false;
  out_ += "...";
  return true;
}

void Printer::bad_verb(const Value& value, char32_t verb, bool top) {
  out_ += "%!";
  append_rune(out_, verb);
  out_ += '(';
  if (value.is_nil()) {
    out_ += "<nil>";
  } else {
    out_ += value.kind() == Kind::Bytes ? "[]uint8" : value.type().name;
    out_ += '=';
    bool was = erroring_;
    erroring_ = true;
    if (top && value.kind() == Kind::Bytes) {
      bytes(value, 'v', "[]byte");
    } else {
      print(value, 'v', 0);
    }
    erroring_ = was;
  }
  out_ += ')';
}

bool Printer::by_method(const Value& value, char32_t verb) {
  if (erroring_) return false;
  if (verb == 'w') {
    bad_verb(value, verb, true);
    return true;
  }
  auto text = value.type().text_by_address ? nullptr : value.type().text;
  if (!text || field_.flags.sharp_v) return false;
  if (verb != 'v' && verb != 's' && verb != 'x' && verb != 'X' && verb != 'q') return false;
  string(value, text(value), verb);
  return true;
}

void Printer::print(const Value& value, char32_t verb, int depth) {
  if (ends(depth)) return;
  if (value.is_nil()) return nothing(value, verb);
  if ((value.type().text || verb == 'w') && by_method(value, verb)) return;
  switch (value.kind()) {
    case Kind::Bool:
      if (verb != 't' && verb != 'v') return bad_verb(value, verb, depth == 0);
      return field_.boolean(value.as_bool());
    case Kind::Int:
    case Kind::Int32:
    case Kind::Int64:
      return integer(value, true, verb);
    case Kind::Uint8:
    case Kind::Uint64:
      return integer(value, false, verb);
    case Kind::Float64:
      return floating(value, value.as_float(), verb);
    case Kind::Complex:
      return complex(value, verb);
    case Kind::String:
      return string(value, value.as_string(), verb);
    case Kind::Bytes:
      return list_of_bytes(value, verb);
    case Kind::List:
      return list(value, verb, depth);
    case Kind::Map:
      return map(value, verb, depth);
    case Kind::Struct:
      return structure(value, verb, depth);
    case Kind::Time:
    case Kind::Func:
      return pointer(value, verb);
    default:
      return;
  }
}

void Printer::nothing(const Value&, char32_t) {
  out_ += field_.flags.sharp_v ? "interface {}(nil)" : "<nil>";
}

void Printer::integer(const Value& value, bool is_signed, char32_t verb) {
  uint64_t number = value.as_uint();
  switch (verb) {
    case 'v':
      if (field_.flags.sharp_v && !is_signed) return hex(number, true);
      return field_.integer(number, 10, is_signed, verb, false);
    case 'd':
      return field_.integer(number, 10, is_signed, verb, false);
    case 'b':
      return field_.integer(number, 2, is_signed, verb, false);
    case 'o':
    case 'O':
      return field_.integer(number, 8, is_signed, verb, false);
    case 'x':
    case 'X':
      return field_.integer(number, 16, is_signed, verb, verb == 'X');
    case 'c':
      return field_.character(number);
    case 'q':
      return field_.quoted_character(number);
    case 'U':
      return field_.unicode(number);
    default:
      return bad_verb(value, verb, true);
  }
}

void Printer::hex(uint64_t number, bool prefixed) {
  bool sharp = field_.flags.sharp;
  field_.flags.sharp = prefixed;
  field_.integer(number, 16, false, 'v', false);
  field_.flags.sharp = sharp;
}

void Printer::floating(const Value& value, double number, char32_t verb) {
  switch (verb) {
    case 'v':
      return field_.floating(number, 'g', -1);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return field_.floating(number, static_cast<char>(verb), -1);
    case 'f':
    case 'e':
    case 'E':
      return field_.floating(number, static_cast<char>(verb), 6);
    case 'F':
      return field_.floating(number, 'f', 6);
    default:
      return bad_verb(value, verb, true);
  }
}

void Printer::complex(const Value& value, char32_t verb) {
  if (verb >= 0x80 ||
      std::string_view("vbgGxXfFeE").find(static_cast<char>(verb)) == std::string_view::npos) {
    return bad_verb(value, verb, true);
  }
  bool plus = field_.flags.plus;
  out_ += '(';
  floating(value, value.as_complex()[0], verb);
  field_.flags.plus = true;
  floating(value, value.as_complex()[1], verb);
  out_ += "i)";
  field_.flags.plus = plus;
}

void Printer::string(const Value& value, std::string_view text, char32_t verb) {
  switch (verb) {
    case 'v':
      if (field_.flags.sharp_v) return field_.quoted(text);
      return field_.string(text);
    case 's':
      return field_.string(text);
    case 'x':
    case 'X':
      return field_.hex(text, verb == 'X');
    case 'q':
      return field_.quoted(text);
    default:
      return bad_verb(value, verb, true);
  }
}

void Printer::bytes(const Value& value, char32_t verb, std::string_view type) {
  std::string_view text = value.as_string();
  switch (verb) {
    case 's':
      return field_.string(text);
    case 'x':
    case 'X':
      return field_.hex(text, verb == 'X');
    case 'q':
      return field_.quoted(text);
    case 'v':
    case 'd':
      break;
    default:
      return list_of_bytes(value, verb);
  }
  bool sharp = field_.flags.sharp_v;
  if (sharp) out_ += type;
  out_ += sharp ? '{' : '[';
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0) out_ += sharp ? ", " : " ";
    auto byte = static_cast<unsigned char>(text[i]);
    if (sharp) {
      hex(byte, true);
    } else {
      field_.integer(byte, 10, false, verb, false);
    }
  }
  out_ += sharp ? '}' : ']';
}

void Printer::list_of_bytes(const Value& value, char32_t verb) {
  if (verb == 's' || verb == 'q' || verb == 'x' || verb == 'X') {
    return bytes(value, verb, value.type().name);
  }
  bool sharp = field_.flags.sharp_v;
  if (sharp) out_ += value.type().name;
  out_ += sharp ? '{' : '[';
  std::string_view text = value.as_string();
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0) out_ += sharp ? ", " : " ";
    auto byte = static_cast<unsigned char>(text[i]);
    integer(Value::unsigned_integer(byte, Kind::Uint8), false, verb);
  }
  out_ += sharp ? '}' : ']';
}

void Printer::list(const Value& value, char32_t verb, int depth) {
  bool sharp = field_.flags.sharp_v;
  if (sharp) {
    out_ += value.type().name;
    if (!value.as_list()) {
      out_ += "(nil)";
      return;
    }
  }
  out_ += sharp ? '{' : '[';
  bool first = true;
  for (const Value& item : list_items(heap_, value)) {
    if (!first) out_ += sharp ? ", " : " ";
    first = false;
    print(item, verb, depth + 1);
  }
  out_ += sharp ? '}' : ']';
}

void Printer::map(const Value& value, char32_t verb, int depth) {
  bool sharp = field_.flags.sharp_v;
  if (sharp) {
    out_ += value.type().name;
    if (!value.as_map()) {
      out_ += "(nil)";
      return;
    }
  }
  out_ += sharp ? "{" : "map[";
  bool first = true;
  for (const Entry& entry : map_sorted(heap_, value)) {
    if (!first) out_ += sharp ? ", " : " ";
    first = false;
    string(Value::string(entry.key), entry.key, verb);
    out_ += ':';
    print(entry.value, verb, depth + 1);
  }
  out_ += sharp ? '}' : ']';
}

void Printer::structure(const Value& value, char32_t verb, int depth) {
  const StructNode& node = *value.as_struct();
  bool sharp = field_.flags.sharp_v;
  if (node.type->pointer && depth > 0) return pointer(value, verb);
  if (node.type->pointer) out_ += '&';
  if (sharp) out_ += trim_prefix(node.type->name, "*");
  out_ += '{';
  for (size_t i = 0; i < node.type->fields.size(); ++i) {
    if (i > 0) out_ += sharp ? ", " : " ";
    if (sharp || field_.flags.plus_v) {
      out_ += node.type->fields[i];
      out_ += ':';
    }
    print(node.fields[i], verb, depth + 1);
  }
  out_ += '}';
}

void Printer::pointer(const Value& value, char32_t verb) {
  switch (value.kind()) {
    case Kind::List:
    case Kind::Map:
    case Kind::Bytes:
    case Kind::Func:
    case Kind::Struct:
      break;
    default:
      return bad_verb(value, verb, true);
  }
  hex(0xc000000000, true);
}

}  // namespace fleet::gotemplate
