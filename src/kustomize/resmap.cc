#include "kustomize/resmap.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "kube/meta/selector.h"
#include "kustomize/match.h"
#include "kustomize/output.h"

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

void ResMap::note(const Id& id, size_t at, bool current) const {
  if (entries_.size() >= slots_.size()) grow();
  const size_t hash = id.hash();
  uint32_t& slot = slots_[hash & (slots_.size() - 1)];
  entries_.push_back({hash, static_cast<uint32_t>(at), slot, current});
  slot = static_cast<uint32_t>(entries_.size());
}

void ResMap::grow() const {
  slots_.assign(std::max<size_t>(64, slots_.size() * 2), 0);
  for (size_t i = 0; i < entries_.size(); i++) {
    uint32_t& slot = slots_[entries_[i].hash & (slots_.size() - 1)];
    entries_[i].next = slot;
    slot = static_cast<uint32_t>(i + 1);
  }
}

void ResMap::index() const {
  if (indexed_) return;
  entries_.clear();
  slots_.clear();
  for (size_t i = 0; i < resources_.size(); i++) {
    const Resource& resource = resources_[i];
    if (resource.is_empty()) continue;
    note(resource.current_id(), i, true);
    for (const Earlier& earlier : resource.history)
      note(resource.previous_id(earlier), i, false);
  }
  indexed_ = true;
}

bool ResMap::has_id(const Entry& entry, const Id& id) const {
  if (entry.hash != id.hash()) return false;
  const Resource& resource = resources_[entry.at];
  if (entry.current) return resource.current_id().same_as(id);
  return std::ranges::any_of(resource.history, [&](const Earlier& earlier) {
    return resource.previous_id(earlier).same_as(id);
  });
}

std::vector<size_t> ResMap::matching(const Id& id, bool current_only) const {
  index();
  std::vector<size_t> found;
  if (slots_.empty()) return found;
  for (uint32_t at = slots_[id.hash() & (slots_.size() - 1)]; at != 0; at = entries_[at - 1].next) {
    const Entry& entry = entries_[at - 1];
    if ((entry.current || !current_only) && has_id(entry, id)) found.push_back(entry.at);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<size_t> ResMap::matching_any(const Id& id) const {
  return matching(id, false);
}

std::vector<size_t> ResMap::matching_current(const Id& id) const {
  return matching(id, true);
}

std::optional<std::pair<size_t, size_t>> ResMap::first_twins() const {
  index();
  for (const Entry& entry : entries_) {
    if (!entry.current) continue;
    for (uint32_t at = entry.next; at != 0; at = entries_[at - 1].next) {
      const Entry& before = entries_[at - 1];
      if (!before.current || before.hash != entry.hash) continue;
      if (has_id(before, resources_[entry.at].current_id())) return {{before.at, entry.at}};
    }
  }
  return std::nullopt;
}

Result<> ResMap::append(Resource resource) {
  const Id id = resource.current_id();
  if (!matching(id, true).empty()) {
    return Error(Code::Invalid,
                 cat("may not add resource with an already registered id: ", id.text()));
  }
  const size_t at = resources_.size();
  note(id, at, true);
  for (const Earlier& earlier : resource.history)
    note(resource.previous_id(earlier), at, false);
  resources_.push_back(std::move(resource));
  return {};
}

Result<> ResMap::append_all(ResMap other) {
  if (resources_.empty()) {
    *this = std::move(other);
    return {};
  }
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
      texts.push_back(json_text(resources_[at]));
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
