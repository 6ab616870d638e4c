// The language of --set: reading ends, within its limits, in an object, whatever was there before.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "data/value/value.h"
#include "helm/chart/strvals.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace helm = fleet::helm;
  using fleet::data::Value;
  if (size > 4096) return 0;  // each list of a term may have 65,537 items
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  Value base = Value::object(
      {{"a", Value::object({{"b", 1}, {"c", Value::array({1, "x"})}})}, {"l", Value::array({2})}});
  for (auto read : {&helm::set_values, &helm::set_strings, &helm::set_json, &helm::set_literal}) {
    Value values = base;
    static_cast<void>(read(text, values).ok());
    if (!values.is_object()) __builtin_trap();
  }
  if (base["l"].size() != 1) __builtin_trap();
  return 0;
}
