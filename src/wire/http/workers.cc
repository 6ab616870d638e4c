#include "wire/http/workers.h"

namespace fleet::http {

Workers::Workers(const std::string& name, int threads, size_t max_queued)
    : max_queued_(max_queued) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back(name + "-" + std::to_string(i),
                          [this](const std::stop_token&) { work(); });
  }
}

Workers::~Workers() {
  stop();
}

bool Workers::add(Job job, bool urgent) {
  const bool taken = queue_.with([&](Queue& queue) {
    if (queue.stopped || (queue.jobs.size() >= max_queued_ && !urgent)) return false;
    if (urgent) {
      queue.jobs.push_front(std::move(job));
    } else {
      queue.jobs.push_back(std::move(job));
    }
    return true;
  });
  if (taken) queue_.notify_one();
  return taken;
}

void Workers::work() {
  const Context ctx = Context::background();
  while (true) {
    Result<Job> job = queue_.wait(
        ctx,
        [](const Queue& queue) { return queue.stopped || !queue.jobs.empty(); },
        [](Queue& queue) -> Job {
          if (queue.jobs.empty()) return nullptr;
          Job next = std::move(queue.jobs.front());
          queue.jobs.pop_front();
          return next;
        });
    if (!job.ok() || !*job) return;
    (*job)();
  }
}

void Workers::stop() {
  // Dropped jobs answer as they go, which is other code: not under the lock.
  const auto dropped = queue_.with([](Queue& queue) {
    queue.stopped = true;
    return std::exchange(queue.jobs, {});
  });
  queue_.notify_all();
  threads_.clear();
}

}  // namespace fleet::http
