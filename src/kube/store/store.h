// An ordered, versioned map with history: what the API server keeps its objects in.
//
// Keys and values are bytes. One revision counter serves the whole store: every write gets the next
// number, and is durable before it is acknowledged. Reads see what has been acknowledged. Events of
// the last writes are kept (the window), so that watches can begin in the past and lists can be
// read as they were.
//
// Two implementations (open.h): memory, SQLite. Nothing here assumes that this process is the only
// writer, so an external engine fits behind the same interface.
//
// Errors: NotFound, AlreadyExists and Conflict from writes whose precondition fails; Expired when a
// revision is older than the window; InsufficientStorage when the disk is full (reads go on).
// Threads: all functions may be called by any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sys/context.h"

namespace fleet::kube::store {

using Revision = uint64_t;  // 0: before the first write

// One version of one key. Never changes once it is visible.
struct Entry {
  std::string key;
  std::string value;
  Revision created = 0;   // the write that created the key
  Revision modified = 0;  // the write that made this version
};
using EntryPtr = std::shared_ptr<const Entry>;

// What one write did. `before` is null for a creation, `after` is null for a deletion.
struct Event {
  Revision revision = 0;
  TimePoint time;
  EntryPtr before;
  EntryPtr after;

  const std::string& key() const { return after ? after->key : before->key; }
};
using EventPtr = std::shared_ptr<const Event>;

enum class Operation : uint8_t { Create = 1, Update = 2, Delete = 3 };

// Create: the key must be absent (else AlreadyExists).
// Update, Delete: the key must be there (else NotFound), and, unless `expected` is 0, its version
// must be `expected` (else Conflict).
struct Write {
  Operation operation = Operation::Create;
  std::string key;
  std::string value;  // not for Delete
  Revision expected = 0;
};

struct Committed {
  Revision revision = 0;
  EntryPtr entry;  // after a deletion: the version that was deleted
};

// All keys that begin with `prefix`, in byte order, from `start` on (inclusive; empty: from the
// first), at most `limit` (0: all), as they were at `revision` (0: now).
struct Range {
  std::string prefix = {};
  std::string start = {};
  size_t limit = 0;
  Revision revision = 0;
};

struct Page {
  std::vector<EntryPtr> entries;
  Revision revision = 0;   // the store's revision that this page shows
  bool more = false;       // the limit cut it
  uint64_t remaining = 0;  // how many keys follow, when `more`
};

// A cursor over the events of one key prefix.
//
// Events arrive in order, none twice, none left out. Up to `Options::subscription_events` wait in
// it; one more cuts the reader off: `take` then answers Expired once, after which nothing comes.
// Threads: one reader. Lifetime: ends with its store's `stop`, or when destroyed.
class Subscription {
 public:
  struct Batch {
    std::vector<EventPtr> events;
    Revision up_to = 0;  // everything up to here has been handed out
  };

  virtual ~Subscription() = default;
  // What waits, at most `limit` events; never blocks.
  virtual Result<Batch> take(size_t limit) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Null if the key is absent.
  virtual Result<EntryPtr> get(const Context& ctx, std::string_view key) = 0;
  virtual Result<Page> list(const Context& ctx, const Range& range) = 0;
  virtual Result<uint64_t> count(const Context& ctx, std::string_view prefix) = 0;
  virtual Result<Revision> revision(const Context& ctx) = 0;
  // Blocks until the write is durable. Writers that wait together share one commit.
  virtual Result<Committed> write(const Context& ctx, Write write) = 0;
  // Events after `from` (0: from now on) of keys that begin with `prefix`. `wake` is called by the
  // store's own thread whenever there is something to take; it must not block nor call the store.
  virtual Result<std::unique_ptr<Subscription>> watch(const Context& ctx,
                                                      std::string_view prefix,
                                                      Revision from,
                                                      std::function<void()> wake) = 0;
  // Forgets history up to `revision`. The store does it by itself for what left the window.
  virtual Result<> compact(const Context& ctx, Revision revision) = 0;
  // Ends all subscriptions and refuses writes with ServiceUnavailable; waits for running ones.
  virtual void stop() = 0;
};

}  // namespace fleet::kube::store
