// Metrics: counters, gauges and histograms, and their Prometheus text.
//
// A Metrics object is a registry; whoever composes the program makes one and passes it on. A
// handle (Counter, Gauge, Histogram) is a small value that stays usable after its series was
// removed; it then counts into nothing. The same name and labels give the same series.
// CHECKed: a name is used with one type and, for histograms, one set of bounds.
// Threads: all functions from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet::sys {

using Labels = std::vector<std::pair<std::string, std::string>>;  // in the order of the text form

class Counter {
 public:
  Counter();                      // counts, but is in no registry
  void add(double by = 1) const;  // `by` is not negative
  double value() const;

 private:
  friend class Metrics;
  struct Cell;
  std::shared_ptr<Cell> cell_;
};

class Gauge {
 public:
  Gauge();
  void set(double value) const;
  void add(double by) const;
  double value() const;

 private:
  friend class Metrics;
  struct Cell;
  std::shared_ptr<Cell> cell_;
};

class Histogram {
 public:
  Histogram();
  void observe(double value) const;
  uint64_t count() const;
  double sum() const;

 private:
  friend class Metrics;
  struct Cell;
  std::shared_ptr<Cell> cell_;
};

class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  // `bounds` ascend, without +Inf. Prometheus' defaults: `default_bounds()`.
  Histogram histogram(std::string_view name,
                      std::string_view help,
                      const std::vector<double>& bounds,
                      const Labels& labels = {});

  // Takes away the series of `name` that carry all of `labels`.
  void remove(std::string_view name, const Labels& labels);

  // Called at the start of every `text()`, to set gauges that are read from elsewhere. It may call
  // all functions of this registry but `text` and `on_scrape`.
  void on_scrape(std::function<void()> refresh);

  // Text exposition format 0.0.4: families by name, series by labels.
  std::string text() const;

 private:
  struct State;
  static std::string histogram_text(std::string_view name,
                                    const Labels& labels,
                                    const Histogram& histogram);
  std::unique_ptr<State> state_;
};

const std::vector<double>& default_bounds();  // .005 .01 .025 .05 .1 .25 .5 1 2.5 5 10
// process_* figures of this process: CPU seconds, resident bytes, open fds, start time.
void add_process_metrics(Metrics& metrics);

}  // namespace fleet::sys

namespace fleet {
using sys::Metrics;
}  // namespace fleet
