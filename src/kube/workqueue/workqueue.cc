#include "kube/workqueue/workqueue.h"

#include <algorithm>

namespace fleet::kube {
namespace {

constexpr Duration kLongestWait = std::chrono::hours(1);

}  // namespace

Duration Backoff::delay(int failures) const {
  Duration wait = first;
  for (int i = 0; i < failures && wait < last; ++i)
    wait *= 2;
  return std::min(wait, last);
}

void WorkQueue::make_ready(State& state, const Key& key) {
  if (state.closed || !state.waiting.insert(key).second) return;
  if (!state.held.contains(key)) state.ready.push_back(key);
}

void WorkQueue::move_due(State& state, Instant now) {
  while (!state.due_order.empty() && state.due_order.begin()->first <= now) {
    auto first = state.due_order.extract(state.due_order.begin());
    state.due.erase(first.value().second);
    make_ready(state, first.value().second);
  }
}

Instant WorkQueue::next_due(const State& state, Instant otherwise) {
  return state.due_order.empty() ? otherwise : std::min(otherwise, state.due_order.begin()->first);
}

void WorkQueue::add(const Key& key) {
  state_.with([&](State& s) { make_ready(s, key); });
  state_.notify_one();
}

void WorkQueue::add_after(const Key& key, Duration delay) {
  if (delay <= Duration::zero()) return add(key);
  const Instant when = clock_->instant() + std::chrono::duration_cast<Instant::duration>(delay);
  state_.with([&](State& s) {
    if (s.closed) return;
    auto [it, fresh] = s.due.try_emplace(key, when);
    if (!fresh && it->second <= when) return;
    if (!fresh) s.due_order.erase({it->second, key});
    it->second = when;
    s.due_order.insert({when, key});
  });
  state_.notify_all();
}

Duration WorkQueue::retry(const Key& key) {
  const int before = state_.with([&](State& s) { return s.failures[key]++; });
  const Duration delay = backoff_.delay(before);
  add_after(key, delay);
  return delay;
}

void WorkQueue::forget(const Key& key) {
  state_.with([&](State& s) { s.failures.erase(key); });
}

int WorkQueue::failures(const Key& key) const {
  return state_.with([&](const State& s) {
    auto it = s.failures.find(key);
    return it == s.failures.end() ? 0 : it->second;
  });
}

Result<Key> WorkQueue::get(const Context& ctx) {
  for (;;) {
    const Instant now = clock_->instant();
    const Instant until = state_.with([&](State& s) {
      move_due(s, now);
      return next_due(s, now + kLongestWait);
    });
    auto awake = [until](const State& s) {
      return s.closed || !s.ready.empty() || next_due(s, until) < until;
    };
    TRY(state_.wait_until(ctx, until, awake));
    std::optional<Key> key;
    const bool closed = state_.with([&](State& s) {
      if (s.closed || s.ready.empty()) return s.closed;
      key = std::move(s.ready.front());
      s.ready.pop_front();
      s.waiting.erase(*key);
      s.held.insert(*key);
      return false;
    });
    if (closed) return Error(Code::Cancelled, "work queue is shut down");
    if (key) return std::move(*key);
  }
}

void WorkQueue::done(const Key& key) {
  state_.with([&](State& s) {
    s.held.erase(key);
    if (s.waiting.contains(key)) s.ready.push_back(key);
  });
  state_.notify_one();
}

void WorkQueue::shut_down() {
  state_.with([](State& s) { s.closed = true; });
  state_.notify_all();
}

size_t WorkQueue::depth() const {
  return state_.with([](const State& s) { return s.ready.size(); });
}

bool WorkQueue::idle(Duration horizon) const {
  const Instant limit = clock_->instant() + std::chrono::duration_cast<Instant::duration>(horizon);
  return state_.with([&](const State& s) {
    return s.ready.empty() && s.held.empty() && next_due(s, limit) >= limit;
  });
}

}  // namespace fleet::kube
