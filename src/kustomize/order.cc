#include "kustomize/order.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

constexpr std::string_view kFirst[] = {"Namespace",
                                       "ResourceQuota",
                                       "StorageClass",
                                       "CustomResourceDefinition",
                                       "ServiceAccount",
                                       "PodSecurityPolicy",
                                       "Role",
                                       "ClusterRole",
                                       "RoleBinding",
                                       "ClusterRoleBinding",
                                       "ConfigMap",
                                       "Secret",
                                       "Endpoints",
                                       "Service",
                                       "LimitRange",
                                       "PriorityClass",
                                       "PersistentVolume",
                                       "PersistentVolumeClaim",
                                       "Deployment",
                                       "StatefulSet",
                                       "CronJob",
                                       "PodDisruptionBudget"};
constexpr std::string_view kLast[] = {"MutatingWebhookConfiguration",
                                      "ValidatingWebhookConfiguration"};

using Ranks = std::unordered_map<std::string, int>;

template <typename First, typename Last>
Ranks ranks_of(const First& first, const Last& last) {
  Ranks ranks;
  int at = -static_cast<int>(std::size(first));
  for (const auto& kind : first)
    ranks[std::string(kind)] = at++;
  at = 1;
  for (const auto& kind : last)
    ranks[std::string(kind)] = at++;
  return ranks;
}

int rank_of(const Ranks& ranks, const std::string& kind) {
  auto found = ranks.find(kind);
  return found == ranks.end() ? 0 : found->second;
}

bool less_by(const Ranks& ranks, const Gvk& a, const Gvk& b) {
  const int left = rank_of(ranks, a.kind);
  const int right = rank_of(ranks, b.kind);
  if (left != right) return left < right;
  if (a.kind == "Namespace" && b.kind == "Namespace" && (a.group.empty() || b.group.empty())) {
    return a.sort_text() > b.sort_text();
  }
  return a.sort_text() < b.sort_text();
}

std::string id_text(const Id& id) {
  return cat(
      id.gvk.text(), "|", id.ns.empty() ? "~X" : id.ns, "|", id.name.empty() ? "~N" : id.name);
}

}  // namespace

bool gvk_less(const Gvk& a, const Gvk& b) {
  static const Ranks kRanks = ranks_of(kFirst, kLast);
  return less_by(kRanks, a, b);
}

Result<> sort_resources(ResMap& resources, const SortOptions& options) {
  if (options.order == "fifo") {
    if (options.legacy) {
      return Error(
          Code::Invalid,
          cat("the field 'sortOptions.legacySortOptions' is set but the selected sort order is '",
              options.order,
              "', not 'legacy'"));
    }
    return {};
  }
  if (options.order != "legacy") {
    return Error(Code::Invalid, "the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  const Strings none;
  const Ranks ranks = options.legacy ? ranks_of(options.legacy->order_first.value_or(none),
                                                options.legacy->order_last.value_or(none))
                                     : ranks_of(kFirst, kLast);
  struct Keyed {
    Id id;
    std::string text;
    size_t at;
  };
  std::vector<Keyed> keyed;
  auto& all = resources.all();
  for (size_t i = 0; i < all.size(); i++) {
    Id id = all[i].current_id();
    std::string text = id_text(id);
    keyed.push_back({std::move(id), std::move(text), i});
  }
  std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) {
    if (a.id.gvk != b.id.gvk) return less_by(ranks, a.id.gvk, b.id.gvk);
    return a.text < b.text;
  });
  std::vector<Resource> sorted;
  sorted.reserve(all.size());
  for (const Keyed& one : keyed)
    sorted.push_back(std::move(all[one.at]));
  all = std::move(sorted);
  resources.forget_index();
  return {};
}

}  // namespace fleet::kustomize
