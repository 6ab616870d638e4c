// How a cluster joins: a token, and a request made with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"

namespace fleet::api {

struct ClusterRegistrationSpec {
  std::string client_id;
  std::string client_random;
  StringMap cluster_labels;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistrationSpec";
  static data::Fields fields();
  bool operator==(const ClusterRegistrationSpec&) const = default;
};

struct ClusterRegistrationStatus {
  std::string cluster_name;
  bool granted = false;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistrationStatus";
  static data::Fields fields();
  bool operator==(const ClusterRegistrationStatus&) const = default;
};

struct ClusterRegistration {
  static constexpr Kind kKind = {"ClusterRegistration", "clusterregistrations"};
  ObjectMeta metadata;
  ClusterRegistrationSpec spec;
  ClusterRegistrationStatus status;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistration";
  static data::Fields fields();
  bool operator==(const ClusterRegistration&) const = default;
};

struct ClusterRegistrationTokenSpec {
  std::optional<GoDuration> ttl;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistrationTokenSpec";
  static data::Fields fields();
  bool operator==(const ClusterRegistrationTokenSpec&) const = default;
};

struct ClusterRegistrationTokenStatus {
  std::optional<Time> expires;
  std::string secret_name;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistrationTokenStatus";
  static data::Fields fields();
  bool operator==(const ClusterRegistrationTokenStatus&) const = default;
};

struct ClusterRegistrationToken {
  static constexpr Kind kKind = {"ClusterRegistrationToken", "clusterregistrationtokens"};
  ObjectMeta metadata;
  ClusterRegistrationTokenSpec spec;
  ClusterRegistrationTokenStatus status;

  static constexpr const char* kGoType = "v1alpha1.ClusterRegistrationToken";
  static data::Fields fields();
  bool operator==(const ClusterRegistrationToken&) const = default;
};

}  // namespace fleet::api
