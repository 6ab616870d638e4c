#include "sys/clock.h"

#include <algorithm>

namespace fleet::sys {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::system_clock::now(); }
  Instant instant() const override { return std::chrono::steady_clock::now(); }
  Instant wake_time(Instant deadline) const override { return deadline; }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

ManualClock::ManualClock(TimePoint start)
    : date_(start.time_since_epoch().count()),
      elapsed_(0) {}

TimePoint ManualClock::now() const {
  return TimePoint{Duration{date_.load()}};
}

Instant ManualClock::instant() const {
  return Instant{Duration{elapsed_.load()}};
}

Instant ManualClock::wake_time(Instant deadline) const {
  const Instant real = std::chrono::steady_clock::now();
  return instant() >= deadline ? real : real + std::chrono::milliseconds{1};
}

void ManualClock::advance(Duration by) {
  date_ += by.count();
  elapsed_ += by.count();
}

void ManualClock::set_date(TimePoint date) {
  date_ = date.time_since_epoch().count();
}

}  // namespace fleet::sys
