#include "kube/apiserver/served.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kube::apiserver {

bool Served::can(std::string_view verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

std::vector<Subresource> Served::subresources() const {
  std::vector<Subresource> all = more_subresources;
  const std::vector<std::string> verbs_of_part{"get", "patch", "update"};
  if (has_status) all.push_back({"status", resource.gvk(), verbs_of_part});
  if (scale) all.push_back({"scale", {"autoscaling", "v1", "Scale"}, verbs_of_part});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

std::string Served::key(std::string_view ns, std::string_view name) const {
  return resource.namespaced ? cat(root, ns, '/', name) : cat(root, name);
}

std::string Served::prefix(std::string_view ns) const {
  return ns.empty() || !resource.namespaced ? root : cat(root, ns, '/');
}

}  // namespace fleet::kube::apiserver
