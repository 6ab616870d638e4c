// BundleDeploymentOptions: how one bundle is deployed to one cluster.
//
// The same options appear in fleet.yaml, in a Bundle, in each of its targets and, merged, in a
// BundleDeployment. The order of each table of fields is the order of the wire: the hash of a
// deployment is taken over it, so a reordered table would redeploy everything.
//
// An absent member of a document is an empty value here; where "absent" and "empty" differ, the
// member is optional.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/value/value.h"
#include "fleet/api/kinds.h"

namespace fleet::api {

struct YamlOptions {
  std::vector<std::string> overlays;

  static constexpr const char* kGoType = "v1alpha1.YAMLOptions";
  static data::Fields fields();
  bool operator==(const YamlOptions&) const = default;
};

struct KustomizeOptions {
  std::string dir;

  static constexpr const char* kGoType = "v1alpha1.KustomizeOptions";
  static data::Fields fields();
  bool operator==(const KustomizeOptions&) const = default;
};

// A key of a ConfigMap or Secret on the downstream cluster.
struct KeySelector {
  std::string name;
  std::string namespace_;
  std::string key;

  static constexpr const char* kGoType = "v1alpha1.ConfigMapKeySelector";
  static data::Fields fields();
  bool operator==(const KeySelector&) const = default;
};

struct ValuesFrom {
  std::optional<KeySelector> config_map_key_ref;
  std::optional<KeySelector> secret_key_ref;

  static constexpr const char* kGoType = "v1alpha1.ValuesFrom";
  static data::Fields fields();
  bool operator==(const ValuesFrom&) const = default;
};

struct HelmOptions {
  std::vector<std::string> values_files;
  std::string chart;
  std::string repo;
  std::string release_name;
  std::string version;
  int timeout_seconds = 0;
  std::optional<GenericMap> values;
  StringMap template_values;
  std::vector<ValuesFrom> values_from;
  bool force = false;
  bool take_ownership = false;
  int max_history = 0;
  bool wait_for_jobs = false;
  bool atomic = false;
  bool disable_pre_process = false;
  bool disable_dns = false;
  bool skip_schema_validation = false;
  bool disable_dependency_update = false;

  static constexpr const char* kGoType = "v1alpha1.HelmOptions";
  static data::Fields fields();
  bool operator==(const HelmOptions&) const = default;
};

// One operation of a compare patch: "remove" hides a field, "ignore" the whole object.
struct CompareOperation {
  std::string op;
  std::string path;
  std::string value;

  static constexpr const char* kGoType = "v1alpha1.Operation";
  static data::Fields fields();
  bool operator==(const CompareOperation&) const = default;
};

struct ComparePatch {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string namespace_;
  std::vector<std::string> json_pointers;
  std::vector<CompareOperation> operations;

  static constexpr const char* kGoType = "v1alpha1.ComparePatch";
  static data::Fields fields();
  bool operator==(const ComparePatch&) const = default;
};

struct DiffOptions {
  std::vector<ComparePatch> compare_patches;

  static constexpr const char* kGoType = "v1alpha1.DiffOptions";
  static data::Fields fields();
  bool operator==(const DiffOptions&) const = default;
};

struct IgnoreOptions {
  std::vector<StringMap> conditions;

  static constexpr const char* kGoType = "v1alpha1.IgnoreOptions";
  static data::Fields fields();
  bool operator==(const IgnoreOptions&) const = default;
};

struct CorrectDrift {
  bool enabled = false;
  bool force = false;
  bool keep_fail_history = false;

  static constexpr const char* kGoType = "v1alpha1.CorrectDrift";
  static data::Fields fields();
  bool operator==(const CorrectDrift&) const = default;
};

// A Secret or ConfigMap beside the bundle that is copied to each target cluster.
struct DownstreamResource {
  std::string kind;
  std::string name;

  static constexpr const char* kGoType = "v1alpha1.DownstreamResource";
  static data::Fields fields();
  bool operator==(const DownstreamResource&) const = default;
};

// An object that another bundle of the same repository had before.
struct OverwrittenResource {
  std::string name;
  std::string namespace_;
  std::string kind;

  static constexpr const char* kGoType = "v1alpha1.OverwrittenResource";
  static data::Fields fields();
  bool operator==(const OverwrittenResource&) const = default;
};

struct BundleDeploymentOptions {
  std::optional<YamlOptions> yaml;
  std::optional<KustomizeOptions> kustomize;
  std::string default_namespace;
  std::string target_namespace;  // written "namespace"
  std::optional<HelmOptions> helm;
  std::string service_account;
  std::optional<bool> create_namespace;
  int64_t force_sync_generation = 0;
  std::optional<DiffOptions> diff;
  bool keep_resources = false;
  bool delete_namespace = false;
  std::optional<IgnoreOptions> ignore;
  std::optional<CorrectDrift> correct_drift;
  StringMap namespace_labels;
  StringMap namespace_annotations;
  bool delete_crd_resources = false;
  std::vector<DownstreamResource> downstream_resources;
  std::vector<OverwrittenResource> overwrites;
  std::optional<LabelSelector> allowed_target_namespace_selector;

  // All but the two maps for the namespace, which a target has on a level of its own.

  static constexpr const char* kGoType = "v1alpha1.BundleDeploymentOptions";
  static data::Fields fields();
  bool operator==(const BundleDeploymentOptions&) const = default;
};

}  // namespace fleet::api
