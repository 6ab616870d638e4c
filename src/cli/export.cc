#include "cli/export.h"

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::cli {

namespace {

using data::Value;

// Labels or annotations without kubectl's own; null when nothing is left.
Value cleaned_map(const Value& map) {
  Value out;
  for (const data::Member& member : map.members()) {
    if (!member.key.view().starts_with("kubectl.kubernetes.io/")) out.set(member.key, member.value);
  }
  return out;
}

}  // namespace

Result<Value> clean_object(const Value& object) {
  const Value& from = object["metadata"];
  Value metadata = Value::object();
  for (std::string_view key : {"name", "generateName"}) {
    if (from[key].as_string().empty()) continue;
    metadata.set(key, from[key]);
    break;
  }
  if (metadata.empty()) {
    return Error{Code::Invalid, "either name or generateName must be set on an object"};
  }
  if (!from["namespace"].as_string().empty()) metadata.set("namespace", from["namespace"]);
  for (std::string_view key : {"annotations", "labels"}) {
    Value map = cleaned_map(from[key]);
    if (!map.is_null()) metadata.set(key, std::move(map));
  }
  Value out = object;
  out.set("metadata", std::move(metadata));
  const Value& spec = object["spec"];
  if (spec.is_null() || (spec.is_object() && spec.empty())) out.erase("spec");
  out.erase("status");
  return out;
}

Result<std::string> export_objects(std::span<const Value> objects) {
  std::string out;
  for (const Value& object : objects) {
    if (!out.empty()) out += "\n---\n";
    out += yaml::print(TRY(clean_object(object)));
  }
  return out;
}

}  // namespace fleet::cli
