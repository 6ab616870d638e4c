// One formatted operand: flags, width and precision, and the verbs of scalars.
//
// For the .cc files of this room. `Printer` walks values; `Field` lays out one scalar.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace fleet::gotemplate {

struct Flags {
  bool sharp = false;
  bool zero = false;
  bool plus = false;
  bool minus = false;
  bool space = false;
  bool sharp_v = false;
  bool plus_v = false;
  bool has_width = false;
  bool has_precision = false;
  int width = 0;
  int precision = 0;
};

class Field {
 public:
  explicit Field(std::string& out)
      : out_(out) {}

  Flags flags;

  void padding(int count);
  void pad(std::string_view text);
  void boolean(bool value) { pad(value ? "true" : "false"); }
  void integer(uint64_t number, int base, bool is_signed, char32_t verb, bool upper);
  void unicode(uint64_t number);
  void character(uint64_t number);
  void quoted_character(uint64_t number);
  void string(std::string_view text) { pad(truncated(text)); }
  void hex(std::string_view bytes, bool upper);
  void quoted(std::string_view text);
  void floating(double number, char verb, int precision);

 private:
  std::string_view truncated(std::string_view text) const;

  std::string& out_;
};

}  // namespace fleet::gotemplate
