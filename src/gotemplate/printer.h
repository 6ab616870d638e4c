// Walks a value and prints it with one verb, as package fmt's printValue. For the .cc files of this
// room.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/format_verb.h"
#include "gotemplate/value.h"

namespace fleet::gotemplate {

class Printer {
 public:
  Printer(Heap& heap, std::string& out)
      : heap_(heap),
        out_(out),
        field_(out),
        start_(out.size()) {}

  Flags& flags() { return field_.flags; }

  // One operand, as Go's printArg.
  void operand(const Value& value, char32_t verb);
  void type_name(const Value& value) { out_ += value.is_nil() ? "<nil>" : value.type().name; }

 private:
  // Whether to stop: the output is too large or the value too deep.
  bool ends(int depth);
  void bad_verb(const Value& value, char32_t verb, bool top);
  // String() and Error() methods, for the verbs that ask for them.
  bool by_method(const Value& value, char32_t verb);
  void print(const Value& value, char32_t verb, int depth);
  // An interface that holds nothing, inside a list, map or struct.
  void nothing(const Value&, char32_t);
  void integer(const Value& value, bool is_signed, char32_t verb);
  void hex(uint64_t number, bool prefixed);
  void floating(const Value& value, double number, char32_t verb);
  void complex(const Value& value, char32_t verb);
  void string(const Value& value, std::string_view text, char32_t verb);
  void bytes(const Value& value, char32_t verb, std::string_view type);
  void list_of_bytes(const Value& value, char32_t verb);
  void list(const Value& value, char32_t verb, int depth);
  void map(const Value& value, char32_t verb, int depth);
  void structure(const Value& value, char32_t verb, int depth);
  // Addresses differ from run to run in Go; ours are always the same.
  void pointer(const Value& value, char32_t verb);

  Heap& heap_;
  std::string& out_;
  Field field_;
  size_t start_;
  bool erroring_ = false;
};

}  // namespace fleet::gotemplate
