#include "fleet/bundle/fleet_yaml.h"

#include <utility>

#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/fields/from_yaml.h"
#include "data/yaml/yaml.h"
#include "fleet/api/states.h"

namespace fleet::bundle {

namespace {

using data::field;

// Metadata as the second reading of fleet.yaml sees it.
struct BundleMeta {
  api::ObjectMeta meta;

  static constexpr const char* kGoType = "bundlereader.bundleMeta";
  static data::Fields fields() { return {data::embed("ObjectMeta", &BundleMeta::meta)}; }
};

template <typename T>
Result<T> unmarshal(std::string_view text) {
  return data::decode_yaml<T>(yaml::parse_for_fields(text));
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
