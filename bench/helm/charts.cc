#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "base/strings.h"
#include "data/json/parse.h"
#include "helm/chart/chart.h"
#include "helm/chart/values.h"
#include "helm/engine/engine.h"
#include "helm/host/host.h"
#include "measure.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "umbrella.h"

namespace fleet::bench {
namespace {

constexpr int kRuns = 9;      // of ours: they are short
constexpr int kPeerRuns = 3;  // of the peer; of both the cheapest counts

Result<helm::Chart> load_chart(const std::string& path) {
  return helm::load(TRY(sys::read_tree(path, {}, sys::Links::Follow)));
}

Result<std::string> render_chart(const std::string& path) {
  helm::Chart chart = TRY(load_chart(path));
  helm::LocalHost host(sys::system_clock());
  auto rendered =
      TRY(helm::render(chart, data::Value::object(), {"rel"}, helm::default_capabilities(), host));
  std::string out = std::move(rendered.manifest);
  for (const auto& hook : rendered.hooks) {
    out += cat("---\n# Source: ", hook.path, "\n", hook.manifest, "\n");
  }
  return out;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

constexpr const char* kFleetChart = "kube-state-metrics";  // what 1,000 clusters get

// Charts of public repositories that render with no values at all.
std::vector<std::string> chart_paths(const std::string& corpus) {
  std::vector<std::string> out;
  auto cases = sys::list_folder(cat(corpus, "/helm/cases"));
  if (!cases.ok()) return out;
  for (const std::string& name : *cases) {
    auto text = sys::read_file(cat(corpus, "/helm/cases/", name, "/meta.json"));
    auto meta = text.ok() ? json::parse(*text) : Result<data::Value>(data::Value());
    if (!meta.ok() || !name.ends_with("-default")) continue;
    if ((*meta)["code"].as_int() != 0 || (*meta)["source"].as_string() == "self-written") continue;
    out.push_back(cat(corpus, "/helm/", (*meta)["chart"].as_string()));
  }
  return out;
}

}  // namespace

int render_one(const std::string& chart) {
  auto text = render_chart(chart);
  if (!text.ok()) {
    std::fprintf(stderr, "Error: %s\n", text.error().message().c_str());
    return 1;
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  return 0;
}

void real_charts(const Bench& bench) {
  double cpu_ratios = 0;
  double memory_ratios = 0;
  double ours_cpu = 0;
  double peer_cpu = 0;
  int compared = 0;
  int rendered = 0;
  for (const std::string& chart : chart_paths(bench.corpus)) {
    Usage ours = measure({bench.self, "--one", chart}, kRuns);
    if (!ours.ok) continue;
    ++rendered;
    ours_cpu += ours.cpu_seconds;
    if (bench.helm.empty()) continue;
    Usage peer = measure({bench.helm, "template", "rel", chart}, kPeerRuns);
    if (!peer.ok) continue;
    ++compared;
    peer_cpu += peer.cpu_seconds;
    cpu_ratios += std::log(peer.cpu_seconds / std::max(ours.cpu_seconds, 1e-4));
    memory_ratios += std::log(peer.peak_bytes / ours.peak_bytes);
  }
  bool has_peer = compared > 0;
  std::printf("bench helm charts ours=%d peer=%d ratio=0\n", rendered, compared);
  report("cpu-seconds-of-all-charts", ours_cpu, peer_cpu, has_peer, false);
  if (!has_peer) return;
  std::printf("bench helm cpu-geometric-mean ours=1 peer=%.1f ratio=%.1f\n",
              std::exp(cpu_ratios / compared),
              std::exp(cpu_ratios / compared));
  std::printf("bench helm peak-memory-geometric-mean ours=1 peer=%.1f ratio=%.1f\n",
              std::exp(memory_ratios / compared),
              std::exp(memory_ratios / compared));
}

double umbrella(const Bench& bench, int subcharts) {
  auto folder = sys::TempFolder::make("bench-helm");
  if (!folder.ok() || !write_umbrella(folder->path(), subcharts).ok()) return 0;
  Usage ours = measure({bench.self, "--one", folder->path()}, kRuns);
  Usage peer = bench.helm.empty()
                   ? Usage{}
                   : measure({bench.helm, "template", "rel", folder->path()}, kPeerRuns);
  report(cat("umbrella-", subcharts, "-cpu-seconds"),
         ours.cpu_seconds,
         peer.cpu_seconds,
         peer.ok && ours.ok,
         false);
  return ours.cpu_seconds;
}

void umbrellas(const Bench& bench) {
  double half = umbrella(bench, 60);
  double whole = umbrella(bench, 120);
  // 2 is linear in the number of subcharts, 4 would be quadratic.
  if (half > 0) report("umbrella-120-to-60", whole / half, 0, false, false);
}

// One chart for 1,000 clusters in one process, against as many runs of the peer: some are measured,
// and their mean stands for the others.
void many_clusters(const Bench& bench) {
  constexpr int kClusters = 1'000;
  constexpr int kMeasuredRuns = 30;
  std::string path = cat(bench.corpus, "/helm/charts/", kFleetChart);
  auto chart = load_chart(path);
  if (!chart.ok()) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), chart.error().message().c_str());
    return;
  }
  helm::LocalHost host(sys::system_clock());
  helm::Capabilities capabilities = helm::default_capabilities();
  double first = 0;
  double start = cpu_seconds();
  helm::Renderer renderer(*chart);
  size_t bytes = 0;
  for (int i = 0; i < kClusters; ++i) {
    data::Value values = data::Value::object(
        {{"fullnameOverride", cat("cluster-", i)}, {"replicaCount", static_cast<double>(i % 7)}});
    auto rendered = renderer.render(values, {cat("rel-", i)}, capabilities, host);
    if (!rendered.ok()) return;
    bytes += rendered->manifest.size();
    for (const auto& hook : rendered->hooks)
      bytes += hook.manifest.size();
    if (i == 0) first = cpu_seconds() - start;
  }
  double ours = cpu_seconds() - start;
  double peer = bench.helm.empty()
                    ? 0
                    : mean_cpu_seconds({bench.helm, "template", "rel", path}, kMeasuredRuns);
  report(cat("1000-clusters-cpu-seconds-peer-scaled-from-", kMeasuredRuns, "-runs"),
         ours,
         peer * kClusters,
         peer > 0,
         false);
  // Parsing is paid once: the first render has it, the others do not.
  report("first-render-to-others", first / ((ours - first) / (kClusters - 1)), 0, false, true);
  report(
      "output-megabytes-per-cpu-second", static_cast<double>(bytes) / 1e6 / ours, 0, false, true);
}

}  // namespace fleet::bench
