#include "data/yaml/aliases.h"

#include <algorithm>

#include "base/strings.h"
#include "data/yaml/limits.h"

namespace fleet::yaml {
namespace {

double allowed_ratio(size_t decoded) {
  if (decoded <= kAliasRatioLow) return 0.99;
  if (decoded >= kAliasRatioHigh) return 0.10;
  auto part = static_cast<double>(decoded - kAliasRatioLow);
  return 0.99 - 0.89 * (part / static_cast<double>(kAliasRatioHigh - kAliasRatioLow));
}

}  // namespace

const Node* AliasTargets::of(const Node& alias) const {
  auto found = targets_.find(&alias);
  return found == targets_.end() ? nullptr : found->second;
}

void AliasTargets::visit(const Node& node) {
  if (node.is_alias()) {
    if (auto found = anchors_.find(node.text()); found != anchors_.end()) {
      targets_[&node] = found->second;
    }
    return;
  }
  if (!node.anchor().empty()) anchors_[node.anchor()] = &node;
  for (const Node& child : node.children())
    visit(child);
}

Result<> AliasGuard::step() {
  decoded_++;
  if (depth_ > 0) aliased_++;
  if (aliased_ > kFreeAliasSteps && decoded_ > kFreeDecodeSteps &&
      static_cast<double>(aliased_) / static_cast<double>(decoded_) > allowed_ratio(decoded_)) {
    return Error(Code::Invalid, "yaml: document contains excessive aliasing");
  }
  return {};
}

Result<> AliasGuard::enter(const Node& alias) {
  if (std::ranges::find(open_, &alias) != open_.end()) {
    return Error(Code::Invalid, cat("yaml: anchor '", alias.text(), "' value contains itself"));
  }
  if (open_.size() >= size_t{kMaxYamlDepth}) {
    return Error(Code::Invalid, "yaml: document contains excessive aliasing");
  }
  open_.push_back(&alias);
  depth_++;
  return {};
}

void AliasGuard::leave(const Node& /*alias*/) {
  open_.pop_back();
  depth_--;
}

}  // namespace fleet::yaml
