#include "kustomize/resmap.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "kube/meta/selector.h"
#include "kustomize/match.h"

namespace fleet::kustomize {
namespace {

// Labels or annotations of `old` with those of `fresh` laid over.
void overlay_strings(yaml::Node& metadata, const yaml::Node* old, std::string_view field) {
  const yaml::Node* before = old == nullptr ? nullptr : old->find(field);
  if (before == nullptr || before->empty()) return;
  yaml::Node merged = *before;
  if (const yaml::Node* now = metadata.find(field)) {
    for (size_t i = 0; i < now->pairs(); i++)
      merged.set(now->key(i).text(), now->value(i));
  }
  metadata.set(field, std::move(merged));
}

// The name, namespace, history, labels and annotations of what was there.
void take_identity(Resource& fresh, const Resource& old) {
  overlay_strings(*fresh.metadata(), old.metadata(), "labels");
  overlay_strings(*fresh.metadata(), old.metadata(), "annotations");
  fresh.set_name(old.name());
  fresh.set_ns(old.ns());
  fresh.history = old.history;
  fresh.prefixes = old.prefixes;
  fresh.suffixes = old.suffixes;
  // Both must want a hash.
  fresh.needs_hash = fresh.needs_hash && old.needs_hash;
}

void overlay_data(Resource& fresh, const Resource& old, std::string_view field) {
  const yaml::Node* before = old.node.find(field);
  if (before == nullptr || !before->is_mapping() || before->empty()) return;
  yaml::Node merged = *before;
  if (const yaml::Node* now = fresh.node.find(field)) {
    for (size_t i = 0; i < now->pairs(); i++)
      merged.set(now->key(i).text(), now->value(i));
  }
  fresh.node.set(field, std::move(merged));
}

}  // namespace

void ResMap::index() const {
  if (indexed_) return;
  current_.clear();
  any_.clear();
  for (size_t i = 0; i < resources_.size(); i++) {
    const Resource& resource = resources_[i];
    if (resource.is_empty()) continue;
    std::string current = resource.current_id().key();
    current_[current].push_back(i);
    any_[current].push_back(i);
    for (const Id& id : resource.previous_ids()) {
      auto& places = any_[id.key()];
      if (places.empty() || places.back() != i) places.push_back(i);
    }
  }
  indexed_ = true;
}

std::vector<size_t> ResMap::matching_any(const Id& id) const {
  index();
  auto found = any_.find(id.key());
  return found == any_.end() ? std::vector<size_t>() : found->second;
}

std::vector<size_t> ResMap::matching_current(const Id& id) const {
  index();
  auto found = current_.find(id.key());
  return found == current_.end() ? std::vector<size_t>() : found->second;
}

Result<> ResMap::append(Resource resource) {
  index();
  const Id id = resource.current_id();
  std::string key = id.key();
  auto& places = current_[key];
  if (!places.empty()) {
    return Error(Code::Invalid,
                 cat("may not add resource with an already registered id: ", id.text()));
  }
  const size_t at = resources_.size();
  places.push_back(at);
  any_[key].push_back(at);
  for (const Id& earlier : resource.previous_ids()) {
    auto& others = any_[earlier.key()];
    if (others.empty() || others.back() != at) others.push_back(at);
  }
  resources_.push_back(std::move(resource));
  return {};
}

Result<> ResMap::append_all(ResMap other) {
  for (Resource& resource : other.resources_)
    TRY(append(std::move(resource)));
  return {};
}

Result<> ResMap::absorb(Resource resource) {
  const Id id = resource.current_id();
  const std::vector<size_t> matches = matching_any(id);
  const bool joins = resource.behavior == Behavior::Merge || resource.behavior == Behavior::Replace;
  if (matches.empty()) {
    if (joins)
      return Error(Code::Invalid,
                   cat("id ", id.go_text(), " does not exist; cannot merge or replace"));
    return append(std::move(resource));
  }
  if (matches.size() > 1) {
    Strings texts;
    for (size_t at : matches)
      texts.push_back(resources_[at].current_id().text());
    return Error(Code::Invalid,
                 cat("found multiple objects [",
                     join(texts, " "),
                     "] that could accept merge of ",
                     id.text()));
  }
  if (!joins) {
    return Error(Code::Invalid,
                 cat("id ",
                     id.go_text(),
                     " exists; can not use behavior: '",
                     behavior_text(resource.behavior),
                     "', behavior must be merge or replace"));
  }
  Resource& old = resources_[matches[0]];
  take_identity(resource, old);
  if (resource.behavior == Behavior::Merge) {
    overlay_data(resource, old, "data");
    overlay_data(resource, old, "binaryData");
    if (old.origin) resource.origin = old.origin;
  }
  old = std::move(resource);
  forget_index();
  return {};
}

void ResMap::drop_empties() {
  if (std::erase_if(resources_, [](const Resource& one) { return one.is_empty(); }) > 0)
    forget_index();
}

Result<size_t> ResMap::find_target(const Id& id) const {
  const std::vector<size_t> matches = matching_any(id);
  if (matches.size() == 1) return matches[0];
  return Error(Code::Invalid,
               cat(matches.empty() ? "no matches for Id " : "multiple matches for Id ",
                   id.text(),
                   "; failed to find unique target for patch ",
                   id.text()));
}

Result<std::vector<size_t>> ResMap::select(const Selector& selector) const {
  std::vector<size_t> selected;
  Match match = TRY(Match::compile(selector));
  for (size_t i = 0; i < resources_.size(); i++) {
    const Resource& resource = resources_[i];
    if (resource.is_empty()) continue;
    const Id original = resource.original_id();
    const Id current = resource.current_id();
    if (!match.ns(original.effective_ns()) && !match.ns(current.effective_ns())) continue;
    if (!match.name(original.name) && !match.name(current.name)) continue;
    if (!match.gvk(current.gvk)) continue;
    if (!TRY(match.labels(resource))) continue;
    if (!TRY(match.annotations(resource))) continue;
    selected.push_back(i);
  }
  return selected;
}

}  // namespace fleet::kustomize
