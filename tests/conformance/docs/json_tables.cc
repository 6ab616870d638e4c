// Table gojson: encoding/json as it reads numbers, strings, maps and structs, and writes them.
#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "docs/parts.h"
#include "gotemplate/number.h"

namespace fleet::conformance {
namespace {

using data::DecodeOptions;
using data::Value;
using json::Html;
using json::Keys;
using json::Numbers;

struct OneNumber {
  int64_t n = 0;
  static constexpr const char* kGoType = "struct { N int64 }";
  static data::Fields fields() { return {data::field("N", &OneNumber::n).always()}; }
};

struct OneString {
  std::string a;
  static constexpr const char* kGoType = "struct { A string \"json:\\\"a\\\"\" }";
  static data::Fields fields() { return {data::field("a", &OneString::a).always()}; }
};

struct Inner {
  double g = 0;
  static constexpr const char* kGoType = "struct { G float64 }";
  static data::Fields fields() { return {data::field("G", &Inner::g).always()}; }
};

// Any JSON, under the name that Go has for it.
struct RawMessage {
  Value value;
  static const data::TypeInfo& data_type() {
    static constexpr data::CustomOps kOps{
        [](const data::DecodeContext&, const Value& value, void* out) -> Result<> {
          static_cast<RawMessage*>(out)->value = value;
          return {};
        },
        [](const void* in) { return static_cast<const RawMessage*>(in)->value; },
        nullptr,
        nullptr};
    static constexpr data::TypeInfo kInfo{
        .shape = data::Shape::Custom, .go_type = "json.RawMessage", .custom = &kOps};
    return kInfo;
  }
};

// Go's int32, which is a type of its own there.
struct Int32 {
  int32_t value = 0;
  static const data::TypeInfo& data_type() {
    static constexpr data::TypeInfo kInfo{
        .shape = data::Shape::Int, .bytes = 4, .go_type = "int32"};
    return kInfo;
  }
};

struct Everything {
  std::string a;
  Int32 b;
  bool c = false;
  std::optional<std::vector<std::string>> d;
  std::optional<std::map<std::string, int>> e;
  Inner f;
  std::optional<std::map<std::string, RawMessage>> h;
  uint8_t i = 0;
  std::optional<std::string> j;
  static constexpr const char* kGoType =
      "struct { A string \"json:\\\"a\\\"\"; B int32 \"json:\\\"b\\\"\"; C bool "
      "\"json:\\\"c\\\"\"; "
      "D []string \"json:\\\"d\\\"\"; E map[string]int \"json:\\\"e\\\"\"; F struct { G float64 } "
      "\"json:\\\"f\\\"\"; H map[string]json.RawMessage \"json:\\\"h\\\"\"; I uint8 "
      "\"json:\\\"i\\\"\"; J *string \"json:\\\"j\\\"\" }";
  static data::Fields fields() {
    using data::field;
    return {field("a", &Everything::a).always(),
            field("b", &Everything::b).always(),
            field("c", &Everything::c).always(),
            field("d", &Everything::d).always(),
            field("e", &Everything::e).always(),
            field("f", &Everything::f).always(),
            field("h", &Everything::h).always(),
            field("i", &Everything::i).always(),
            field("j", &Everything::j).always()};
  }
};

// The type's word in "cannot unmarshal X into Go value of type ...".
std::string_view found_word(const Value& value) {
  if (value.is_array()) return "array";
  if (value.is_bool()) return "bool";
  return value.is_string() ? "string" : "number";
}

Result<Value> unmarshal_map(const std::string& text) {
  Value value = TRY(json::parse(text, {Numbers::Double}));
  if (!value.is_object() && !value.is_null()) {
    return Error(Code::Invalid,
                 cat("json: cannot unmarshal ",
                     found_word(value),
                     " into Go value of type map[string]interface {}"));
  }
  return Value(json::print(value, Keys::Sorted));
}

Result<Value> read_struct(const std::string& group, const std::string& text) {
  if (group == "decode-strict") {
    std::string_view rest = text;
    Value value = TRY(json::parse_next(rest, {Numbers::AsWritten}));
    auto options = DecodeOptions{.unknown = DecodeOptions::Unknown::Refused};
    return Value(TRY(data::decode<OneString>(value, options)).a);
  }
  Value value = TRY(json::parse(text, {Numbers::AsWritten}));
  if (group == "int-field") return Value(TRY(data::decode<OneNumber>(value)).n);
  return Value(json::print(data::encode(TRY(data::decode<Everything>(value))), Keys::AsWritten));
}

Result<Value> run(const std::string& group, const Value& in) {
  std::string text = recorded_bytes(in["json"]);
  if (group == "number-roundtrip" || group == "unmarshal-any") {
    return Value(json::print(TRY(json::parse(text, {Numbers::Double})), Keys::Sorted));
  }
  if (group == "float-marshal") {
    std::string written = in["float"].to_string();
    Value number(TRY(gotemplate::read_go_float(written)));
    TRY(json::check_printable(number));
    return Value(json::print(number, Keys::Sorted));
  }
  if (group == "string-marshal") {
    return record_bytes(json::print(recorded_bytes(in["string"]), Keys::Sorted));
  }
  if (group == "string-marshal-raw") {
    return record_bytes(json::print(recorded_bytes(in["string"]), Keys::Sorted, Html::Plain) +
                        "\n");
  }
  if (group == "unmarshal-map") return unmarshal_map(text);
  return read_struct(group, text);
}

}  // namespace

void add_json_tables(Families& families) {
  add_table(families, "gojson", run);
}

}  // namespace fleet::conformance
