// Config: which fields hold names, labels, images and references: the built-in ones and those of
// `configurations` and `crds`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"

namespace fleet::kustomize {

struct NameReference {
  std::string group;
  std::string version;
  std::string kind;
  FieldSpecs specs;  // where the name may stand
  static constexpr const char* kGoType = "builtinconfig.NameBackReferences";
  static data::Fields fields();
  Gvk gvk() const { return {group, version, kind}; }
  friend bool operator==(const NameReference&, const NameReference&) = default;
};

struct Config {
  FieldSpecs name_prefix;
  FieldSpecs name_suffix;
  FieldSpecs ns;
  FieldSpecs common_labels;
  FieldSpecs labels;
  FieldSpecs template_labels;
  FieldSpecs common_annotations;
  std::vector<NameReference> name_reference;
  FieldSpecs var_reference;
  FieldSpecs images;
  FieldSpecs replicas;
  static constexpr const char* kGoType = "builtinconfig.TransformerConfig";
  static data::Fields fields();

  // Adds what is not there. Errors: "conflicting fieldspecs".
  Result<> merge(const Config& other);
  friend bool operator==(const Config&, const Config&) = default;
};

const Config& builtin_config();

// The built-in config with the files merged onto it.
Result<Config> load_config(const Loader& loader, const Strings& paths);
// What definitions in OpenAPI form say about custom kinds.
Result<Config> load_crds(const Loader& loader, const Strings& paths);

Result<> merge_specs(FieldSpecs& to, const FieldSpecs& from);

}  // namespace fleet::kustomize
