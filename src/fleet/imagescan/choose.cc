#include "fleet/imagescan/choose.h"

#include <algorithm>
#include <optional>

#include "base/strings.h"
#include "text/semver.h"

namespace fleet::imagescan {

namespace {

Result<std::string> highest_version(const std::string& range, std::span<const std::string> tags) {
  text::Constraints allowed = TRY(text::Constraints::parse(range));
  std::optional<text::Version> best;
  for (const std::string& tag : tags) {
    Result<text::Version> version = text::Version::parse(tag);
    if (!version.ok() || !allowed.check(*version)) continue;
    if (!best || *best < *version) best = *version;
  }
  if (!best) return Error{Code::NotFound, cat("no available version matching ", range)};
  return best->original();
}

}  // namespace

Result<std::string> choose_tag(const api::ImagePolicyChoice& policy,
                               std::span<const std::string> tags) {
  if (tags.empty()) return Error{Code::NotFound, "no tag found"};
  if (policy.semver) return highest_version(policy.semver->range, tags);
  if (!policy.alphabetical) return highest_version("*", tags);
  const std::string& order = policy.alphabetical->order;
  bool is_descending = order.empty() || equal_fold(order, "DESC");
  return is_descending ? *std::ranges::max_element(tags) : *std::ranges::min_element(tags);
}

}  // namespace fleet::imagescan
