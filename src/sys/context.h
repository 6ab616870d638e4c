// Context: what every function that may block is given first: when to stop, by when to be done,
// where to log, what time it is.
//
// A small value; copies are cheap. Children narrow it: an earlier deadline, more log pairs, a stop
// of their own (`StopScope`). A wait or a read that ignores its Context is a bug.
// Threads: all functions from any thread. Lifetime: the clock outlives every Context of it.
#pragma once

#include <optional>
#include <stop_token>

#include "base/result.h"
#include "base/time.h"
#include "sys/clock.h"
#include "sys/log.h"

namespace fleet::sys {

class Context {
 public:
  // Never stops, has no deadline, logs nowhere: for the first lines of programs and for tests.
  static Context background() { return Context(system_clock(), Log(), std::stop_token()); }
  Context(const Clock& clock, Log log, std::stop_token stop);

  const Clock& clock() const { return *clock_; }
  const Log& log() const { return log_; }
  const std::stop_token& stop() const { return stop_; }
  std::optional<Instant> deadline() const { return deadline_; }

  // The earlier of the deadlines wins.
  Context with_deadline(Instant deadline) const;
  Context with_timeout(Duration timeout) const;
  Context with_stop(std::stop_token stop) const;  // replaces it; to add one, see StopScope
  Context with_log(Log log) const;

  // Time left until the deadline (not below zero), or `otherwise` when there is none.
  Duration remaining(Duration otherwise) const;
  // Cancelled when stopped, Timeout when past the deadline.
  Result<> check() const;
  // Waits; Cancelled or Timeout when the Context ends first.
  Result<> sleep(Duration duration) const;

 private:
  const Clock* clock_;
  Log log_;
  std::stop_token stop_;
  std::optional<Instant> deadline_;
};

// A stop of one's own below a parent's: its context stops when the parent stops, or at `stop()`.
// The destructor stops it too.
class StopScope {
 public:
  explicit StopScope(const Context& parent);
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;
  ~StopScope();

  const Context& context() const { return context_; }
  void stop() { source_.request_stop(); }

 private:
  struct Forward {
    std::stop_source* source;
    void operator()() const { source->request_stop(); }
  };
  std::stop_source source_;
  Context context_;
  std::stop_callback<Forward> link_;
};

}  // namespace fleet::sys

namespace fleet {
using sys::Context;
using sys::StopScope;
}  // namespace fleet
