#include "kube/store/log_store.h"

#include <map>

#include "base/strings.h"

namespace fleet::kube::store {

namespace {

constexpr size_t kEraseBatch = 2000;  // log records erased in one transaction

// What a writer is told when the log could not be written: a full disk has a remedy.
Error explained(const Error& error) {
  if (error.code() != Code::InsufficientStorage) return error;
  return Error(Code::InsufficientStorage,
               cat("the disk of the store is full: make room there; reads go on meanwhile (",
                   error.message(),
                   ")"));
}

class StoreSubscription final : public Subscription {
 public:
  StoreSubscription(std::shared_ptr<Subscribers> subscribers, std::shared_ptr<Reader> reader)
      : subscribers_(std::move(subscribers)),
        reader_(std::move(reader)) {}
  ~StoreSubscription() override { subscribers_->remove(*reader_); }

  Result<Batch> take(size_t limit) override {
    // Read first: what is dispatched later may be missing from the events.
    const Revision dispatched = subscribers_->dispatched();
    Batch batch;
    batch.events = TRY(reader_->take(limit));
    batch.up_to =
        batch.events.size() == limit && limit != 0 ? batch.events.back()->revision : dispatched;
    return batch;
  }

 private:
  std::shared_ptr<Subscribers> subscribers_;
  std::shared_ptr<Reader> reader_;
};

// Null and an outcome when the precondition fails.
EventPtr check(const Write& write,
               const EntryPtr& before,
               Revision revision,
               TimePoint time,
               Result<Committed>& outcome) {
  if (write.operation == Operation::Create) {
    if (before) {
      outcome = Error(Code::AlreadyExists, cat(write.key, " already exists"));
      return nullptr;
    }
  } else if (!before) {
    outcome = Error(Code::NotFound, cat(write.key, " not found"));
    return nullptr;
  } else if (write.expected != 0 && write.expected != before->modified) {
    outcome = Error(Code::Conflict, cat(write.key, " has been modified"));
    return nullptr;
  }
  auto event = std::make_shared<Event>();
  event->revision = revision;
  event->time = time;
  event->before = before;
  return event;
}

}  // namespace

LogStore::LogStore(const Clock& clock,
                   const Options& options,
                   State state,
                   std::unique_ptr<Log> log,
                   std::unique_ptr<sys::LockFile> lock)
    : clock_(clock),
      lock_(std::move(lock)),
      log_(std::move(log)),
      state_(std::move(state)),
      subscribers_(std::make_shared<Subscribers>(options.subscription_events)) {
  subscribers_->set_dispatched(state_.with([](const State& s) { return s.revision(); }));
  pump_ = Thread("store-pump", [this](std::stop_token stop) { pump(stop); });
}

LogStore::~LogStore() {
  stop();
}

Result<EntryPtr> LogStore::get(const Context&, std::string_view key) {
  return state_.with([&](const State& state) { return state.find(key); });
}

Result<Page> LogStore::list(const Context&, const Range& range) {
  return state_.with([&](const State& state) { return state.list(range); });
}

Result<uint64_t> LogStore::count(const Context&, std::string_view prefix) {
  return state_.with([&](const State& state) { return state.count(prefix); });
}

Result<Revision> LogStore::revision(const Context&) {
  return state_.with([](const State& state) { return state.revision(); });
}

Result<Committed> LogStore::write(const Context& ctx, Write write) {
  TRY(ctx.check());
  Pending mine;
  mine.write = std::move(write);
  bool lead_now = false;
  const bool stopped = writers_.with([&](Writers& writers) {
    if (writers.stopped) return true;
    writers.waiting.push_back(&mine);
    lead_now = !std::exchange(writers.led, true);
    return false;
  });
  if (stopped) return Error(Code::ServiceUnavailable, "the store stops");
  while (true) {
    if (lead_now) lead();
    // A write that has begun is waited for, whatever the caller's patience: it may be durable.
    auto waited = writers_.wait(
        Context::background(),
        [&](const Writers& writers) { return mine.done || !writers.led; },
        [&](Writers& writers) {
          lead_now = !mine.done;
          if (lead_now) writers.led = true;
          return mine.done;
        });
    if (waited.ok() && *waited) return std::move(mine.outcome);
  }
}

// Commits one batch, then lets another of the waiting lead.
void LogStore::lead() {
  std::vector<Pending*> batch;
  writers_.with([&](Writers& writers) { batch.swap(writers.waiting); });
  commit(batch);
  writers_.with([&](Writers& writers) {
    for (Pending* pending : batch)
      pending->done = true;
    writers.led = false;
  });
  writers_.notify_all();
}

std::vector<EventPtr> LogStore::plan(const std::vector<Pending*>& batch,
                                     std::vector<Pending*>& accepted) const {
  Revision revision = 0;
  std::map<std::string_view, EntryPtr> seen;  // as the earlier writes of the batch leave it
  state_.with([&](const State& state) {
    revision = state.revision();
    for (const Pending* pending : batch) {
      seen[pending->write.key] = state.find(pending->write.key);
    }
  });
  const TimePoint now = clock_.now();
  std::vector<EventPtr> events;
  for (Pending* pending : batch) {
    Write& write = pending->write;
    EntryPtr& current = seen[write.key];
    EventPtr checked = check(write, current, revision + 1, now, pending->outcome);
    if (!checked) continue;
    auto event = std::make_shared<Event>(*checked);
    if (write.operation != Operation::Delete) {
      auto entry = std::make_shared<Entry>();
      entry->key = write.key;
      entry->value = std::move(write.value);
      entry->modified = ++revision;
      entry->created = current ? current->created : revision;
      event->after = std::move(entry);
    } else {
      ++revision;
    }
    pending->outcome = Committed{revision, event->after ? event->after : event->before};
    current = event->after;
    events.push_back(std::move(event));
    accepted.push_back(pending);
  }
  return events;
}

void LogStore::commit(const std::vector<Pending*>& batch) {
  std::vector<Pending*> accepted;
  const std::vector<EventPtr> events = plan(batch, accepted);
  if (events.empty()) return;
  if (log_) {
    if (Result<> kept = log_->append(events); !kept.ok()) {
      for (Pending* pending : accepted)
        pending->outcome = explained(kept.error());
      return;
    }
  }
  const TimePoint now = clock_.now();
  const Revision dispatched = subscribers_->dispatched();
  std::vector<Revision> obsolete = state_.with([&](State& state) {
    state.apply(events);
    return state.trim(now, dispatched);
  });
  state_.notify_all();
  erase_obsolete(std::move(obsolete), false);
}

void LogStore::erase_obsolete(std::vector<Revision> obsolete, bool now) {
  if (!log_) return;
  obsolete_.insert(obsolete_.end(), obsolete.begin(), obsolete.end());
  if (obsolete_.empty() || (!now && obsolete_.size() < kEraseBatch)) return;
  const Revision compacted = state_.with([](const State& state) { return state.compacted(); });
  // On failure (a full disk) they are tried again with the next ones.
  if (log_->erase(obsolete_, compacted).ok()) obsolete_.clear();
}

Result<std::unique_ptr<Subscription>> LogStore::watch(const Context& ctx,
                                                      std::string_view prefix,
                                                      Revision from,
                                                      std::function<void()> wake) {
  if (from == 0) from = TRY(revision(ctx));
  Revision dispatched = 0;
  auto reader = subscribers_->add(prefix, from, std::move(wake), dispatched);
  auto subscription = std::make_unique<StoreSubscription>(subscribers_, reader);
  auto backlog =
      TRY(state_.with([&](const State& state) { return state.events(prefix, from, dispatched); }));
  reader->prime(std::move(backlog));
  return std::unique_ptr<Subscription>(std::move(subscription));
}

Result<> LogStore::compact(const Context& ctx, Revision revision) {
  // As a writer would: the log belongs to whoever leads.
  TRY(writers_.wait(
      ctx,
      [](const Writers& writers) { return !writers.led; },
      [](Writers& writers) { writers.led = true; }));
  const Revision dispatched = subscribers_->dispatched();
  std::vector<Revision> obsolete =
      state_.with([&](State& state) { return state.compact(std::min(revision, dispatched)); });
  erase_obsolete(std::move(obsolete), true);
  writers_.with([](Writers& writers) { writers.led = false; });
  writers_.notify_all();
  return {};
}

void LogStore::pump(std::stop_token stop) {
  const Context ctx = Context::background().with_stop(stop);
  while (true) {
    const Revision dispatched = subscribers_->dispatched();
    auto events = state_.wait(
        ctx,
        [&](const State& state) { return state.revision() > dispatched; },
        [&](State& state) { return state.events_after(dispatched); });
    if (!events.ok()) return;
    if (!events->empty()) subscribers_->dispatch(*events);
  }
}

void LogStore::stop() {
  const bool first =
      writers_.with([](Writers& writers) { return !std::exchange(writers.stopped, true); });
  if (!first) return;
  Result<> idle = writers_.wait(Context::background(), [](const Writers& writers) {
    return !writers.led && writers.waiting.empty();
  });
  CHECK(idle.ok());
  pump_.request_stop();
  pump_.join();
  subscribers_->end_all();
}

}  // namespace fleet::kube::store
