// Opens a store: in memory, or in one SQLite file.
#pragma once

#include <memory>

#include "kube/store/store.h"
#include "sys/clock.h"

namespace fleet::kube::store {

// The window holds an event while it is among the last `window_events` or younger than
// `window_age`, but never more than `window_bytes` of values.
struct Options {
  size_t window_events = 100'000;
  Duration window_age = std::chrono::minutes(10);
  size_t window_bytes = size_t{512} << 20;
  size_t subscription_events = 10'000;
};

// Keeps nothing.
std::unique_ptr<Store> open_memory(const Clock& clock, Options options = {});

// `path` is the database file; beside it stand SQLite's own `-wal` file and the lock file
// `<path>.lock` with the pid of its owner.
//
// Errors: Conflict when another process holds the lock (its pid is in the message);
// Unsupported when the file was written by a newer version; Invalid when a record in the middle is
// damaged, with what to do about it. A damaged last record is dropped and logged: it was never
// acknowledged.
Result<std::unique_ptr<Store>> open_sqlite(const Context& ctx,
                                           const std::string& path,
                                           Options options = {});

}  // namespace fleet::kube::store
