// Hands committed events to the watches that want them.
//
// A watch on a prefix that ends in "/" is found by looking up each "/"-ended prefix of an event's
// key, so an event costs what its own readers cost, however many others watch other things.
// Threads: `dispatch` by the pump alone; all else by any thread.
#pragma once

#include <map>

#include "kube/store/store.h"
#include "sys/guarded.h"

namespace fleet::kube::store {

class Reader;

class Subscribers {
 public:
  explicit Subscribers(size_t max_waiting)
      : max_waiting_(max_waiting) {}

  // A reader that gets every event dispatched from now on, except those up to `from`.
  // `dispatched`: what came before; its backlog ends there (see Reader::prime).
  std::shared_ptr<Reader> add(std::string_view prefix,
                              Revision from,
                              std::function<void()> wake,
                              Revision& dispatched);
  void remove(const Reader& reader);
  void dispatch(const std::vector<EventPtr>& events);
  Revision dispatched() const;
  void set_dispatched(Revision revision);
  void end_all();

 private:
  struct Table {
    std::multimap<std::string, std::shared_ptr<Reader>, std::less<>> by_prefix;
    Revision dispatched = 0;
    bool ended = false;
  };

  size_t max_waiting_;
  Guarded<Table> table_;
};

// The far end of one subscription.
class Reader {
 public:
  Reader(std::string prefix, Revision from, size_t max_waiting, std::function<void()> wake)
      : prefix_(std::move(prefix)),
        from_(from),
        max_waiting_(max_waiting),
        wake_(std::move(wake)) {}

  const std::string& prefix() const { return prefix_; }
  // Puts the events before its registration in front.
  void prime(std::vector<EventPtr> backlog);
  void push(const EventPtr& event);
  void end();
  void wake() const { wake_(); }
  Result<std::vector<EventPtr>> take(size_t limit);

 private:
  struct Queue {
    std::vector<EventPtr> events;  // from `head` on
    size_t head = 0;
    bool cut_off = false;
    bool ended = false;
  };

  std::string prefix_;
  Revision from_;
  size_t max_waiting_;
  std::function<void()> wake_;
  Guarded<Queue> queue_;
};

}  // namespace fleet::kube::store
