// Tables yaml-to-json and json-to-yaml: sigs.k8s.io/yaml and go-yaml v3.
#include <cmath>

#include "base/strings.h"
#include "data/fields/from_yaml.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/node.h"
#include "data/yaml/yaml.h"
#include "docs/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;
using json::Keys;

// A value as Go's %v prints it.
std::string go_text(const Value& value) {
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return value.to_string();
  std::vector<std::string> parts;
  for (const Value& item : value.items())
    parts.push_back(go_text(item));
  for (const data::Member& member : value.members()) {
    parts.push_back(cat(name(member), ":", go_text(member.value)));
  }
  if (value.is_array()) return cat("[", join(parts, " "), "]");
  if (value.is_object()) return cat("map[", join(parts, " "), "]");
  return json::print(value, Keys::Sorted);
}

// {tag, type, value}: how go-yaml v3 reads one scalar into `any`.
Result<Value> scalar_v3(const std::string& text) {
  auto document = TRY(yaml::parse_node(text));
  if (document.is_none())
    return Value::object({{"tag", ""}, {"type", "<nil>"}, {"value", "<nil>"}});
  const yaml::Node& node = document.children().front();
  if (!node.is_scalar()) {
    const bool map = node.is_mapping();
    auto value = TRY(yaml::to_value(document));
    return Value::object({{"tag", node.tag_text()},
                          {"type", map ? "map[string]interface {}" : "[]interface {}"},
                          {"value", go_text(value)}});
  }
  using yaml::Tag;
  auto answer = [&](std::string_view type, std::string_view printed) {
    return Value::object({{"tag", node.tag_text()}, {"type", type}, {"value", printed}});
  };
  if (node.tag() == Tag::Float && node.text().find_first_of("nN") != std::string_view::npos) {
    const bool nan = equal_fold(node.text(), ".nan");
    return answer("float64", nan ? "NaN" : node.text()[0] == '-' ? "-Inf" : "+Inf");
  }
  auto value = TRY(yaml::to_value(document));
  switch (value.type()) {
    case data::Type::Null:
      return answer("<nil>", "<nil>");
    case data::Type::Bool:
      return answer("bool", value.as_bool() ? "true" : "false");
    case data::Type::Int:
      return answer("int", std::to_string(value.as_int()));
    case data::Type::UInt:
      return answer("uint64", std::to_string(value.as_uint()));
    case data::Type::Double:
      return answer("float64", to_text(value.as_double()));
    default:
      break;
  }
  if (node.tag() == Tag::Timestamp) {
    std::string printed = replace_all(replace_all(value.as_string(), "T", " "), "Z", " +0000 UTC");
    return answer("time.Time", printed);
  }
  return answer("string", value.as_string());
}

// The struct of the group `typed`.
struct Everything {
  std::string s;
  int i = 0;
  bool b = false;
  double f = 0;
  std::vector<std::string> l;
  std::map<std::string, std::string> m;
  static constexpr const char* kGoType =
      "struct { S string \"json:\\\"s,omitempty\\\"\"; I int \"json:\\\"i,omitempty\\\"\"; B bool "
      "\"json:\\\"b,omitempty\\\"\"; F float64 \"json:\\\"f,omitempty\\\"\"; L []string "
      "\"json:\\\"l,omitempty\\\"\"; M map[string]string \"json:\\\"m,omitempty\\\"\" }";
  static data::Fields fields() {
    using data::field;
    return {field("s", &Everything::s),
            field("i", &Everything::i),
            field("b", &Everything::b),
            field("f", &Everything::f),
            field("l", &Everything::l),
            field("m", &Everything::m)};
  }
};

Result<Value> yaml_to_json(const std::string& group, const Value& in) {
  std::string text = recorded_bytes(in["yaml"]);
  if (group == "objects") {
    Value out = Value::array();
    for (const Value& object : TRY(yaml::to_objects(text))) {
      out.push_back(json::print(object, Keys::Sorted));
    }
    return out;
  }
  if (group == "v3-scalar") return scalar_v3(text);
  if (group == "typed") {
    auto typed = TRY(data::decode_yaml<Everything>(yaml::parse_for_fields(text)));
    return record_bytes(json::print(data::encode(typed), Keys::AsWritten));
  }
  auto duplicates = group == "strict" ? yaml::Duplicates::Refused : yaml::Duplicates::LastWins;
  auto value = TRY(yaml::parse(text, duplicates));
  return record_bytes(json::print(value, Keys::Sorted));
}

Result<Value> json_to_yaml(const std::string& group, const Value& in) {
  std::string text = recorded_bytes(in["json"]);
  if (group == "pretty") {
    auto value = TRY(json::parse(text, {json::Numbers::Double}));
    return record_bytes(yaml::print_pretty(value));
  }
  return record_bytes(TRY(yaml::json_to_yaml(text)));
}

}  // namespace

void add_yaml_tables(Families& families) {
  add_table(families, "yaml-to-json", yaml_to_json);
  add_table(families, "json-to-yaml", json_to_yaml);
}

}  // namespace fleet::conformance
