// Watches: a subscription of the store, through a filter, as the events of one client.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "kube/apiserver/core.h"
#include "kube/apiserver/filter.h"
#include "sys/guarded.h"

namespace fleet::kube::apiserver {

struct SourceEvent {
  enum class Type { Added, Modified, Deleted, Bookmark, Error };
  Type type = Type::Added;
  store::EntryPtr entry;         // Added, Modified, Deleted (its last state)
  store::Revision revision = 0;  // the object's resourceVersion
  bool initial_end = false;      // Bookmark: the state has been sent
  Status status{};               // Error
};
std::string_view to_string(SourceEvent::Type type);

// Threads: `on_ready` and `take` by one thread at a time; `ready` is called by the store's.
class EventSource {
 public:
  struct Settings {
    ServedPtr served;
    Filter filter;
    Format format;
    std::string include;  // of a table's rows
    bool bookmarks = false;
    std::optional<Duration> timeout;
  };

  static Reply<std::shared_ptr<EventSource>> open(Core& core, const Call& call);

  const Settings& settings() const { return settings_; }
  // From now on `ready` is called when there may be something to take. At once if there is now.
  void on_ready(std::function<void()> ready);
  // What is due, without waiting. After an Error nothing follows.
  std::vector<SourceEvent> take(size_t limit);
  bool ended() const { return ended_; }
  // Everything up to here was taken: what a bookmark says.
  store::Revision progress() const { return progress_; }
  DocumentPtr document(const SourceEvent& event) const;

 private:
  struct Bell {
    std::function<void()> ring;
    bool rung = true;  // before anyone listens: there may be something
  };

  EventSource(Core& core, Settings settings);
  Reply<> start(const Call& call);
  void add_initial(std::vector<store::EntryPtr> entries);
  void translate(const store::Event& event, std::vector<SourceEvent>& out) const;
  bool matches(const store::EntryPtr& entry) const;

  Core& core_;
  Settings settings_;
  std::shared_ptr<Guarded<Bell>> bell_;
  std::unique_ptr<store::Subscription> subscription_;
  std::deque<SourceEvent> initial_;
  store::Revision progress_ = 0;
  bool ended_ = false;
};

}  // namespace fleet::kube::apiserver
