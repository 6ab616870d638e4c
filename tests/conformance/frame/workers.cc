#include "frame/workers.h"

#include <chrono>
#include <cstdio>
#include <cstring>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/strings.h"

namespace fleet::conformance {
namespace {

using std::chrono::steady_clock;

void write_all(int fd, const void* bytes, size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    ssize_t wrote = ::write(fd, at, size);
    if (wrote <= 0) _exit(3);
    at += wrote;
    size -= static_cast<size_t>(wrote);
  }
}

// A child that works on cases first, first + step, ... and reports each: index, size, difference.
struct Worker {
  pid_t pid = -1;
  int fd = -1;
  size_t next = 0;  // the case it works on
  std::string buffer;
  steady_clock::time_point since;
};

class Pool {
 public:
  Pool(const std::vector<Case>& cases,
       size_t workers,
       const std::function<void(size_t, const Difference&)>& done)
      : cases_(cases),
        step_(workers),
        workers_(workers),
        done_(done) {}

  void run() {
    for (size_t i = 0; i < step_; ++i)
      start(workers_[i], i);
    while (wait_for_news()) {
    }
  }

 private:
  void start(Worker& worker, size_t first) {
    worker = Worker();
    if (first >= cases_.size()) return;
    int fds[2];
    CHECK(::pipe(fds) == 0);
    std::fflush(stdout);
    std::fflush(stderr);
    worker.pid = ::fork();
    CHECK(worker.pid >= 0);
    if (worker.pid == 0) work(fds, first);
    ::close(fds[1]);
    worker.fd = fds[0];
    worker.next = first;
    worker.since = steady_clock::now();
  }

  [[noreturn]] void work(const int* fds, size_t first) {
    ::close(fds[0]);
    ::setpgid(0, 0);
    for (size_t i = first; i < cases_.size(); i += step_) {
      Difference difference = cases_[i].run();
      size_t header[2] = {i, difference.size()};
      write_all(fds[1], header, sizeof(header));
      write_all(fds[1], difference.data(), difference.size());
    }
    _exit(0);
  }

  // Reads what workers say; false when none is left.
  bool wait_for_news() {
    std::vector<pollfd> polls;
    for (const Worker& worker : workers_) {
      if (worker.fd >= 0) polls.push_back({worker.fd, POLLIN, 0});
    }
    if (polls.empty()) return false;
    ::poll(polls.data(), polls.size(), 1000);
    size_t at = 0;
    for (Worker& worker : workers_) {
      if (worker.fd < 0) continue;
      if (polls[at++].revents != 0) {
        hear(worker);
      } else if (steady_clock::now() - worker.since > std::chrono::seconds(kSecondsPerCase)) {
        ::kill(-worker.pid, SIGKILL);
        ::kill(worker.pid, SIGKILL);
        lost(worker, cat("no answer within ", kSecondsPerCase, " s\n"));
      }
    }
    return true;
  }

  void hear(Worker& worker) {
    char bytes[65536];
    ssize_t got = ::read(worker.fd, bytes, sizeof(bytes));
    if (got > 0) worker.buffer.append(bytes, static_cast<size_t>(got));
    size_t header[2];
    while (worker.buffer.size() >= sizeof(header)) {
      std::memcpy(header, worker.buffer.data(), sizeof(header));
      if (worker.buffer.size() < sizeof(header) + header[1]) break;
      done_(header[0], worker.buffer.substr(sizeof(header), header[1]));
      worker.buffer.erase(0, sizeof(header) + header[1]);
      worker.next = header[0] + step_;
      worker.since = steady_clock::now();
    }
    if (got <= 0) lost(worker, "the case crashed\n");
  }

  // The worker ended: if it had a case in hand, that one is unequal and another worker goes on.
  void lost(Worker& worker, const Difference& why) {
    ::close(worker.fd);
    ::waitpid(worker.pid, nullptr, 0);
    size_t next = worker.next;
    worker = Worker();
    if (next >= cases_.size()) return;
    done_(next, why);
    start(worker, next + step_);
  }

  const std::vector<Case>& cases_;
  size_t step_;
  std::vector<Worker> workers_;
  const std::function<void(size_t, const Difference&)>& done_;
};

}  // namespace

void run_cases(const std::vector<Case>& cases,
               int workers,
               const std::function<void(size_t, const Difference&)>& done) {
  Pool(cases, static_cast<size_t>(workers), done).run();
}

}  // namespace fleet::conformance
