// ImageScan: finds newer tags of an image, so that they can be committed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"

namespace fleet::api {

struct SemVerPolicy {
  std::string range;

  static constexpr const char* kGoType = "v1alpha1.SemVerPolicy";
  static data::Fields fields();
  bool operator==(const SemVerPolicy&) const = default;
};

struct AlphabeticalPolicy {
  std::string order;

  static constexpr const char* kGoType = "v1alpha1.AlphabeticalPolicy";
  static data::Fields fields();
  bool operator==(const AlphabeticalPolicy&) const = default;
};

struct ImagePolicyChoice {
  std::optional<SemVerPolicy> semver;
  std::optional<AlphabeticalPolicy> alphabetical;

  static constexpr const char* kGoType = "v1alpha1.ImagePolicyChoice";
  static data::Fields fields();
  bool operator==(const ImagePolicyChoice&) const = default;
};

struct LocalObjectReference {
  std::string name;

  static constexpr const char* kGoType = "v1.LocalObjectReference";
  static data::Fields fields();
  static data::Value schema_rules();
  bool operator==(const LocalObjectReference&) const = default;
};

struct ImageScanSpec {
  std::string tag_name;
  std::string git_repo_name;
  std::string image;
  GoDuration interval;
  std::optional<LocalObjectReference> secret_ref;
  bool suspend = false;
  ImagePolicyChoice policy;

  static constexpr const char* kGoType = "v1alpha1.ImageScanSpec";
  static data::Fields fields();
  bool operator==(const ImageScanSpec&) const = default;
};

struct ImageScanStatus {
  std::vector<Condition> conditions;
  Time last_scan_time;
  std::string latest_image;
  std::string latest_tag;
  std::string latest_digest;
  int64_t observed_generation = 0;
  std::string canonical_image_name;

  static constexpr const char* kGoType = "v1alpha1.ImageScanStatus";
  static data::Fields fields();
  bool operator==(const ImageScanStatus&) const = default;
};

struct ImageScan {
  static constexpr Kind kKind = {"ImageScan", "imagescans"};
  ObjectMeta metadata;
  ImageScanSpec spec;
  ImageScanStatus status;

  static constexpr const char* kGoType = "v1alpha1.ImageScan";
  static data::Fields fields();
  bool operator==(const ImageScan&) const = default;
};

}  // namespace fleet::api
