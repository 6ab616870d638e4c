// Clock: the only source of time outside pure code.
//
// Two times: `now` is the date, for what people and objects see; it may jump. `instant` only goes
// forward, for deadlines and intervals. Tests pass a ManualClock and advance it by hand.
// Threads: all functions from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace fleet::sys {

using Instant = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual Instant instant() const = 0;
  // The real moment at which whoever waits for `deadline` must look again. It may come earlier
  // than the deadline; then the waiter waits once more.
  virtual Instant wake_time(Instant deadline) const = 0;
};

// The machine's clock. It has no state, so everyone may share this one.
const Clock& system_clock();

// Stands still until told. Whoever waits on it notices an advance within a millisecond.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start = TimePoint{std::chrono::hours{24 * 365 * 56}});
  TimePoint now() const override;
  Instant instant() const override;
  Instant wake_time(Instant deadline) const override;

  void advance(Duration by);
  // The date alone jumps; the instant does not.
  void set_date(TimePoint date);

 private:
  std::atomic<int64_t> date_;     // nanoseconds since 1970
  std::atomic<int64_t> elapsed_;  // nanoseconds since the clock was made
};

}  // namespace fleet::sys

namespace fleet {
using sys::Clock;
using sys::Instant;
using sys::ManualClock;
using sys::system_clock;
}  // namespace fleet
