// The store's memory: the index of all keys, and the window of the last events. Not thread-safe;
// its owner guards it.
#pragma once

#include <deque>
#include <set>

#include "kube/store/open.h"
#include "kube/store/store.h"

namespace fleet::kube::store {

struct ByKey {
  using is_transparent = void;
  bool operator()(const EntryPtr& a, const EntryPtr& b) const { return a->key < b->key; }
  bool operator()(const EntryPtr& a, std::string_view b) const { return a->key < b; }
  bool operator()(std::string_view a, const EntryPtr& b) const { return a < b->key; }
};

class State {
 public:
  explicit State(const Options& options, Revision compacted = 0)
      : options_(options),
        revision_(compacted),
        compacted_(compacted) {}

  Revision revision() const { return revision_; }
  Revision compacted() const { return compacted_; }
  EntryPtr find(std::string_view key) const;
  uint64_t count(std::string_view prefix) const;

  // The page at `range.revision`. Expired when that is older than the window.
  Result<Page> list(const Range& range) const;
  // Events in (from, to] whose key begins with `prefix`. Expired as above.
  Result<std::vector<EventPtr>> events(std::string_view prefix, Revision from, Revision to) const;
  // Events after `from`, all keys; `from` is not older than the window.
  std::vector<EventPtr> events_after(Revision from) const;

  // Makes the events visible. They follow `revision()` in order.
  void apply(const std::vector<EventPtr>& events);
  // The revision may be ahead of the last event after damage was dropped.
  void raise_revision(Revision revision);
  // Drops what left the window, but nothing after `keep_after`. Gives the revisions of log records
  // that no longer matter.
  std::vector<Revision> trim(TimePoint now, Revision keep_after);
  // The same up to `revision`, whatever the window says.
  std::vector<Revision> compact(Revision revision);

 private:
  void apply_one(const EventPtr& event);
  void drop_oldest(std::vector<Revision>& obsolete);
  std::deque<EventPtr>::const_iterator first_after(Revision revision) const;
  std::vector<EntryPtr> entries_at(std::string_view prefix, Revision revision) const;

  Options options_;
  std::set<EntryPtr, ByKey> index_;
  std::deque<EventPtr> window_;
  size_t window_bytes_ = 0;
  Revision revision_;
  Revision compacted_;
};

}  // namespace fleet::kube::store
