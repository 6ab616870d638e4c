// Informer: keeps an Indexer like the server's objects of one kind, and tells what changed.
//
// It lists, then watches from the list's resourceVersion. A watch that ends is taken up again from
// the last version seen; when the server no longer knows that version it lists again.
//
// Deletion is sacred: an object leaves the index when a watch says so, or when it is missing from a
// successful list and a live read of it answers NotFound. A failed, empty or partial list removes
// nothing. Now and then (`relist`) it lists again, so that a list that came out too short is
// made good.
//
// Threads: `run` by one thread; handlers are called by it, one at a time. Everything else from any.
// Lifetime: the client outlives the informer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kube/cache/indexer.h"
#include "kube/client/client.h"
#include "sys/context.h"
#include "sys/guarded.h"

namespace fleet::kube {

using DecodeFunction = std::function<Result<std::shared_ptr<const void>>(const Object&)>;

struct InformerOptions {
  Resource resource;
  std::string ns{};  // empty: all
  LabelSelector labels{};
  FieldSelector fields{};
  DecodeFunction decode{};  // empty: documents only
  Duration first_relist = std::chrono::seconds(30);
  Duration relist = std::chrono::minutes(10);
  Duration retry_first = std::chrono::milliseconds(100);
  Duration retry_last = std::chrono::seconds(30);
};

struct CacheEvent {
  enum class Type { Added, Updated, Deleted, Resync };
  Type type = Type::Added;
  CachedPtr before;  // null when Added
  CachedPtr after;   // null when Deleted

  // The newer of the two.
  const Object& object() const { return after ? after->object : before->object; }
};

class Informer {
 public:
  using Handler = std::function<void(const CacheEvent&)>;

  Informer(Client& client, InformerOptions options);

  // Both before `run`.
  void add_handler(Handler handler) { handlers_.push_back(std::move(handler)); }
  void add_index(std::string name, Indexer::IndexFunction values) {
    indexer_.add_index(std::move(name), std::move(values));
  }

  // Until the Context stops; returns Cancelled.
  Result<> run(const Context& ctx);

  bool has_synced() const;
  // Waits for the first complete list.
  Result<> wait_synced(const Context& ctx);
  // Why the last list or watch failed; nothing while it works. For readiness and messages.
  std::optional<Error> trouble() const;

  const Indexer& indexer() const { return indexer_; }
  const Resource& resource() const { return options_.resource; }

 private:
  struct State {
    bool synced = false;
    std::optional<Error> trouble;
  };

  Result<std::string> list(const Context& ctx);
  Result<bool> drop_missing(const Context& ctx, const std::vector<Object>& present);
  Result<> watch(const Context& ctx, std::string& version);
  void take(const Context& ctx, const WatchEvent& event, std::string& version);
  bool selects(const Object& object) const;
  void put(const Context& ctx, Object object);
  void drop(const Key& key);
  void tell(CacheEvent event) const;
  void resync() const;
  Result<> pause(const Context& ctx, const Error& error);

  Client& client_;
  InformerOptions options_;
  Indexer indexer_;
  std::vector<Handler> handlers_;
  Guarded<State> state_;
  int failures_ = 0;       // of the running thread
  Instant next_relist_{};  // of the running thread
};

}  // namespace fleet::kube
