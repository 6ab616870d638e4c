// fleet.yaml: what a repository says about one of its folders.
//
// Read as Fleet 0.16 does, with sigs.k8s.io/yaml over encoding/json: keys in any case, unknown keys
// left out, the first document alone, YAML 1.1 scalars; where Go sees through an embedded struct a
// number or bool is not turned into text, elsewhere it is.
// Errors: Invalid, in the originals' words: "error unmarshaling JSON: while decoding JSON: json:
// cannot unmarshal bool into Go struct field FleetYAML.BundleSpec.… of type string". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/imagescan.h"

namespace fleet::bundle {

struct ImageScanEntry {
  std::string name;  // not used
  api::ImageScanSpec spec;

  static constexpr const char* kGoType = "v1alpha1.ImageScanYAML";
  static data::Fields fields();
};

struct FleetYaml {
  std::string name;
  api::StringMap labels;
  api::BundleSpec spec;
  std::vector<api::BundleTarget> target_customizations;
  std::vector<ImageScanEntry> image_scans;
  std::optional<std::vector<api::GitTarget>> override_targets;

  static constexpr const char* kGoType = "v1alpha1.FleetYAML";
  static data::Fields fields();
};

Result<FleetYaml> read_fleet_yaml(std::string_view text);

// The same text once more, as the metadata of the bundle.
Result<api::ObjectMeta> read_metadata(std::string_view text);

// "dependsOn[1]: must specify either 'name' or 'selector'".
Result<> validate(const FleetYaml& yaml);

// A targets file: `targets` and `targetRestrictions` of a BundleSpec.
Result<api::BundleSpec> read_bundle_spec(std::string_view text);
// A whole Bundle, as `fleet target` and `fleet test -b` take it.
Result<api::Bundle> read_bundle(std::string_view text);

}  // namespace fleet::bundle
