#include "controller/reconcilers/parallel.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::controller {

Result<> for_each_parallel(size_t count,
                           size_t threads,
                           const std::function<Result<>(size_t)>& run) {
  struct Failure {
    size_t index = SIZE_MAX;
    std::optional<Error> error;
  };
  Guarded<Failure> first;
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i = next++; i < count; i = next++) {
      Result<> done = run(i);
      if (done.ok()) continue;
      first.with([&](Failure& f) {
        if (i >= f.index) return;
        f.index = i;
        f.error = std::move(done).error();
      });
    }
  };
  std::vector<Thread> pool;
  const size_t extra = std::min(threads, count);
  for (size_t i = 1; i < extra; ++i) {
    pool.emplace_back("writer", [&work](const std::stop_token&) { work(); });
  }
  work();
  for (Thread& thread : pool)
    thread.join();
  return first.with([](Failure& f) -> Result<> {
    if (f.error) return *std::move(f.error);
    return {};
  });
}

}  // namespace fleet::controller
