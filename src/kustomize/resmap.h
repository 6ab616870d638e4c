// ResMap: the resources of a build in order, with the questions asked of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace fleet::kustomize {

class ResMap {
 public:
  std::vector<Resource>& all() { return resources_; }
  const std::vector<Resource>& all() const { return resources_; }
  size_t size() const { return resources_.size(); }

  // Errors: "may not add resource with an already registered id: ...".
  Result<> append(Resource resource);
  Result<> append_all(ResMap other);
  // Adds what a generator made: appended, or merged into or put in place of what is there.
  Result<> absorb(Resource resource);
  void drop_empties();

  // Indices of resources one of whose ids is the same as `id`.
  std::vector<size_t> matching_any(const Id& id) const;
  std::vector<size_t> matching_current(const Id& id) const;
  // The one resource that a patch is for. Errors: "no matches for Id ...; failed to find unique
  // target".
  Result<size_t> find_target(const Id& id) const;
  // Errors: a bad regular expression or selector.
  Result<std::vector<size_t>> select(const Selector& selector) const;

  // The first two resources with the same current id, if there are such.
  std::optional<std::pair<size_t, size_t>> first_twins() const;

  // Ids in the index are those at the last change through this class; call after changing names.
  void forget_index() { indexed_ = false; }

 private:
  // One id of one resource, in a chain of those whose hashes share a slot.
  struct Entry {
    size_t hash;
    uint32_t at;    // the resource
    uint32_t next;  // the entry before it in the chain, counted from 1; 0: none
    bool current;
  };

  void index() const;
  void note(const Id& id, size_t at, bool current) const;
  void grow() const;
  bool has_id(const Entry& entry, const Id& id) const;
  std::vector<size_t> matching(const Id& id, bool current_only) const;

  std::vector<Resource> resources_;
  mutable bool indexed_ = false;
  mutable std::vector<Entry> entries_;
  mutable std::vector<uint32_t> slots_;  // the last entry of each chain, counted from 1
};

}  // namespace fleet::kustomize
