// Kustomization: the file, as plain structs with their tables of fields.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/fields/fields.h"
#include "data/value/value.h"
#include "kustomize/id.h"

namespace fleet::kustomize {

using StringMap = std::map<std::string, std::string>;
using Strings = std::vector<std::string>;

struct FieldSpec {
  std::string group;
  std::string version;
  std::string kind;
  std::string path;
  bool create = false;
  static constexpr const char* kGoType = "types.FieldSpec";
  static data::Fields fields();
  Gvk gvk() const { return {group, version, kind}; }
  friend bool operator==(const FieldSpec&, const FieldSpec&) = default;
};
using FieldSpecs = std::vector<FieldSpec>;

struct Selector {
  std::string group;
  std::string version;
  std::string kind;
  std::string name;
  std::string ns;
  std::string annotation_selector;
  std::string label_selector;
  static constexpr const char* kGoType = "types.Selector";
  static data::Fields fields();
  // As the original prints one: "Deployment.v1.apps/name.ns:annotations:labels".
  std::string text() const;
  Id id() const;
};

struct PatchOptions {
  bool allow_name_change = false;
  bool allow_kind_change = false;
  static constexpr const char* kGoType = "types.PatchArgs";
  static data::Fields fields();
};

struct Patch {
  std::string path;
  std::string patch;
  std::optional<Selector> target;
  std::optional<PatchOptions> options;
  static constexpr const char* kGoType = "types.Patch";
  static data::Fields fields();
};

struct Label {
  StringMap pairs;
  bool include_selectors = false;
  bool include_templates = false;
  FieldSpecs fields_;
  static constexpr const char* kGoType = "types.Label";
  static data::Fields fields();
};

struct Image {
  std::string name;
  std::string new_name;
  std::string tag_suffix;
  std::string new_tag;
  std::string digest;
  static constexpr const char* kGoType = "types.Image";
  static data::Fields fields();
};

struct Replica {
  std::string name;
  int64_t count = 0;
  static constexpr const char* kGoType = "types.Replica";
  static data::Fields fields();
};

struct FieldOptions {
  std::string delimiter;
  int64_t index = 0;
  std::string encoding;
  bool create = false;
  static constexpr const char* kGoType = "types.FieldOptions";
  static data::Fields fields();
};

struct SourceSelector {
  std::string group;
  std::string version;
  std::string kind;
  std::string name;
  std::string ns;
  std::string field_path;
  std::optional<FieldOptions> options;
  static constexpr const char* kGoType = "types.SourceSelector";
  static data::Fields fields();
};

struct TargetSelector {
  std::optional<Selector> select;
  std::vector<Selector> reject;
  Strings field_paths;
  std::optional<FieldOptions> options;
  static constexpr const char* kGoType = "types.TargetSelector";
  static data::Fields fields();
};

struct Replacement {
  std::optional<SourceSelector> source;
  std::optional<std::vector<TargetSelector>> targets;
  std::optional<std::string> source_value;
  std::string path;
  static constexpr const char* kGoType = "types.ReplacementField";
  static data::Fields fields();
};

struct VarTarget {
  std::string api_version;
  std::string group;
  std::string version;
  std::string kind;
  std::string name;
  std::string ns;
  static constexpr const char* kGoType = "types.Target";
  static data::Fields fields();
};

struct VarField {
  std::string field_path;
  static constexpr const char* kGoType = "types.FieldSelector";
  static data::Fields fields();
};

struct Var {
  std::string name;
  VarTarget objref;
  VarField fieldref;
  static constexpr const char* kGoType = "types.Var";
  static data::Fields fields();
};

struct GeneratorOptions {
  StringMap labels;
  StringMap annotations;
  bool disable_name_suffix_hash = false;
  bool immutable = false;
  static constexpr const char* kGoType = "types.GeneratorOptions";
  static data::Fields fields();
};

// A ConfigMap or, with `type`, a Secret.
struct GeneratorArgs {
  std::string ns;
  std::string name;
  std::string behavior;
  Strings literals;
  Strings files;
  Strings envs;
  std::string env;
  std::optional<GeneratorOptions> options;
  std::string type;
};
struct ConfigMapArgs : GeneratorArgs {
  static constexpr const char* kGoType = "types.ConfigMapArgs";
  static data::Fields fields();
};
struct SecretArgs : GeneratorArgs {
  static constexpr const char* kGoType = "types.SecretArgs";
  static data::Fields fields();
};

struct LegacySortOptions {
  std::optional<Strings> order_first;
  std::optional<Strings> order_last;
  static constexpr const char* kGoType = "types.LegacySortOptions";
  static data::Fields fields();
};
struct SortOptions {
  std::string order;
  std::optional<LegacySortOptions> legacy;
  static constexpr const char* kGoType = "types.SortOptions";
  static data::Fields fields();
};

struct KustomizationMeta {
  std::string name;
  std::string ns;
  StringMap labels;
  StringMap annotations;
  static constexpr const char* kGoType = "types.ObjectMeta";
  static data::Fields fields();
};

struct Kustomization {
  std::string kind;
  std::string api_version;
  std::optional<KustomizationMeta> metadata;
  StringMap openapi;
  std::string name_prefix;
  std::string name_suffix;
  std::string ns;
  std::optional<StringMap> common_labels;
  std::optional<std::vector<Label>> labels;
  std::optional<StringMap> common_annotations;
  std::optional<Strings> patches_strategic_merge;
  std::optional<std::vector<Patch>> patches_json6902;
  std::optional<std::vector<Patch>> patches;
  std::optional<std::vector<Image>> images;
  std::optional<std::vector<Image>> image_tags;
  std::optional<std::vector<Replacement>> replacements;
  std::optional<std::vector<Replica>> replicas;
  std::optional<std::vector<Var>> vars;
  std::optional<SortOptions> sort_options;
  std::optional<Strings> resources;
  std::optional<Strings> components;
  std::optional<Strings> crds;
  std::optional<Strings> bases;
  std::optional<std::vector<ConfigMapArgs>> config_maps;
  std::optional<std::vector<SecretArgs>> secrets;
  std::optional<data::Value> helm_globals;
  std::optional<std::vector<data::Value>> helm_charts;
  std::optional<std::vector<data::Value>> helm_inflation;
  std::optional<GeneratorOptions> generator_options;
  std::optional<Strings> configurations;
  std::optional<Strings> generators;
  std::optional<Strings> transformers;
  std::optional<Strings> validators;
  std::optional<Strings> build_metadata;
  static constexpr const char* kGoType = "types.Kustomization";
  static data::Fields fields();

  bool wants(std::string_view option) const;
};

inline constexpr std::string_view kFileNames[] = {
    "kustomization.yaml", "kustomization.yml", "Kustomization"};

// Reads and normalises the text of a file. `warnings` gets one line for each deprecated field.
// Errors: Invalid: "invalid Kustomization: json: unknown field \"x\"", "kustomization.yaml is
// empty", and, for `root`, "Failed to read kustomization file under ...".
Result<Kustomization> read_kustomization(std::string_view text,
                                         std::string_view root,
                                         Strings& warnings);

}  // namespace fleet::kustomize
