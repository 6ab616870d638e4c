#include "sys/signals.h"

#include <cerrno>
#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

#include "sys/wait_fd.h"

namespace fleet::sys {

Result<Signals> Signals::block(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals)
    sigaddset(&set, signal);
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    return system_error(error, "block signals");
  }
  ::signal(SIGPIPE, SIG_IGN);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return system_error(errno, "wait for signals");
  return Signals(std::move(fd));
}

Result<int> Signals::wait(const Context& ctx) {
  while (true) {
    signalfd_siginfo info;
    const ssize_t n = ::read(fd_.get(), &info, sizeof info);
    if (n == static_cast<ssize_t>(sizeof info)) return static_cast<int>(info.ssi_signo);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return system_error(errno, "wait for signals");
    TRY(wait_fd(ctx, fd_.get(), Ready::Read));
  }
}

}  // namespace fleet::sys
