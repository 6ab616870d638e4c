// A pool of threads and a bounded queue of jobs for them.
//
// Threads: `add` from any.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::http {

class Workers {
 public:
  using Job = std::function<void()>;
  Workers(const std::string& name, int threads, size_t max_queued);
  ~Workers();

  // False when the queue is full and the job is not urgent, or after `stop`.
  bool add(Job job, bool urgent);
  // Drops what waits, lets what runs end.
  void stop();

 private:
  struct Queue {
    std::deque<Job> jobs;
    bool stopped = false;
  };
  void work();

  const size_t max_queued_;
  Guarded<Queue> queue_;
  std::vector<Thread> threads_;
};

}  // namespace fleet::http
