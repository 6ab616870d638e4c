// Where committed events go before they are acknowledged, and come from at the next start.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "kube/store/store.h"

namespace fleet::kube::store {

// One write as it stands in a log.
struct Record {
  Revision revision = 0;
  Operation operation = Operation::Create;
  Revision created = 0;
  TimePoint time;
  std::string_view key;
  std::string_view value;
};

// Threads: one at a time; the store's leader and its compaction take turns.
class Log {
 public:
  virtual ~Log() = default;
  // Durable when it returns; all or none.
  virtual Result<> append(std::span<const EventPtr> events) = 0;
  // Removes records that no longer matter, and remembers that history begins after `compacted`.
  virtual Result<> erase(std::span<const Revision> revisions, Revision compacted) = 0;
};

// What a log held when it was opened.
struct Loaded {
  std::unique_ptr<Log> log;
  Revision last = 0;       // the last revision ever given out
  Revision compacted = 0;  // history begins after it
};

// Called once for each record, in order of revision. The views are valid during the call.
using Visitor = std::function<void(const Record&)>;

// See open.h for files and errors.
Result<Loaded> open_sqlite_log(const Context& ctx, const std::string& path, const Visitor& visit);

}  // namespace fleet::kube::store
