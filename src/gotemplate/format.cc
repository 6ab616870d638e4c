#include "gotemplate/format.h"

#include <charconv>

#include "base/strings.h"
#include "gotemplate/number.h"
#include "gotemplate/printer.h"

namespace fleet::gotemplate {
namespace {

// A Printf format and where we are in it.
class Format {
 public:
  Format(Heap& heap, std::string& out, std::string_view format, std::span<const Value> values)
      : heap_(heap),
        out_(out),
        start_(out.size()),
        printer_(heap, out),
        format_(format),
        values_(values) {}

  void run() {
    while (at_ < format_.size()) {
      if (out_.size() - start_ > kMaxPrintedBytes) return heap_.exhaust();
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

  Heap& heap_;
  std::string& out_;
  size_t start_;
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
