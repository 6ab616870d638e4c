#include "wire/http/reactor.h"

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>

#include "base/check.h"
#include "sys/wait_fd.h"

namespace fleet::http {

Result<std::shared_ptr<Reactor>> Reactor::make(const Clock& clock) {
  sys::UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return sys::system_error(errno, "make a loop");
  sys::WakeFd wake = TRY(sys::WakeFd::make());
  std::shared_ptr<Reactor> reactor(new Reactor(clock, std::move(epoll), std::move(wake)));
  return reactor;
}

Reactor::Reactor(const Clock& clock, sys::UniqueFd epoll, sys::WakeFd wake)
    : clock_(clock),
      epoll_(std::move(epoll)),
      wake_(std::move(wake)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_.fd();
  CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.fd(), &event) == 0);
}

bool Reactor::post(std::function<void()> work) {
  struct Outcome {
    bool first;
    bool taken;
  };
  const Outcome outcome = posted_.with([&](Posted& posted) {
    if (posted.stopped) return Outcome{false, false};
    posted.work.push_back(std::move(work));
    return Outcome{posted.work.size() == 1, true};
  });
  if (outcome.first) wake_.set();
  return outcome.taken;
}

void Reactor::stop() {
  post([this] { running_ = false; });
}

void Reactor::run() {
  constexpr int kEvents = 256;
  std::vector<epoll_event> events(kEvents);
  while (running_) {
    const int n = ::epoll_wait(epoll_.get(), events.data(), kEvents, wait_milliseconds());
    CHECK(n >= 0 || errno == EINTR);
    for (int i = 0; i < n; ++i) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (fd == wake_.fd()) {
        wake_.clear();
        continue;
      }
      // An earlier event of this round may have closed it.
      const auto at = watched_.find(fd);
      if (at == watched_.end()) continue;
      const uint32_t what = events[static_cast<size_t>(i)].events;
      const bool broken = (what & (EPOLLERR | EPOLLHUP)) != 0;
      at->second.watcher->on_ready(broken || (what & (EPOLLIN | EPOLLRDHUP)) != 0,
                                   broken || (what & EPOLLOUT) != 0);
    }
    do_posted();
    fire_timers();
  }
  // Outside the lock: what was posted may own things that post again when they go.
  const auto dropped = posted_.with([](Posted& posted) {
    posted.stopped = true;
    return std::exchange(posted.work, {});
  });
}

void Reactor::do_posted() {
  for (auto& work : posted_.with([](Posted& p) { return std::exchange(p.work, {}); }))
    work();
}

void Reactor::fire_timers() {
  const Instant now = clock_.instant();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Watcher* watcher = timers_.begin()->second;
    timers_.erase(timers_.begin());
    watcher->timer_.reset();
    watcher->on_timer();
  }
}

int Reactor::wait_milliseconds() const {
  if (timers_.empty()) return -1;
  const Duration left = clock_.wake_time(timers_.begin()->first) - std::chrono::steady_clock::now();
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<int64_t>(ms, 0, 1 << 30));
}

void Reactor::watch(int fd, bool read, bool write, Watcher* watcher) {
  epoll_event event{};
  event.events = (read ? EPOLLIN : 0U) | (write ? EPOLLOUT : 0U);
  event.data.fd = fd;
  const auto at = watched_.find(fd);
  if (at == watched_.end()) {
    CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0);
    watched_.emplace(fd, Watched{watcher, event.events});
  } else if (at->second.events != event.events) {
    CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0);
    at->second.events = event.events;
  }
}

void Reactor::forget(int fd, Watcher* watcher) {
  clear_timer(watcher);
  if (watched_.erase(fd) > 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Reactor::set_timer(Watcher* watcher, Instant when) {
  if (watcher->timer_ == when) return;
  clear_timer(watcher);
  watcher->timer_ = when;
  timers_.emplace(when, watcher);
}

void Reactor::clear_timer(Watcher* watcher) {
  if (!watcher->timer_) return;
  const auto [first, last] = timers_.equal_range(*watcher->timer_);
  for (auto at = first; at != last; ++at) {
    if (at->second == watcher) {
      timers_.erase(at);
      break;
    }
  }
  watcher->timer_.reset();
}

}  // namespace fleet::http
