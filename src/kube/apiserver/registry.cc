#include "kube/apiserver/registry.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/strings.h"

namespace fleet::kube::apiserver {

namespace {

// Stable versions first, then beta, then alpha; higher numbers first; others last, by name.
struct VersionRank {
  int stage = 3;  // 0 stable, 1 beta, 2 alpha, 3 not a Kubernetes version
  int64_t major = 0;
  int64_t minor = 0;
};

VersionRank rank(std::string_view version) {
  VersionRank found;
  if (!version.starts_with('v')) return found;
  version.remove_prefix(1);
  const size_t digits = version.find_first_not_of("0123456789");
  const auto major = parse_int(version.substr(0, digits));
  if (!major) return found;
  VersionRank known{0, *major, 0};
  if (digits == std::string_view::npos) return known;
  std::string_view rest = version.substr(digits);
  known.stage = rest.starts_with("beta") ? 1 : 2;
  if (!rest.starts_with("beta") && !rest.starts_with("alpha")) return found;
  rest.remove_prefix(known.stage == 1 ? 4 : 5);
  const auto minor = parse_int(rest);
  if (!minor) return found;
  known.minor = *minor;
  return known;
}

// The order in which kube-apiserver lists its own groups; others follow by name.
constexpr std::string_view kGroupOrder[] = {"",
                                            "apiregistration.k8s.io",
                                            "apps",
                                            "events.k8s.io",
                                            "authentication.k8s.io",
                                            "authorization.k8s.io",
                                            "autoscaling",
                                            "batch",
                                            "certificates.k8s.io",
                                            "networking.k8s.io",
                                            "policy",
                                            "rbac.authorization.k8s.io",
                                            "storage.k8s.io",
                                            "admissionregistration.k8s.io",
                                            "apiextensions.k8s.io",
                                            "scheduling.k8s.io",
                                            "coordination.k8s.io",
                                            "node.k8s.io",
                                            "discovery.k8s.io",
                                            "resource.k8s.io",
                                            "flowcontrol.apiserver.k8s.io"};

size_t group_rank(std::string_view group) {
  return static_cast<size_t>(std::find(std::begin(kGroupOrder), std::end(kGroupOrder), group) -
                             std::begin(kGroupOrder));
}

}  // namespace

bool version_before(std::string_view a, std::string_view b) {
  const VersionRank x = rank(a);
  const VersionRank y = rank(b);
  if (x.stage == 3 && y.stage == 3) return a < b;
  return std::tuple(x.stage, -x.major, -x.minor) < std::tuple(y.stage, -y.major, -y.minor);
}

ServedPtr Catalog::find(std::string_view group,
                        std::string_view version,
                        std::string_view plural) const {
  auto found = resources_.find(Name(group, version));
  if (found == resources_.end()) return nullptr;
  auto served = found->second.find(plural);
  return served == found->second.end() ? nullptr : served->second;
}

ServedPtr Catalog::find_any(std::string_view group, std::string_view plural) const {
  for (const ServedGroup& known : groups_) {
    if (known.name != group) continue;
    for (const std::string& version : known.versions) {
      if (ServedPtr served = find(group, version, plural)) return served;
    }
  }
  return nullptr;
}

ServedPtr Catalog::find_kind(std::string_view group,
                             std::string_view version,
                             std::string_view kind) const {
  auto found = resources_.find(Name(group, version));
  if (found == resources_.end()) return nullptr;
  for (const auto& [plural, served] : found->second) {
    if (served->resource.kind == kind) return served;
  }
  return nullptr;
}

bool Catalog::has_group_version(std::string_view group, std::string_view version) const {
  return resources_.contains(Name(group, version));
}

std::vector<ServedPtr> Catalog::resources(std::string_view group, std::string_view version) const {
  std::vector<ServedPtr> all;
  auto found = resources_.find(Name(group, version));
  if (found == resources_.end()) return all;
  for (const auto& [plural, served] : found->second)
    all.push_back(served);
  return all;
}

std::vector<ServedPtr> Catalog::stored() const {
  std::vector<ServedPtr> all;
  std::set<std::string_view> roots;
  for (const ServedGroup& group : groups_) {
    for (const std::string& version : group.versions) {
      for (const ServedPtr& served : resources(group.name, version)) {
        if (!served->can("get") || !roots.insert(served->root).second) continue;
        all.push_back(served);
      }
    }
  }
  return all;
}

void Catalog::add(ServedPtr served) {
  const GroupVersionResource& gvr = served->resource.gvr;
  resources_[Name(gvr.group, gvr.version)][gvr.resource] = std::move(served);
}

void Catalog::remove_custom(std::string_view crd_name) {
  for (auto group = resources_.begin(); group != resources_.end();) {
    std::erase_if(group->second, [&](const auto& row) { return row.second->crd_name == crd_name; });
    group = group->second.empty() ? resources_.erase(group) : std::next(group);
  }
}

void Catalog::settle() {
  groups_.clear();
  for (const auto& [name, served] : resources_) {
    if (groups_.empty() || groups_.back().name != name.first) groups_.push_back({name.first, {}});
    groups_.back().versions.push_back(name.second);
  }
  for (ServedGroup& group : groups_) {
    std::sort(group.versions.begin(), group.versions.end(), version_before);
  }
  std::stable_sort(groups_.begin(), groups_.end(), [](const auto& a, const auto& b) {
    return group_rank(a.name) < group_rank(b.name);
  });
}

Registry::Registry(Catalog catalog) {
  catalog.settle();
  current_.with([&](Current& current) {
    current.catalog = std::make_shared<const Catalog>(std::move(catalog));
  });
}

std::shared_ptr<const Catalog> Registry::catalog() const {
  return current_.with([](const Current& current) { return current.catalog; });
}

uint64_t Registry::generation() const {
  return current_.with([](const Current& current) { return current.generation; });
}

void Registry::set_custom(std::string_view crd_name,
                          uint64_t revision,
                          const std::vector<ServedPtr>& served) {
  current_.with([&](Current& current) {
    uint64_t& known = current.revisions[std::string(crd_name)];
    if (revision <= known) return;
    known = revision;
    Catalog next = *current.catalog;
    next.remove_custom(crd_name);
    for (const ServedPtr& one : served)
      next.add(one);
    next.settle();
    current.catalog = std::make_shared<const Catalog>(std::move(next));
    ++current.generation;
  });
}

}  // namespace fleet::kube::apiserver
