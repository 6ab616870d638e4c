// Watch events as JSON lines, each made once and shared by all who watch.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "kube/apiserver/watch.h"

namespace fleet::kube::apiserver {

using EventLine = std::shared_ptr<const std::string>;

// Threads: all functions from any thread.
class EventEncoder {
 public:
  // `first`: the first event of a table watch carries the columns.
  EventLine encode(const EventSource& source, const SourceEvent& event, TimePoint now, bool first);

 private:
  static constexpr size_t kSlots = 1024;
  struct Slot {
    store::EntryPtr entry;
    store::Revision revision = 0;
    SourceEvent::Type type = SourceEvent::Type::Added;
    std::string api_version;
    EventLine line;
  };
  EventLine plain(const EventSource& source, const SourceEvent& event);

  Guarded<std::array<Slot, kSlots>> slots_;
};

}  // namespace fleet::kube::apiserver
