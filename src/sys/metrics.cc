#include "sys/metrics.h"

#include <atomic>
#include <charconv>
#include <cmath>
#include <map>
#include <variant>

#include <sys/resource.h>
#include <unistd.h>

#include "base/check.h"
#include "base/strings.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/guarded.h"

namespace fleet::sys {
namespace {

using Number = std::atomic<double>;

void add_to(Number& number, double by) {
  double old = number.load(std::memory_order_relaxed);
  while (!number.compare_exchange_weak(old, old + by, std::memory_order_relaxed)) {
  }
}

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end.ptr);
}

std::string escape(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
  return out;
}

// {a="1",b="2"}, or nothing; `more` is a further, already written label.
std::string label_text(const Labels& labels, std::string_view more = {}) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out += cat(out.empty() ? "" : ",", name, "=\"", escape(value, true), "\"");
  }
  if (!more.empty()) out += cat(out.empty() ? "" : ",", more);
  return out.empty() ? out : cat("{", out, "}");
}

}  // namespace

struct Counter::Cell {
  Number value{0};
};
struct Gauge::Cell {
  Number value{0};
};
struct Histogram::Cell {
  explicit Cell(std::vector<double> upper)
      : bounds(std::move(upper)),
        buckets(bounds.size() + 1) {}
  const std::vector<double> bounds;
  std::vector<std::atomic<uint64_t>> buckets;  // not cumulative; the last is +Inf
  Number sum{0};
};

Counter::Counter()
    : cell_(std::make_shared<Cell>()) {}
void Counter::add(double by) const {
  add_to(cell_->value, by);
}
double Counter::value() const {
  return cell_->value;
}

Gauge::Gauge()
    : cell_(std::make_shared<Cell>()) {}
void Gauge::set(double value) const {
  cell_->value = value;
}
void Gauge::add(double by) const {
  add_to(cell_->value, by);
}
double Gauge::value() const {
  return cell_->value;
}

Histogram::Histogram()
    : cell_(std::make_shared<Cell>(std::vector<double>())) {}

void Histogram::observe(double value) const {
  const auto& bounds = cell_->bounds;
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  cell_->buckets[static_cast<size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  add_to(cell_->sum, value);
}

uint64_t Histogram::count() const {
  uint64_t all = 0;
  for (const auto& bucket : cell_->buckets)
    all += bucket;
  return all;
}

double Histogram::sum() const {
  return cell_->sum;
}

struct Metrics::State {
  using Series = std::variant<Counter, Gauge, Histogram>;
  struct Family {
    std::string help;
    std::string_view type;
    std::vector<double> bounds;
    std::map<Labels, Series> series;
  };
  struct Content {
    std::map<std::string, Family, std::less<>> families;
  };
  Guarded<Content> content;
  Guarded<std::vector<std::function<void()>>> refreshers;

  template <typename Handle, typename Make>
  Handle find_or_make(std::string_view name,
                      std::string_view help,
                      std::string_view type,
                      const Labels& labels,
                      const Make& make) {
    return content.with([&](Content& all) {
      auto at = all.families.find(name);
      if (at == all.families.end()) {
        at = all.families.emplace(std::string(name), Family{std::string(help), type, {}, {}}).first;
      }
      CHECK(at->second.type == type);
      auto series = at->second.series.find(labels);
      if (series == at->second.series.end()) {
        series = at->second.series.emplace(labels, make(at->second)).first;
      }
      return std::get<Handle>(series->second);
    });
  }
};

Metrics::Metrics()
    : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  return state_->find_or_make<Counter>(
      name, help, "counter", labels, [](State::Family&) { return Counter(); });
}

Gauge Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return state_->find_or_make<Gauge>(
      name, help, "gauge", labels, [](State::Family&) { return Gauge(); });
}

Histogram Metrics::histogram(std::string_view name,
                             std::string_view help,
                             const std::vector<double>& bounds,
                             const Labels& labels) {
  return state_->find_or_make<Histogram>(name, help, "histogram", labels, [&](State::Family& f) {
    if (f.series.empty()) f.bounds = bounds;
    CHECK(f.bounds == bounds);
    Histogram histogram;
    histogram.cell_ = std::make_shared<Histogram::Cell>(bounds);
    return histogram;
  });
}

void Metrics::remove(std::string_view name, const Labels& labels) {
  state_->content.with([&](State::Content& all) {
    auto at = all.families.find(name);
    if (at == all.families.end()) return;
    std::erase_if(at->second.series, [&](const auto& entry) {
      return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
        return std::find(entry.first.begin(), entry.first.end(), label) != entry.first.end();
      });
    });
  });
}

void Metrics::on_scrape(std::function<void()> refresh) {
  state_->refreshers.with([&](auto& all) { all.push_back(std::move(refresh)); });
}

std::string Metrics::histogram_text(std::string_view name,
                                    const Labels& labels,
                                    const Histogram& histogram) {
  const Histogram::Cell& cell = *histogram.cell_;
  std::string out;
  uint64_t below = 0;
  for (size_t i = 0; i < cell.buckets.size(); ++i) {
    below += cell.buckets[i];
    const std::string le = i < cell.bounds.size() ? number_text(cell.bounds[i]) : "+Inf";
    out += cat(name, "_bucket", label_text(labels, cat("le=\"", le, "\"")), " ", below, "\n");
  }
  return cat(out,
             name,
             "_sum",
             label_text(labels),
             " ",
             number_text(cell.sum),
             "\n",
             name,
             "_count",
             label_text(labels),
             " ",
             below,
             "\n");
}

std::string Metrics::text() const {
  for (const auto& refresh : state_->refreshers.with([](const auto& all) { return all; }))
    refresh();
  return state_->content.with([](const State::Content& all) {
    std::string out;
    for (const auto& [name, family] : all.families) {
      if (family.series.empty()) continue;
      out += cat("# HELP ",
                 name,
                 " ",
                 escape(family.help, false),
                 "\n# TYPE ",
                 name,
                 " ",
                 family.type,
                 "\n");
      for (const auto& [labels, series] : family.series) {
        if (const auto* counter = std::get_if<Counter>(&series)) {
          out += cat(name, label_text(labels), " ", number_text(counter->value()), "\n");
        } else if (const auto* gauge = std::get_if<Gauge>(&series)) {
          out += cat(name, label_text(labels), " ", number_text(gauge->value()), "\n");
        } else {
          out += histogram_text(name, labels, std::get<Histogram>(series));
        }
      }
    }
    return out;
  });
}

const std::vector<double>& default_bounds() {
  static const std::vector<double> bounds = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
  return bounds;
}

void add_process_metrics(Metrics& metrics) {
  const Gauge start = metrics.gauge("process_start_time_seconds", "When the process started.");
  start.set(std::chrono::duration<double>(system_clock().now().time_since_epoch()).count());
  const Counter cpu =
      metrics.counter("process_cpu_seconds_total", "User and system CPU time spent.");
  const Gauge resident = metrics.gauge("process_resident_memory_bytes", "Resident memory size.");
  const Gauge fds = metrics.gauge("process_open_fds", "Number of open file descriptors.");
  metrics.on_scrape([cpu, resident, fds] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    cpu.add(std::max(0.0, seconds(usage.ru_utime) + seconds(usage.ru_stime) - cpu.value()));
    resident.set(static_cast<double>(resident_bytes()));
    if (auto names = list_folder("/proc/self/fd"); names.ok()) {
      fds.set(static_cast<double>(names->size()) - 1);
    }
  });
}

}  // namespace fleet::sys
