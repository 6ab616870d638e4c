#include "kube/store/open.h"

#include "base/strings.h"
#include "kube/store/log_store.h"

namespace fleet::kube::store {

namespace {

// Rebuilds the state from the log's records.
class Replay {
 public:
  explicit Replay(State& state)
      : state_(state) {}

  void operator()(const Record& record) {
    auto event = std::make_shared<Event>();
    event->revision = record.revision;
    event->time = record.time;
    event->before = state_.find(record.key);
    if (record.operation != Operation::Delete) {
      event->after = std::make_shared<Entry>(Entry{
          std::string(record.key), std::string(record.value), record.created, record.revision});
    } else if (!event->before) {
      return;  // its versions were already erased
    }
    state_.apply({event});
  }

 private:
  State& state_;
};

}  // namespace

std::unique_ptr<Store> open_memory(const Clock& clock, Options options) {
  return std::make_unique<LogStore>(clock, options, State(options), nullptr, nullptr);
}

Result<std::unique_ptr<Store>> open_sqlite(const Context& ctx,
                                           const std::string& path,
                                           Options options) {
  auto lock = std::make_unique<sys::LockFile>(TRY(sys::LockFile::take(path + ".lock")));
  State state(options);
  Loaded loaded = TRY(open_sqlite_log(ctx, path, Replay(state)));
  state.raise_revision(loaded.last);
  std::vector<Revision> obsolete = state.compact(loaded.compacted);
  for (const Revision revision : state.trim(ctx.clock().now(), state.revision())) {
    obsolete.push_back(revision);
  }
  if (!obsolete.empty()) TRY(loaded.log->erase(obsolete, state.compacted()));
  return std::unique_ptr<Store>(std::make_unique<LogStore>(
      ctx.clock(), options, std::move(state), std::move(loaded.log), std::move(lock)));
}

}  // namespace fleet::kube::store
