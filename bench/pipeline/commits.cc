// A git commit reaches three clusters.
#include "base/strings.h"
#include "e2e/repositories.h"
#include "figures.h"
#include "fleet/api/cluster.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/labels.h"
#include "hub_process.h"
#include "observer.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

using e2e::Changes;
using e2e::Repositories;

constexpr int kClusters = 3;
constexpr int kBundles = 10;
constexpr int kCommits = 20;
constexpr const char* kExamples = "examples";  // below the current folder, as of ./dev
constexpr size_t kSampleBundles = 3;
constexpr const char* kPolling = "100ms";
constexpr const char* kUnhurried = "15s";
constexpr Duration kSettle = std::chrono::seconds(3);
constexpr Duration kPatience = std::chrono::seconds(60);

std::string config_map(int bundle, int value) {
  return cat("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app",
             bundle,
             "}\ndata: {value: \"",
             value,
             "\"}\n");
}

Changes ten_bundles() {
  Changes files;
  for (int n = 0; n < kBundles; ++n) {
    files.emplace(cat("app", n, "/fleet.yaml"), "defaultNamespace: apps\n");
    files.emplace(cat("app", n, "/config.yaml"), config_map(n, -1));
  }
  return files;
}

Result<> add_gitrepo(const Context& ctx,
                     kube::Client& hub,
                     const std::string& name,
                     const std::string& url,
                     const std::vector<std::string>& paths,
                     const std::string& interval) {
  kube::Object repo = kube::Object::make(api::GitRepo::kKind.gvk(), {"fleet-default", name});
  repo.set({"spec", "repo"}, url);
  repo.set({"spec", "branch"}, "main");
  repo.set({"spec", "pollingInterval"}, interval);
  for (const std::string& path : paths)
    repo.edit().edit({"spec", "paths"}).push_back(path);
  repo.set({"spec", "targets"},
           data::Value::array({data::Value::object({{"clusterSelector", data::Value::object()}})}));
  TRY(hub.create(ctx, api::GitRepo::kKind.resource(), repo));
  return {};
}

// Until every cluster's agent has said that it is there.
Result<> wait_for_agents(const Context& ctx, kube::Client& hub) {
  const Context patient = ctx.with_timeout(kPatience);
  while (true) {
    const auto clusters =
        TRY(hub.list(patient, api::Cluster::kKind.resource(), {.ns = "fleet-default"}));
    int seen = 0;
    for (const kube::Object& cluster : clusters.items)
      seen += cluster.at({"status", "agent", "lastSeen"}).as_string().empty() ? 0 : 1;
    if (seen == kClusters) return {};
    TRY(patient.sleep(std::chrono::milliseconds(50)).within("waiting for the agents"));
  }
}

Result<> report_memory(const Context& ctx, const HubProcess& hub, std::string_view when) {
  TRY(ctx.sleep(kSettle));
  report(cat("hub-rss-", when, "-MB"), hub.resident());
  report(cat("agent-rss-", when, "-MB"), hub.agents_resident());
  return {};
}

Result<> sample(const Context& ctx, HubProcess& hub, Observer& seen, Repositories& git) {
  const std::string commit = TRY(git.commit_folder(ctx, "sample", kExamples));
  const Instant begin = ctx.clock().instant();
  TRY(add_gitrepo(
      ctx, hub.client(), "sample", git.url("sample"), {"base", "web", "shop"}, kUnhurried));
  const Instant ready = TRY(seen.ready(ctx, commit, kSampleBundles * kClusters));
  report("sample-added-to-ready-ms", milliseconds(ready - begin));
  TRY(report_memory(ctx, hub, "after-demo"));
  report("agent-peak-after-demo-MB", hub.agents_peak());
  return {};
}

void report_percentiles(std::string_view figure, const std::vector<double>& samples) {
  report(cat(figure, "-p50-ms"), percentile(samples, 50));
  report(cat(figure, "-p99-ms"), percentile(samples, 99));
}

// One bundle of ten changes with each commit.
Result<> twenty_commits(const Context& ctx, HubProcess& hub, Observer& seen, Repositories& git) {
  const std::string first = TRY(git.commit(ctx, "ten", ten_bundles()));
  TRY(add_gitrepo(ctx, hub.client(), "ten", git.url("ten"), {"app*"}, kPolling));
  TRY(seen.ready(ctx, first, size_t{kBundles} * kClusters));
  std::vector<double> whole;
  std::vector<double> written;
  std::vector<double> ready;
  for (int i = 0; i < kCommits; ++i) {
    const int bundle = i % kBundles;
    const Changes change = {{cat("app", bundle, "/config.yaml"), config_map(bundle, i)}};
    const std::string commit = TRY(git.commit(ctx, "ten", change));
    const Instant pushed = ctx.clock().instant();
    const Instant at_ready = TRY(seen.ready(ctx, commit, kClusters));
    const Instant at_poll = TRY(seen.polled(ctx, commit));
    const Instant at_written = TRY(seen.written(ctx, commit, kClusters));
    whole.push_back(milliseconds(at_ready - pushed));
    written.push_back(milliseconds(at_written - at_poll));
    ready.push_back(milliseconds(at_ready - at_poll));
  }
  report_percentiles("commit-to-ready-3-clusters", whole);
  report_percentiles("poll-to-written", written);
  report_percentiles("poll-to-ready", ready);
  return {};
}

}  // namespace

Result<> bench_commits(const Context& ctx) {
  auto folder = TRY(sys::TempFolder::make("fleet-bench"));
  Repositories git = TRY(Repositories::start(ctx, folder.path()));
  const std::string data = folder.file("hub");
  HubProcess hub = TRY(HubProcess::start(ctx, data, kClusters));
  TRY(wait_for_agents(ctx, hub.client()));
  TRY(report_memory(ctx, hub, "idle"));
  {
    auto seen = TRY(Observer::start(ctx, TRY(hub.connect()), std::string(api::label::kCommit)));
    TRY(sample(ctx, hub, *seen, git));
    TRY(twenty_commits(ctx, hub, *seen, git));
  }
  TRY(report_memory(ctx, hub, "after-20-commits"));
  const int port = hub.port();
  TRY(hub.stop(ctx));
  HubProcess again = TRY(HubProcess::start(ctx, data, 0, port));
  report("hub-ready-with-data-ms", milliseconds(again.time_to_ready()));
  return again.stop(ctx);
}

}  // namespace fleet::bench
