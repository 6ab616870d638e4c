// The registry: which groups, versions and resources are served now.
//
// Read it through `catalog()`, an immutable snapshot; CRDs replace it as they come and go, so that
// discovery, OpenAPI and requests always agree with each other.
// Threads: all functions from any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kube/apiserver/served.h"
#include "sys/guarded.h"

namespace fleet::kube::apiserver {

// One group, in the order of discovery.
struct ServedGroup {
  std::string name;
  std::vector<std::string> versions;  // preferred first
};

class Catalog {
 public:
  // Null if there is no such resource.
  ServedPtr find(std::string_view group, std::string_view version, std::string_view plural) const;
  // Any version of it: the group's preferred one that has it.
  ServedPtr find_any(std::string_view group, std::string_view plural) const;
  ServedPtr find_kind(std::string_view group,
                      std::string_view version,
                      std::string_view kind) const;
  bool has_group_version(std::string_view group, std::string_view version) const;

  const std::vector<ServedGroup>& groups() const { return groups_; }
  // In order of plural name.
  std::vector<ServedPtr> resources(std::string_view group, std::string_view version) const;
  // One of each stored kind: where several versions share storage, the preferred one.
  std::vector<ServedPtr> stored() const;

  void add(ServedPtr served);
  void remove_custom(std::string_view crd_name);
  // Sorts versions by Kubernetes' priority: v2, v1, v1beta1, v1alpha1.
  void settle();

 private:
  using Name = std::pair<std::string, std::string>;  // group, version
  std::map<Name, std::map<std::string, ServedPtr, std::less<>>> resources_;
  std::vector<ServedGroup> groups_;
};

class Registry {
 public:
  explicit Registry(Catalog catalog);

  std::shared_ptr<const Catalog> catalog() const;
  // Replaces what a CRD serves; an empty list takes it away. `revision` is that of the CRD: what
  // comes late (an older one) changes nothing.
  void set_custom(std::string_view crd_name,
                  uint64_t revision,
                  const std::vector<ServedPtr>& served);
  // Grows with every change: caches of discovery and OpenAPI are keyed by it.
  uint64_t generation() const;

 private:
  struct Current {
    std::shared_ptr<const Catalog> catalog;
    uint64_t generation = 1;
    std::map<std::string, uint64_t, std::less<>> revisions;  // of the CRDs
  };
  Guarded<Current> current_;
};

// As apimachinery's version.CompareKubeAwareVersionStrings: true if `a` comes first.
bool version_before(std::string_view a, std::string_view b);

}  // namespace fleet::kube::apiserver
