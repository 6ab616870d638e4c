#include "sys/wait_fd.h"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/strings.h"

namespace fleet::sys {
namespace {

Code code_of_errno(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return Code::NotFound;
    case EEXIST:
      return Code::AlreadyExists;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::Forbidden;
    case ENOSPC:
    case EDQUOT:
      return Code::InsufficientStorage;
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return Code::ServiceUnavailable;
    case ETIMEDOUT:
      return Code::Timeout;
    default:
      return Code::InternalError;
  }
}

// Milliseconds for poll(2) until the deadline, rounded up; -1 for ever.
int poll_timeout(const Context& ctx) {
  if (!ctx.deadline()) return -1;
  const Duration left = ctx.clock().wake_time(*ctx.deadline()) - std::chrono::steady_clock::now();
  if (left <= Duration{0}) return 0;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::min<int64_t>(ms, 1 << 30));
}

}  // namespace

Error system_error(int errno_value, std::string_view doing) {
  char buffer[128];
  const char* text = strerror_r(errno_value, buffer, sizeof buffer);
  std::string message(text);
  // As Go writes it: lower case.
  if (message.size() > 1 && message[1] >= 'a' && message[1] <= 'z') {
    message[0] = static_cast<char>(message[0] | 0x20);
  }
  return Error{code_of_errno(errno_value), cat(doing, ": ", message)};
}

Result<WakeFd> WakeFd::make() {
  UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd.valid()) return system_error(errno, "make an event");
  return WakeFd(std::move(fd));
}

void WakeFd::set() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(fd_.get(), &one, sizeof one);
}

void WakeFd::clear() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t n = ::read(fd_.get(), &count, sizeof count);
}

Result<> wait_fd(const Context& ctx, int fd, Ready what) {
  const short events = what == Ready::Read ? POLLIN : POLLOUT;
  WakeFd wake = TRY(WakeFd::make());
  std::stop_callback on_stop(ctx.stop(), [&wake] { wake.set(); });
  while (true) {
    TRY(ctx.check());
    pollfd fds[2] = {{fd, events, 0}, {wake.fd(), POLLIN, 0}};
    const int n = ::poll(fds, 2, poll_timeout(ctx));
    if (n < 0 && errno != EINTR) return system_error(errno, "poll");
    if (n > 0 && fds[0].revents != 0) return {};
  }
}

}  // namespace fleet::sys
