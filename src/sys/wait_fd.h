// Waiting for one file descriptor, as patiently as a Context allows.
#pragma once

#include "base/result.h"
#include "sys/context.h"
#include "sys/unique_fd.h"

namespace fleet::sys {

enum class Ready { Read, Write };

// Until `fd` can be read or written (or has an error that a read or write will show).
// Cancelled or Timeout when the Context ends first.
Result<> wait_fd(const Context& ctx, int fd, Ready what);

// An event to wake a poll or epoll loop from other threads. Threads: `set` from any.
class WakeFd {
 public:
  static Result<WakeFd> make();
  int fd() const { return fd_.get(); }
  void set();
  void clear();

 private:
  explicit WakeFd(UniqueFd fd)
      : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

// "doing path: No such file or directory" with the code that fits `errno_value`.
Error system_error(int errno_value, std::string_view doing);

}  // namespace fleet::sys
