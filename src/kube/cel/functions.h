// The functions that expressions may call. For this room.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "kube/cel/value.h"

namespace fleet::kube::cel {

// What an evaluation has spent; functions add what they look at.
struct Meter {
  uint64_t spent = 0;
  uint64_t limit = 0;

  void add(uint64_t cost) { spent += cost; }
  // Timeout when the limit is passed.
  Result<> check() const;
};

using Args = std::span<const Val>;  // the target first, if there is one

struct Function {
  std::string_view name;
  size_t least = 1;  // arguments, the target included
  size_t most = 1;
  bool has_target = false;
  Result<Val> (*run)(Args args, Meter& meter) = nullptr;
};

// Null when there is none with this name, count and form.
const Function* find_function(std::string_view name, size_t arguments, bool has_target);

// One table a file.
std::span<const Function> basic_functions();
std::span<const Function> text_functions();
std::span<const Function> list_functions();
std::span<const Function> special_functions();

// Binary operators: + - * / % < <= > >= == != in.
Result<Val> operate(std::string_view op, const Val& a, const Val& b);

// Helpers of the tables.
Result<std::string_view> text_of(const Val& value);
Result<int64_t> integer_of(const Val& value);

}  // namespace fleet::kube::cel
