#include "kustomize/order.h"

#include <algorithm>
#include <numeric>
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
  if (a == b) return false;
  if (a.kind == "Namespace" && b.kind == "Namespace" && (a.group.empty() || b.group.empty())) {
    return a.sort_text() > b.sort_text();
  }
  // Most differ in the first letter of what stands first.
  const char first_a = a.group.empty() ? '~' : a.group.front();
  const char first_b = b.group.empty() ? '~' : b.group.front();
  if (first_a != first_b) return first_a < first_b;
  return a.sort_text() < b.sort_text();
}

std::string id_text(const Resource& resource) {
  const std::string_view ns = resource.ns();
  const std::string_view name = resource.name();
  return cat(resource.gvk().text(), "|", ns.empty() ? "~X" : ns, "|", name.empty() ? "~N" : name);
}

// The place of each resource's gvk among all that there are.
std::vector<size_t> gvk_ranks(const std::vector<Resource>& resources, const Ranks& ranks) {
  std::vector<Gvk> kinds;
  std::unordered_map<std::string, size_t> numbers;
  std::vector<size_t> number_of;
  for (const Resource& resource : resources) {
    auto [at, fresh] = numbers.try_emplace(
        cat(resource.node.member_text("apiVersion"), "\n", resource.kind()), kinds.size());
    if (fresh) kinds.push_back(resource.gvk());
    number_of.push_back(at->second);
  }
  std::vector<size_t> order(kinds.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order,
                           [&](size_t a, size_t b) { return less_by(ranks, kinds[a], kinds[b]); });
  std::vector<size_t> rank_of_kind(kinds.size());
  for (size_t i = 0; i < order.size(); i++) {
    // Kinds that neither goes before the other stand together.
    const bool same = i > 0 && !less_by(ranks, kinds[order[i - 1]], kinds[order[i]]);
    rank_of_kind[order[i]] = same ? rank_of_kind[order[i - 1]] : i;
  }
  for (size_t& number : number_of)
    number = rank_of_kind[number];
  return number_of;
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
    size_t rank;
    std::string text;
    size_t at;
  };
  auto& all = resources.all();
  const std::vector<size_t> ranks_by_resource = gvk_ranks(all, ranks);
  std::vector<Keyed> keyed;
  keyed.reserve(all.size());
  for (size_t i = 0; i < all.size(); i++)
    keyed.push_back({ranks_by_resource[i], id_text(all[i]), i});
  auto less = [](const Keyed& a, const Keyed& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.text < b.text;
  };
  if (std::ranges::is_sorted(keyed, less)) return {};
  std::ranges::stable_sort(keyed, less);
  std::vector<Resource> sorted;
  sorted.reserve(all.size());
  for (const Keyed& one : keyed)
    sorted.push_back(std::move(all[one.at]));
  all = std::move(sorted);
  resources.forget_index();
  return {};
}

}  // namespace fleet::kustomize
