#include "fleet/bundle/fleet_yaml.h"

#include <utility>

#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/yaml/yaml.h"
#include "fleet/api/states.h"

namespace fleet::bundle {

namespace {

using data::field;
using data::Shape;
using data::TypeInfo;
using data::Value;

// Metadata as the second reading of fleet.yaml sees it.
struct BundleMeta {
  api::ObjectMeta meta;

  static constexpr const char* kGoType = "bundlereader.bundleMeta";
  static data::Fields fields() { return {data::embed("ObjectMeta", &BundleMeta::meta)}; }
};

std::string as_go_text(const Value& scalar) {
  if (scalar.is_bool()) return scalar.as_bool() ? "true" : "false";
  if (scalar.type() == data::Type::UInt) return std::to_string(scalar.as_uint());
  if (scalar.is_integer()) return std::to_string(scalar.as_int());
  return to_text(scalar.as_double());
}

const data::Field* find_field(const TypeInfo& type, std::string_view key) {
  const data::Field* folded = nullptr;
  for (const data::Field& field : type.fields()) {
    if (field.name == key) return &field;
    if (!folded && equal_fold(field.name, key)) folded = &field;
  }
  return folded;
}

// Numbers and bools where a string is wanted, as sigs.k8s.io/yaml turns them: it follows fields,
// pointers, lists and maps, but not into embedded structs.
Value coerced(const Value& value, const TypeInfo& type) {
  if (type.shape == Shape::Optional) return coerced(value, type.element());
  if (type.shape == Shape::String) {
    return value.is_bool() || value.is_number() ? Value(as_go_text(value)) : value;
  }
  if (type.shape == Shape::List && value.is_array()) {
    Value out = Value::array();
    for (const Value& item : value.items()) {
      out.push_back(coerced(item, type.element()));
    }
    return out;
  }
  if (!value.is_object() || (type.shape != Shape::Struct && type.shape != Shape::Map)) return value;
  Value out = Value::object();
  for (const data::Member& member : value.members()) {
    if (type.shape == Shape::Map) {
      out.set(member.key, coerced(member.value, type.element()));
      continue;
    }
    const data::Field* found = find_field(type, member.key.view());
    bool is_seen = found && found->embedded_path.empty();
    out.set(member.key, is_seen ? coerced(member.value, found->type()) : member.value);
  }
  return out;
}

// As sigs.k8s.io/yaml's Unmarshal into a T.
template <typename T>
Result<T> unmarshal(std::string_view text) {
  Value parsed = TRY(yaml::parse(text).within("error converting YAML to JSON"));
  // The JSON in between has sorted keys, which decides what is wrong first.
  Value value = coerced(parsed, data::type_of<T>()).sorted();
  return data::decode<T>(value).within("error unmarshaling JSON: while decoding JSON");
}

Error bad_state(size_t entry, size_t at, std::string_view state) {
  return {Code::Invalid,
          cat("dependsOn[",
              entry,
              "].acceptedStates[",
              at,
              "]: invalid state ",
              quote(state),
              ", valid values are: [",
              join(api::state::kAll, " "),
              "]")};
}

}  // namespace

data::Fields ImageScanEntry::fields() {
  return {
      field("name", &ImageScanEntry::name, "Not used."),
      data::embed("ImageScanSpec", &ImageScanEntry::spec),
  };
}

data::Fields FleetYaml::fields() {
  return {
      field("name", &FleetYaml::name, "Name of the bundle; made from the path when absent."),
      field("labels", &FleetYaml::labels, "Labels of the bundle."),
      data::embed("BundleSpec", &FleetYaml::spec),
      field("targetCustomizations",
            &FleetYaml::target_customizations,
            "Options for clusters that match; the first match counts, or all in order."),
      field("imageScans", &FleetYaml::image_scans, "Images whose newer tags are committed."),
      field("overrideTargets",
            &FleetYaml::override_targets,
            "Clusters to deploy to, instead of the GitRepo's targets."),
  };
}

Result<FleetYaml> read_fleet_yaml(std::string_view text) {
  return unmarshal<FleetYaml>(text);
}

Result<api::ObjectMeta> read_metadata(std::string_view text) {
  BundleMeta out = TRY(unmarshal<BundleMeta>(text));
  return std::move(out.meta);
}

Result<> validate(const FleetYaml& yaml) {
  const std::vector<api::BundleRef>& refs = yaml.spec.depends_on;
  for (size_t i = 0; i < refs.size(); ++i) {
    if (refs[i].name.empty() && !refs[i].selector) {
      return Error{Code::Invalid,
                   cat("dependsOn[", i, "]: must specify either 'name' or 'selector'")};
    }
    for (size_t j = 0; j < refs[i].accepted_states.size(); ++j) {
      const std::string& state = refs[i].accepted_states[j];
      if (api::state_rank(state) == 0) return bad_state(i, j, state);
    }
  }
  return {};
}

Result<api::BundleSpec> read_bundle_spec(std::string_view text) {
  return unmarshal<api::BundleSpec>(text);
}

Result<api::Bundle> read_bundle(std::string_view text) {
  return unmarshal<api::Bundle>(text);
}

}  // namespace fleet::bundle
