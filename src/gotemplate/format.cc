#include "gotemplate/format.h"

#include <charconv>

#include "base/strings.h"
#include "gotemplate/format_verb.h"
#include "gotemplate/number.h"

namespace fleet::gotemplate {
namespace {

class Printer {
 public:
  Printer(Heap& heap, std::string& out)
      : heap_(heap),
        out_(out),
        field_(out),
        start_(out.size()) {}

  Flags& flags() { return field_.flags; }

  // One operand, as Go's printArg.
  void operand(const Value& value, char32_t verb) {
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

  void type_name(const Value& value) { out_ += value.is_nil() ? "<nil>" : value.type().name; }

 private:
  // Whether to stop: the output is too large or the value too deep.
  bool ends(int depth) {
    if (out_.size() - start_ > kMaxPrintedBytes || heap_.exhausted()) return true;
    if (depth <= kMaxValueDepth) return false;
    out_ += "...";
    return true;
  }

  void bad_verb(const Value& value, char32_t verb, bool top) {
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

  // String() and Error() methods, for the verbs that ask for them.
  bool by_method(const Value& value, char32_t verb) {
    if (erroring_) return false;
    if (verb == 'w') {
      bad_verb(value, verb, true);
      return true;
    }
    auto text = value.type().text;
    if (!text || field_.flags.sharp_v) return false;
    if (verb != 'v' && verb != 's' && verb != 'x' && verb != 'X' && verb != 'q') return false;
    string(value, text(value), verb);
    return true;
  }

  void print(const Value& value, char32_t verb, int depth) {
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

  // An interface that holds nothing, inside a list, map or struct.
  void nothing(const Value&, char32_t) {
    out_ += field_.flags.sharp_v ? "interface {}(nil)" : "<nil>";
  }

  void integer(const Value& value, bool is_signed, char32_t verb) {
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

  void hex(uint64_t number, bool prefixed) {
    bool sharp = field_.flags.sharp;
    field_.flags.sharp = prefixed;
    field_.integer(number, 16, false, 'v', false);
    field_.flags.sharp = sharp;
  }

  void floating(const Value& value, double number, char32_t verb) {
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

  void complex(const Value& value, char32_t verb) {
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

  void string(const Value& value, std::string_view text, char32_t verb) {
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

  void bytes(const Value& value, char32_t verb, std::string_view type) {
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

  void list_of_bytes(const Value& value, char32_t verb) {
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

  void list(const Value& value, char32_t verb, int depth) {
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

  void map(const Value& value, char32_t verb, int depth) {
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

  void structure(const Value& value, char32_t verb, int depth) {
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

  // Addresses differ from run to run in Go; ours are always the same.
  void pointer(const Value& value, char32_t verb) {
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

  Heap& heap_;
  std::string& out_;
  Field field_;
  size_t start_;
  bool erroring_ = false;
};

// A Printf format and where we are in it.
class Format {
 public:
  Format(Heap& heap, std::string& out, std::string_view format, std::span<const Value> values)
      : out_(out),
        printer_(heap, out),
        format_(format),
        values_(values) {}

  void run() {
    while (at_ < format_.size()) {
      size_t percent = format_.find('%', at_);
      out_ += format_.substr(at_, percent - at_);
      if (percent == std::string_view::npos) break;
      at_ = percent + 1;
      directive();
    }
    if (!reordered_ && next_ < values_.size()) extra();
  }

 private:
  void directive() {
    good_ = true;
    bool indexed = false;
    printer_.flags() = Flags{};
    read_flags();
    read_index(indexed);
    read_width(indexed);
    if (at_ + 1 < format_.size() && format_[at_] == '.') read_precision(indexed);
    if (!indexed) read_index(indexed);
    if (at_ >= format_.size()) {
      out_ += "%!(NOVERB)";
      return;
    }
    Rune rune = decode_rune(format_.substr(at_));
    at_ += rune.size;
    if (rune.value == '%') {
      out_ += '%';
    } else if (!good_) {
      complain(rune.value, "(BADINDEX)");
    } else if (next_ >= values_.size()) {
      complain(rune.value, "(MISSING)");
    } else {
      Flags& flags = printer_.flags();
      if (rune.value == 'v' || rune.value == 'w') {
        flags.sharp_v = flags.sharp;
        flags.sharp = false;
        flags.plus_v = flags.plus;
        flags.plus = false;
      }
      printer_.operand(values_[next_++], rune.value);
    }
  }

  void complain(char32_t verb, std::string_view what) {
    out_ += "%!";
    append_rune(out_, verb);
    out_ += what;
  }

  void read_flags() {
    Flags& flags = printer_.flags();
    for (; at_ < format_.size(); ++at_) {
      switch (format_[at_]) {
        case '#':
          flags.sharp = true;
          break;
        case '0':
          flags.zero = true;
          break;
        case '+':
          flags.plus = true;
          break;
        case '-':
          flags.minus = true;
          break;
        case ' ':
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  // Digits at the current place; Go gives up, and skips to the end, when the number is too large.
  bool read_number(int& number) {
    number = 0;
    bool found = false;
    for (; at_ < format_.size() && format_[at_] >= '0' && format_[at_] <= '9'; ++at_) {
      if (number > kMaxFormatWidth) {
        number = 0;
        at_ = format_.size();
        return false;
      }
      number = number * 10 + (format_[at_] - '0');
      found = true;
    }
    return found;
  }

  // "[2]": the operand to take next.
  void read_index(bool& indexed) {
    indexed = false;
    if (at_ >= format_.size() || format_[at_] != '[') return;
    reordered_ = true;
    std::string_view rest = format_.substr(at_);
    size_t close = rest.find(']');
    if (rest.size() < 3 || close == std::string_view::npos) {
      good_ = false;
      ++at_;
      return;
    }
    std::string_view digits = rest.substr(1, close - 1);
    int index = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    at_ += close + 1;
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        digits[0] == '-') {
      good_ = false;
      return;
    }
    indexed = true;
    if (index >= 1 && static_cast<size_t>(index) <= values_.size()) {
      next_ = static_cast<size_t>(index - 1);
    } else {
      good_ = false;
    }
  }

  bool number_operand(int& number) {
    number = 0;
    if (next_ >= values_.size()) return false;
    const Value& value = values_[next_++];
    int64_t wide = value.is_int() || value.is_uint() ? value.as_int() : INT64_MAX;
    if (wide > kMaxFormatWidth || wide < -kMaxFormatWidth) return false;
    number = static_cast<int>(wide);
    return true;
  }

  void read_width(bool& indexed) {
    Flags& flags = printer_.flags();
    if (at_ < format_.size() && format_[at_] == '*') {
      ++at_;
      flags.has_width = number_operand(flags.width);
      if (!flags.has_width) out_ += "%!(BADWIDTH)";
      if (flags.width < 0) {
        flags.width = -flags.width;
        flags.minus = true;
        flags.zero = false;
      }
      indexed = false;
      return;
    }
    flags.has_width = read_number(flags.width);
    if (indexed && flags.has_width) good_ = false;
  }

  void read_precision(bool& indexed) {
    Flags& flags = printer_.flags();
    ++at_;
    if (indexed) good_ = false;
    read_index(indexed);
    if (at_ < format_.size() && format_[at_] == '*') {
      ++at_;
      flags.has_precision = number_operand(flags.precision);
      if (flags.precision < 0) {
        flags.precision = 0;
        flags.has_precision = false;
      }
      if (!flags.has_precision) out_ += "%!(BADPREC)";
      indexed = false;
      return;
    }
    if (!read_number(flags.precision)) flags.precision = 0;
    flags.has_precision = true;
  }

  void extra() {
    printer_.flags() = Flags{};
    out_ += "%!(EXTRA ";
    for (size_t i = next_; i < values_.size(); ++i) {
      if (i > next_) out_ += ", ";
      printer_.type_name(values_[i]);
      if (values_[i].is_nil()) continue;
      out_ += '=';
      printer_.operand(values_[i], 'v');
    }
    out_ += ')';
  }

  std::string& out_;
  Printer printer_;
  std::string_view format_;
  std::span<const Value> values_;
  size_t at_ = 0;
  size_t next_ = 0;
  bool reordered_ = false;
  bool good_ = true;
};

}  // namespace

void append_value(Heap& heap, std::string& out, const Value& value) {
  if (value.type_index() == 0) {
    switch (value.kind()) {
      case Kind::String:
        out += value.as_string();
        return;
      case Kind::Bool:
        out += value.as_bool() ? "true" : "false";
        return;
      case Kind::Int:
      case Kind::Int64: {
        char digits[24];
        auto end = std::to_chars(digits, digits + sizeof digits, value.as_int()).ptr;
        out.append(digits, end);
        return;
      }
      case Kind::Float64:
        append_go_float(out, value.as_float(), 'g', -1);
        return;
      default:
        break;
    }
  }
  Printer(heap, out).operand(value, 'v');
}

std::string value_text(Heap& heap, const Value& value) {
  std::string out;
  append_value(heap, out, value);
  return out;
}

void append_print(Heap& heap, std::string& out, std::span<const Value> values) {
  bool previous_string = false;
  for (size_t i = 0; i < values.size(); ++i) {
    bool is_string = values[i].kind() == Kind::String;
    if (i > 0 && !is_string && !previous_string) out += ' ';
    append_value(heap, out, values[i]);
    previous_string = is_string;
  }
}

void append_println(Heap& heap, std::string& out, std::span<const Value> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    append_value(heap, out, values[i]);
  }
  out += '\n';
}

void append_printf(Heap& heap,
                   std::string& out,
                   std::string_view format,
                   std::span<const Value> values) {
  Format(heap, out, format, values).run();
}

}  // namespace fleet::gotemplate
