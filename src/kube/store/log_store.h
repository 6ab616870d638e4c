// The one implementation of Store: an index and a window in memory over a Log.
//
// Writers queue. The first of them leads: it checks the preconditions of all who wait, gives
// revisions, appends to the log once, makes the outcome visible and wakes everybody. A pump thread
// then hands the events to the watches.
#pragma once

#include <atomic>
#include <memory>

#include "kube/store/log.h"
#include "kube/store/open.h"
#include "kube/store/state.h"
#include "kube/store/subscribers.h"
#include "sys/files.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::kube::store {

class LogStore final : public Store {
 public:
  // `log` may be null: nothing is kept. `lock` is held as long as the store lives.
  LogStore(const Clock& clock,
           const Options& options,
           State state,
           std::unique_ptr<Log> log,
           std::unique_ptr<sys::LockFile> lock);
  ~LogStore() override;

  Result<EntryPtr> get(const Context& ctx, std::string_view key) override;
  Result<Page> list(const Context& ctx, const Range& range) override;
  Result<uint64_t> count(const Context& ctx, std::string_view prefix) override;
  Result<Revision> revision(const Context& ctx) override;
  Result<Committed> write(const Context& ctx, Write write) override;
  Result<std::unique_ptr<Subscription>> watch(const Context& ctx,
                                              std::string_view prefix,
                                              Revision from,
                                              std::function<void()> wake) override;
  Result<> compact(const Context& ctx, Revision revision) override;
  void stop() override;

 private:
  struct Pending {
    Write write;
    bool done = false;
    Result<Committed> outcome = Committed{};
  };
  struct Writers {
    std::vector<Pending*> waiting;
    std::vector<Revision> obsolete;  // log records to erase
    bool led = false;
    bool stopped = false;
  };

  void lead();
  void commit(const std::vector<Pending*>& batch);
  std::vector<EventPtr> plan(const std::vector<Pending*>& batch,
                             std::vector<Pending*>& accepted) const;
  void erase_obsolete(std::vector<Revision> obsolete, bool now);
  void pump(std::stop_token stop);

  const Clock& clock_;
  std::unique_ptr<sys::LockFile> lock_;
  std::unique_ptr<Log> log_;  // used by the leader alone
  Guarded<State> state_;
  Guarded<Writers> writers_;
  std::vector<Revision> obsolete_;  // the leader's
  std::shared_ptr<Subscribers> subscribers_;
  Thread pump_;
};

}  // namespace fleet::kube::store
