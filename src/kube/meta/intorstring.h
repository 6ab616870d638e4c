// IntOrString: a whole number or a text, often a percentage. As apimachinery's util/intstr.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/fields/type.h"
#include "data/value/value.h"

namespace fleet::kube {

struct IntOrString {
  bool is_string = false;
  int32_t number = 0;
  std::string text;

  static IntOrString of(int32_t number) { return {false, number, {}}; }
  static IntOrString of(std::string_view text) { return {true, 0, std::string(text)}; }
  // Text that is a whole number becomes one, as intstr.Parse.
  static IntOrString parse(std::string_view text);

  std::string str() const;  // "5" or "25%"
  data::Value to_value() const;
  static Result<IntOrString> from_value(const data::Value& value);

  static const data::TypeInfo& data_type();

  friend bool operator==(const IntOrString&, const IntOrString&) = default;
};

enum class Rounding { Down, Up };
// A number as it is, a percentage of `total`. Invalid for other texts:
// "invalid value for IntOrString: invalid type: string is not a percentage".
Result<int> scaled_value(const IntOrString& value, int total, Rounding rounding);

}  // namespace fleet::kube
