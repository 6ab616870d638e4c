#include "sys/context.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace fleet::sys {

Context::Context(const Clock& clock, Log log, std::stop_token stop)
    : clock_(&clock),
      log_(std::move(log)),
      stop_(std::move(stop)) {}

Context Context::with_deadline(Instant deadline) const {
  Context child = *this;
  child.deadline_ = deadline_ ? std::min(*deadline_, deadline) : deadline;
  return child;
}

Context Context::with_timeout(Duration timeout) const {
  return with_deadline(clock_->instant() + timeout);
}

Context Context::with_stop(std::stop_token stop) const {
  Context child = *this;
  child.stop_ = std::move(stop);
  return child;
}

Context Context::with_log(Log log) const {
  Context child = *this;
  child.log_ = std::move(log);
  return child;
}

Duration Context::remaining(Duration otherwise) const {
  if (!deadline_) return otherwise;
  return std::max(Duration{0}, Duration{*deadline_ - clock_->instant()});
}

Result<> Context::check() const {
  if (stop_.stop_requested()) return Error{Code::Cancelled, "stopped"};
  if (deadline_ && clock_->instant() >= *deadline_) {
    return Error{Code::Timeout, "deadline exceeded"};
  }
  return {};
}

Result<> Context::sleep(Duration duration) const {
  const Instant until = clock_->instant() + duration;
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (clock_->instant() < until) {
    TRY(check());
    const Instant next = deadline_ ? std::min(until, *deadline_) : until;
    never.wait_until(lock, stop_, clock_->wake_time(next), [] { return false; });
  }
  return {};
}

StopScope::StopScope(const Context& parent)
    : context_(parent.with_stop(source_.get_token())),
      link_(parent.stop(), Forward{&source_}) {}

StopScope::~StopScope() {
  source_.request_stop();
}

}  // namespace fleet::sys
