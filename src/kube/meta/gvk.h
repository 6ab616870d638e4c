// The names of kinds: group, version, kind; group, version, resource; and both with the scope.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::kube {

// "apps/v1" is {"apps", "v1"}, "v1" is {"", "v1"}.
struct GroupVersion {
  std::string group;
  std::string version;

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  // As apimachinery: "" is empty, more than one "/" is Invalid:
  // "unexpected GroupVersion string: a/b/c".
  static Result<GroupVersion> parse(std::string_view api_version);

  friend auto operator<=>(const GroupVersion&, const GroupVersion&) = default;
  friend bool operator==(const GroupVersion&, const GroupVersion&) = default;
};

struct GroupVersionKind {
  std::string group;
  std::string version;
  std::string kind;

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  // As apimachinery prints it: "apps/v1, Kind=Deployment".
  std::string str() const;
  // From apiVersion and kind; text that is no group and version gives an empty group and version.
  static GroupVersionKind of(std::string_view api_version, std::string_view kind);

  friend auto operator<=>(const GroupVersionKind&, const GroupVersionKind&) = default;
  friend bool operator==(const GroupVersionKind&, const GroupVersionKind&) = default;
};

struct GroupVersionResource {
  std::string group;
  std::string version;
  std::string resource;  // plural, lower case: "deployments"

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  // "deployments.apps", or "pods" for the core group.
  std::string group_resource() const { return group.empty() ? resource : resource + "." + group; }
  // As apimachinery prints it: "apps/v1, Resource=deployments".
  std::string str() const;

  friend auto operator<=>(const GroupVersionResource&, const GroupVersionResource&) = default;
  friend bool operator==(const GroupVersionResource&, const GroupVersionResource&) = default;
};

// All that is needed to address objects of a kind.
struct Resource {
  GroupVersionResource gvr;
  std::string kind;
  bool namespaced = true;

  GroupVersionKind gvk() const { return {gvr.group, gvr.version, kind}; }
  // "/api/v1" or "/apis/apps/v1", then "/namespaces/NS" when `ns` is given, "/RESOURCE", "/NAME".
  std::string path(std::string_view ns = {}, std::string_view name = {}) const;

  friend auto operator<=>(const Resource&, const Resource&) = default;
  friend bool operator==(const Resource&, const Resource&) = default;
};

}  // namespace fleet::kube
