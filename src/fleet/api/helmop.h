// HelmOp: a chart that becomes a bundle without a git repository.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/bundle.h"
#include "fleet/api/status.h"

namespace fleet::api {

struct HelmOpSpec {
  BundleSpec bundle;
  StringMap labels;
  std::optional<GoDuration> polling_interval;
  std::string helm_secret_name;
  bool insecure_skip_tls_verify = false;

  static constexpr const char* kGoType = "v1alpha1.HelmOpSpec";
  static data::Fields fields();
  bool operator==(const HelmOpSpec&) const = default;
};

struct HelmOpStatus {
  StatusBase base;
  Time last_polling_time;
  std::string version;

  static constexpr const char* kGoType = "v1alpha1.HelmOpStatus";
  static data::Fields fields();
  bool operator==(const HelmOpStatus&) const = default;
};

struct HelmOp {
  static constexpr Kind kKind = {"HelmOp", "helmops"};
  ObjectMeta metadata;
  HelmOpSpec spec;
  HelmOpStatus status;

  static constexpr const char* kGoType = "v1alpha1.HelmOp";
  static data::Fields fields();
  bool operator==(const HelmOp&) const = default;
};

}  // namespace fleet::api
