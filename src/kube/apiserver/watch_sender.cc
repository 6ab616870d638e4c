#include "kube/apiserver/watch_sender.h"

namespace fleet::kube::apiserver {

namespace {

constexpr size_t kTakeAtOnce = 256;  // events of one watch before the next one's turn
constexpr Duration kTick = std::chrono::seconds(1);
constexpr Duration kBookmarkEvery = std::chrono::minutes(1);
// Watches without a timeout of their own end after 30 to 60 minutes, not all at once.
constexpr int64_t kMinSeconds = 1800;

}  // namespace

struct WatchSender::Session {
  Session(std::shared_ptr<EventSource> events, http::BodyStream body)
      : source(std::move(events)),
        stream(std::move(body)) {}

  std::shared_ptr<EventSource> source;
  http::BodyStream stream;
  Instant end;
  Instant next_bookmark;
  bool first = true;  // no event was sent yet; the sender's thread alone
  std::atomic<bool> queued = false;
};

WatchSender::WatchSender(const Clock& clock)
    : clock_(clock),
      queue_(std::make_shared<Guarded<Queue>>()) {
  thread_ = Thread("watch-sender", [this](std::stop_token stop) { run(stop); });
}

WatchSender::~WatchSender() {
  stop();
}

void WatchSender::stop() {
  thread_ = Thread();
  std::set<SessionPtr> all;
  queue_->with([&](Queue& queue) {
    queue.all.swap(all);
    queue.ready.clear();
  });
  for (const SessionPtr& session : all) {
    session->source->on_ready({});
    session->stream.finish();
  }
}

size_t WatchSender::watches() const {
  return queue_->with([](const Queue& queue) { return queue.all.size(); });
}

void WatchSender::add(std::shared_ptr<EventSource> source, http::BodyStream stream) {
  auto session = std::make_shared<Session>(std::move(source), std::move(stream));
  const Instant now = clock_.instant();
  const uint64_t order = queue_->with([](Queue& queue) { return queue.added++; });
  const Duration spread =
      std::chrono::seconds(kMinSeconds + static_cast<int64_t>(order * 97 % 1800));
  session->end = now + session->source->settings().timeout.value_or(spread);
  session->next_bookmark = now + kBookmarkEvery;
  queue_->with([&](Queue& queue) { queue.all.insert(session); });
  // A weak reference: the stream, and through it the session, must not keep itself alive.
  auto ready = [queue = queue_, weak = std::weak_ptr<Session>(session)] {
    SessionPtr strong = weak.lock();
    if (!strong || strong->queued.exchange(true)) return;
    queue->with([&](Queue& q) { q.ready.push_back(strong); });
    queue->notify_one();
  };
  session->stream.on_close(ready);
  session->source->on_ready(ready);
}

void WatchSender::mark_ready(const SessionPtr& session) {
  if (session->queued.exchange(true)) return;
  queue_->with([&](Queue& queue) { queue.ready.push_back(session); });
}

void WatchSender::drop(const SessionPtr& session) {
  session->source->on_ready({});
  queue_->with([&](Queue& queue) { queue.all.erase(session); });
}

void WatchSender::run(std::stop_token stop) {
  const Context ctx(clock_, Log(), stop);
  Instant next_tick = clock_.instant() + kTick;
  while (!stop.stop_requested()) {
    SessionPtr session;
    auto waited =
        queue_->wait_until(ctx, next_tick, [](const Queue& queue) { return !queue.ready.empty(); });
    if (!waited.ok()) return;
    queue_->with([&](Queue& queue) {
      if (queue.ready.empty()) return;
      session = std::move(queue.ready.front());
      queue.ready.pop_front();
    });
    if (session) {
      session->queued = false;
      bool more = false;
      if (!send(*session, more)) {
        drop(session);
      } else if (more) {
        mark_ready(session);  // behind the others
      }
    }
    if (clock_.instant() < next_tick) continue;
    tick();
    next_tick = clock_.instant() + kTick;
  }
}

bool WatchSender::offer(Session& session, const SourceEvent& event) {
  const bool sent =
      session.stream.offer(encoder_.encode(*session.source, event, clock_.now(), session.first));
  session.first = false;
  return sent;
}

bool WatchSender::send(Session& session, bool& more) {
  if (session.stream.closed()) return false;
  const auto events = session.source->take(kTakeAtOnce);
  more = !events.empty();
  for (const SourceEvent& event : events) {
    if (!offer(session, event)) return false;
  }
  if (session.source->ended()) {
    session.stream.finish();
    return false;
  }
  return true;
}

// Ends what is over time and sends bookmarks that are due.
void WatchSender::tick() {
  const Instant now = clock_.instant();
  std::vector<SessionPtr> due;
  queue_->with([&](Queue& queue) {
    for (const SessionPtr& session : queue.all) {
      const bool marks = session->source->settings().bookmarks && session->next_bookmark <= now;
      if (session->end <= now || marks) due.push_back(session);
    }
  });
  for (const SessionPtr& session : due) {
    if (session->end <= now) {
      session->stream.finish();
      drop(session);
      continue;
    }
    session->next_bookmark = now + kBookmarkEvery;
    SourceEvent mark;
    mark.type = SourceEvent::Type::Bookmark;
    bool more = true;
    bool alive = true;
    while (alive && more)
      alive = send(*session, more);
    mark.revision = session->source->progress();
    if (!alive || !offer(*session, mark)) drop(session);
  }
}

}  // namespace fleet::kube::apiserver
