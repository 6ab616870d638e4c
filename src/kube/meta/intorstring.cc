#include "kube/meta/intorstring.h"

#include <limits>

#include "base/strings.h"

namespace fleet::kube {

IntOrString IntOrString::parse(std::string_view text) {
  auto number = parse_int(trim_prefix(text, "+"));
  bool fits = number && *number >= INT32_MIN && *number <= INT32_MAX;
  return fits ? of(static_cast<int32_t>(*number)) : of(text);
}

std::string IntOrString::str() const {
  return is_string ? text : std::to_string(number);
}

data::Value IntOrString::to_value() const {
  return is_string ? data::Value(text) : data::Value(number);
}

Result<IntOrString> IntOrString::from_value(const data::Value& value) {
  if (value.is_string()) return of(value.as_string());
  if (value.is_null()) return IntOrString{};
  if (!value.is_number()) {
    return Error(Code::Invalid, "must be a whole number or a text");
  }
  int64_t number = value.as_int(INT64_MAX);
  if (number < INT32_MIN || number > INT32_MAX) {
    return Error(Code::Invalid, "must be a whole number of 32 bits or a text");
  }
  return of(static_cast<int32_t>(number));
}

const data::TypeInfo& IntOrString::data_type() {
  static constexpr data::CustomOps kOps{
      [](const data::DecodeContext& context, const data::Value& value, void* out) -> Result<> {
        auto read = from_value(value);
        if (!read.ok()) return context.type_error(value, "int32");
        *static_cast<IntOrString*>(out) = std::move(read).value();
        return {};
      },
      [](const void* in) { return static_cast<const IntOrString*>(in)->to_value(); },
      [](const void* in) { return *static_cast<const IntOrString*>(in) == IntOrString{}; },
      [] {
        return data::Value::object(
            {{"anyOf",
              data::Value::array({data::Value::object({{"type", "integer"}}),
                                  data::Value::object({{"type", "string"}})})},
             {"x-kubernetes-int-or-string", true}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "intstr.IntOrString", .custom = &kOps};
  return kInfo;
}

Result<int> scaled_value(const IntOrString& value, int total, Rounding rounding) {
  if (!value.is_string) return value.number;
  auto wrong = [](std::string_view why) {
    return Error(Code::Invalid, cat("invalid value for IntOrString: ", why));
  };
  if (!value.text.ends_with('%')) {
    return wrong("invalid type: string is not a percentage");
  }
  std::string_view digits = std::string_view(value.text).substr(0, value.text.size() - 1);
  auto percent = parse_int(trim_prefix(digits, "+"));
  if (!percent || *percent > INT32_MAX || *percent < INT32_MIN) {
    return wrong(cat("invalid value ",
                     quote(value.text),
                     ": strconv.Atoi: parsing ",
                     quote(digits),
                     ": invalid syntax"));
  }
  int64_t product = *percent * total;
  int64_t whole = product / 100;
  int64_t rest = product % 100;
  if (rounding == Rounding::Up && rest > 0) ++whole;
  if (rounding == Rounding::Down && rest < 0) --whole;
  return static_cast<int>(whole);
}

}  // namespace fleet::kube
