// One loop over sockets, timers and posted work, for one thread.
//
// Threads: `post` and `stop` from any; all else on the loop's own thread (or before it runs).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sys/clock.h"
#include "sys/guarded.h"
#include "sys/unique_fd.h"
#include "sys/wait_fd.h"

namespace fleet::http {

class Reactor : public std::enable_shared_from_this<Reactor> {
 public:
  // Something with a socket, a timer, or both.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void on_ready(bool readable, bool writable) = 0;
    virtual void on_timer() = 0;

   private:
    friend class Reactor;
    std::optional<Instant> timer_;
  };

  static Result<std::shared_ptr<Reactor>> make(const Clock& clock);

  // Until stop(). Posted work that was not done is dropped then.
  void run();
  void stop();
  // Does `work` on the loop's thread, in order. False when the loop has stopped.
  bool post(std::function<void()> work);

  const Clock& clock() const { return clock_; }
  void watch(int fd, bool read, bool write, Watcher* watcher);  // adds or changes
  void forget(int fd, Watcher* watcher);                        // and its timer
  // The watcher's only timer; an earlier setting is replaced.
  void set_timer(Watcher* watcher, Instant when);
  void clear_timer(Watcher* watcher);

 private:
  struct Posted {
    std::vector<std::function<void()>> work;
    bool stopped = false;
  };
  struct Watched {
    Watcher* watcher;
    uint32_t events;
  };

  Reactor(const Clock& clock, sys::UniqueFd epoll, sys::WakeFd wake);
  void do_posted();
  void fire_timers();
  int wait_milliseconds() const;

  const Clock& clock_;
  sys::UniqueFd epoll_;
  sys::WakeFd wake_;
  Guarded<Posted> posted_;
  std::unordered_map<int, Watched> watched_;  // by fd
  std::multimap<Instant, Watcher*> timers_;
  bool running_ = true;
};

}  // namespace fleet::http
