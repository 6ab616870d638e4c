// Guarded<T>: a value that cannot be reached without its lock; the only mutex we have.
//
//   Guarded<Ready> ready_;
//   ready_.with([&](Ready& r) { r.keys.push_back(key); });
//   ready_.notify_one();
//   auto key = TRY(ready_.wait(ctx, [](const Ready& r) { return !r.keys.empty(); },
//                              [](Ready& r) { return take_front(r.keys); }));
//
// Inside a lambda: no I/O, nobody else's code, no second Guarded; and no reference may leave it.
// Threads: all functions from any thread.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "sys/context.h"

namespace fleet::sys {

template <typename T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value)
      : value_(std::move(value)) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  // Calls use(T&) under the lock and returns what it returns, by value.
  template <typename Use>
  auto with(Use&& use) {
    std::unique_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }
  template <typename Use>
  auto with(Use&& use) const {
    std::unique_lock lock(mutex_);
    return std::forward<Use>(use)(static_cast<const T&>(value_));
  }

  void notify_one() { changed_.notify_one(); }
  void notify_all() { changed_.notify_all(); }

  // Waits until ready(value). Cancelled or Timeout when the Context ends first.
  template <typename Ready>
  Result<> wait(const Context& ctx, Ready ready) {
    return wait(ctx, std::move(ready), [](T&) {});
  }

  // The same, then calls use(value) under the same lock and returns what it returns.
  template <typename Ready, typename Use>
  auto wait(const Context& ctx, Ready ready, Use use) -> Result<std::invoke_result_t<Use&, T&>> {
    std::unique_lock lock(mutex_);
    const T& seen = value_;
    while (!ready(seen)) {
      if (Result<> alive = ctx.check(); !alive.ok()) return std::move(alive).error();
      pause(ctx, lock, ctx.deadline(), ready);
    }
    if constexpr (std::is_void_v<std::invoke_result_t<Use&, T&>>) {
      use(value_);
      return {};
    } else {
      return use(value_);
    }
  }

  // As the first, but no later than `until`: true when ready, false when the time came first.
  template <typename Ready>
  Result<bool> wait_until(const Context& ctx, Instant until, Ready ready) {
    std::unique_lock lock(mutex_);
    const T& seen = value_;
    while (!ready(seen)) {
      if (Result<> alive = ctx.check(); !alive.ok()) return std::move(alive).error();
      if (ctx.clock().instant() >= until) return false;
      pause(ctx, lock, ctx.deadline() ? std::min(until, *ctx.deadline()) : until, ready);
    }
    return true;
  }

 private:
  // Until ready, stopped, or `until` may have come; the caller looks again.
  template <typename Ready>
  void pause(const Context& ctx,
             std::unique_lock<std::mutex>& lock,
             std::optional<Instant> until,
             Ready& ready) {
    const T& seen = value_;
    auto done = [&] { return ready(seen); };
    if (until) {
      changed_.wait_until(lock, ctx.stop(), ctx.clock().wake_time(*until), done);
    } else {
      changed_.wait(lock, ctx.stop(), done);
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  T value_{};
};

}  // namespace fleet::sys

namespace fleet {
using sys::Guarded;
}  // namespace fleet
