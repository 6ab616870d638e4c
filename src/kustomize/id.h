// What identifies a resource: group, version, kind, name, namespace.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

namespace fleet::kustomize {

// Cluster-scoped objects have this "namespace"; it equals no real one.
inline constexpr std::string_view kNoNamespace = "_non_namespaceable_";
inline constexpr std::string_view kDefaultNamespace = "default";

struct Gvk {
  std::string group;
  std::string version;
  std::string kind;

  static Gvk of(std::string_view api_version, std::string_view kind);
  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  bool empty() const { return group.empty() && version.empty() && kind.empty(); }
  // True if each part of the selector that is not empty equals ours.
  bool is_selected(const Gvk& selector) const;
  // "Deployment.v1.apps", with [noKind], [noVer], [noGrp] for blanks.
  std::string text() const;
  // "apps_v1_Deployment", with ~G, ~V, ~K for blanks: what orders compare.
  std::string sort_text() const;

  friend auto operator<=>(const Gvk&, const Gvk&) = default;
  friend bool operator==(const Gvk&, const Gvk&) = default;
};

struct Id {
  Gvk gvk;
  std::string name;
  std::string ns;
  bool cluster_scoped = false;

  // The namespace that counts: kNoNamespace for cluster-scoped kinds, "default" for none.
  std::string_view effective_ns() const {
    if (cluster_scoped) return kNoNamespace;
    return ns.empty() ? kDefaultNamespace : std::string_view(ns);
  }
  // Equal kind, name and effective namespace.
  bool same_as(const Id& other) const {
    return name == other.name && gvk == other.gvk && effective_ns() == other.effective_ns();
  }
  // A text, and a number, that are equal for ids that are the same.
  std::string key() const;
  size_t hash() const;
  // "Deployment.v1.apps/web.[noNs]".
  std::string text() const;
  // Go's %#v of the original's struct, which some messages show.
  std::string go_text() const;
};

// Cluster-scoped by the table of Kubernetes 1.21: nothing else is, whatever it may be today.
bool is_cluster_scoped(std::string_view api_version, std::string_view kind);
// In that table at all, as namespaced.
bool is_known_namespaced(const Gvk& gvk);

}  // namespace fleet::kustomize
