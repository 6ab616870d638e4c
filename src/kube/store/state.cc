#include "kube/store/state.h"

#include <algorithm>
#include <map>

#include "base/strings.h"

namespace fleet::kube::store {

namespace {

size_t event_bytes(const Event& event) {
  // The version before is held for the window alone; the version after is in the index as well.
  return (event.before ? event.before->value.size() + event.before->key.size() : 0) + 128;
}

Error expired(Revision asked, Revision compacted) {
  return Error(Code::Expired, cat("too old resource version: ", asked, " (", compacted, ")"));
}

// Cuts sorted entries to the part that `range` asks for.
Page cut_page(std::vector<EntryPtr> entries, const Range& range) {
  Page page;
  auto first = std::lower_bound(entries.begin(), entries.end(), range.start, ByKey());
  const auto left = static_cast<size_t>(entries.end() - first);
  const size_t taken = range.limit == 0 ? left : std::min(left, range.limit);
  page.more = taken < left;
  page.remaining = left - taken;
  page.entries.assign(std::make_move_iterator(first),
                      std::make_move_iterator(first + static_cast<std::ptrdiff_t>(taken)));
  return page;
}

}  // namespace

EntryPtr State::find(std::string_view key) const {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : *found;
}

uint64_t State::count(std::string_view prefix) const {
  uint64_t count = 0;
  for (auto at = index_.lower_bound(prefix); at != index_.end(); ++at) {
    if (!(*at)->key.starts_with(prefix)) break;
    ++count;
  }
  return count;
}

Result<Page> State::list(const Range& range) const {
  if (range.revision != 0 && range.revision < compacted_)
    return expired(range.revision, compacted_);
  const Revision at = range.revision == 0 ? revision_ : std::min(range.revision, revision_);
  if (at < revision_) {
    auto changed = TRY(events(range.prefix, at, revision_));
    if (!changed.empty()) {
      Page page = cut_page(entries_at(range.prefix, at), range);
      page.revision = at;
      return page;
    }
  }
  Page page;
  page.revision = at;
  auto entry = index_.lower_bound(std::max(std::string_view(range.prefix),  //
                                           std::string_view(range.start)));
  for (; entry != index_.end() && (*entry)->key.starts_with(range.prefix); ++entry) {
    if (range.limit != 0 && page.entries.size() == range.limit) {
      page.more = true;
      ++page.remaining;
      continue;
    }
    page.entries.push_back(*entry);
  }
  return page;
}

// What is there now, with the events after `revision` undone, newest first.
std::vector<EntryPtr> State::entries_at(std::string_view prefix, Revision revision) const {
  std::map<std::string_view, EntryPtr> undone;
  for (auto event = window_.rbegin(); event != window_.rend(); ++event) {
    if ((*event)->revision <= revision) break;
    if ((*event)->key().starts_with(prefix)) undone[(*event)->key()] = (*event)->before;
  }
  std::vector<EntryPtr> entries;
  auto change = undone.begin();
  auto take_changes_before = [&](const std::string* key) {
    for (; change != undone.end() && (key == nullptr || change->first < *key); ++change) {
      if (change->second) entries.push_back(change->second);
    }
  };
  for (auto at = index_.lower_bound(prefix); at != index_.end(); ++at) {
    const std::string& key = (*at)->key;
    if (!key.starts_with(prefix)) break;
    take_changes_before(&key);
    if (change != undone.end() && change->first == key) {
      if (change->second) entries.push_back(change->second);
      ++change;
    } else {
      entries.push_back(*at);
    }
  }
  take_changes_before(nullptr);
  return entries;
}

std::deque<EventPtr>::const_iterator State::first_after(Revision revision) const {
  return std::partition_point(window_.begin(), window_.end(), [&](const EventPtr& event) {
    return event->revision <= revision;
  });
}

Result<std::vector<EventPtr>> State::events(std::string_view prefix,
                                            Revision from,
                                            Revision to) const {
  if (from < compacted_) return expired(from, compacted_);
  std::vector<EventPtr> found;
  for (auto at = first_after(from); at != window_.end() && (*at)->revision <= to; ++at) {
    if ((*at)->key().starts_with(prefix)) found.push_back(*at);
  }
  return found;
}

std::vector<EventPtr> State::events_after(Revision from) const {
  return {first_after(from), window_.end()};
}

void State::apply(const std::vector<EventPtr>& events) {
  for (const EventPtr& event : events)
    apply_one(event);
}

void State::apply_one(const EventPtr& event) {
  if (!event->before) {
    index_.insert(event->after);
  } else {
    auto found = index_.find(std::string_view(event->before->key));
    CHECK(found != index_.end());
    auto next = std::next(found);
    auto node = index_.extract(found);
    if (event->after) {
      node.value() = event->after;
      index_.insert(next, std::move(node));
    }
  }
  window_.push_back(event);
  window_bytes_ += event_bytes(*event);
  revision_ = event->revision;
}

void State::raise_revision(Revision revision) {
  revision_ = std::max(revision_, revision);
}

void State::drop_oldest(std::vector<Revision>& obsolete) {
  const Event& event = *window_.front();
  if (event.before) obsolete.push_back(event.before->modified);
  if (!event.after) obsolete.push_back(event.revision);
  compacted_ = event.revision;
  window_bytes_ -= event_bytes(event);
  window_.pop_front();
}

std::vector<Revision> State::trim(TimePoint now, Revision keep_after) {
  std::vector<Revision> obsolete;
  while (!window_.empty() && window_.front()->revision <= keep_after) {
    const bool in_window = window_.size() <= options_.window_events ||
                           now - window_.front()->time <= options_.window_age;
    if (in_window && window_bytes_ <= options_.window_bytes) break;
    drop_oldest(obsolete);
  }
  return obsolete;
}

std::vector<Revision> State::compact(Revision revision) {
  std::vector<Revision> obsolete;
  while (!window_.empty() && window_.front()->revision <= revision)
    drop_oldest(obsolete);
  compacted_ = std::max(compacted_, std::min(revision, revision_));
  return obsolete;
}

}  // namespace fleet::kube::store
