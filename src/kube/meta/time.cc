#include "kube/meta/time.h"

#include "base/strings.h"
#include "text/duration.h"

namespace fleet::kube {
namespace {

data::Value text_schema(std::string_view format) {
  return data::Value::object({{"type", "string"}, {"format", format}});
}

// As Go's time.Parse, whose sentence names the layout and the part that does not fit.
Error not_a_time(std::string_view text) {
  return Error(Code::Invalid,
               cat("parsing time ",
                   quote(text),
                   " as \"2006-01-02T15:04:05Z07:00\": cannot parse ",
                   quote(text),
                   " as \"2006\""));
}

template <typename T>
Result<> read_time(const data::DecodeContext& context, const data::Value& value, void* out) {
  auto& time = *static_cast<T*>(out);
  time = T{};
  if (value.is_null()) return {};
  if (!value.is_string()) return context.type_error(value, "string");
  auto point = parse_rfc3339(value.as_string());
  if (!point) return not_a_time(value.as_string());
  time.point = *point;
  time.is_set = true;
  return {};
}

}  // namespace

const data::TypeInfo& Time::data_type() {
  static constexpr data::CustomOps kOps{
      &read_time<Time>,
      [](const void* in) {
        const auto& time = *static_cast<const Time*>(in);
        return time.is_set ? data::Value(format_rfc3339(time.point)) : data::Value();
      },
      [](const void* in) { return !static_cast<const Time*>(in)->is_set; },
      [] { return text_schema("date-time"); }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "v1.Time", .custom = &kOps};
  return kInfo;
}

const data::TypeInfo& MicroTime::data_type() {
  static constexpr data::CustomOps kOps{
      &read_time<MicroTime>,
      [](const void* in) {
        const auto& time = *static_cast<const MicroTime*>(in);
        return time.is_set ? data::Value(format_rfc3339_micro(time.point)) : data::Value();
      },
      [](const void* in) { return !static_cast<const MicroTime*>(in)->is_set; },
      [] { return text_schema("date-time"); }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "v1.MicroTime", .custom = &kOps};
  return kInfo;
}

const data::TypeInfo& GoDuration::data_type() {
  static constexpr data::CustomOps kOps{
      [](const data::DecodeContext& context, const data::Value& json, void* out) -> Result<> {
        if (!json.is_string() && !json.is_null()) return context.type_error(json, "string");
        // As Go: null is read as the empty text, which is no duration.
        std::string written = json.to_string();
        static_cast<GoDuration*>(out)->value = TRY(text::parse_duration(written));
        return {};
      },
      [](const void* in) {
        return data::Value(text::format_duration(static_cast<const GoDuration*>(in)->value));
      },
      [](const void* in) { return static_cast<const GoDuration*>(in)->value == Duration::zero(); },
      [] {
        return data::Value::object({{"type", "string"}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "v1.Duration", .custom = &kOps};
  return kInfo;
}

}  // namespace fleet::kube
