// Signals as something to wait for: blocked in all threads, read by one.
#pragma once

#include <initializer_list>

#include "base/result.h"
#include "sys/context.h"
#include "sys/unique_fd.h"

namespace fleet::sys {

// Make it first in main, before any thread starts, so that all threads inherit the blocked set.
// SIGPIPE is ignored from then on: writes to a gone peer fail instead.
class Signals {
 public:
  static Result<Signals> block(std::initializer_list<int> signals);
  // The next of these signals.
  Result<int> wait(const Context& ctx);

 private:
  explicit Signals(UniqueFd fd)
      : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace fleet::sys
