// One Bundle to many registered clusters.
#include "base/strings.h"
#include "figures.h"
#include "fleet/api/bundle.h"
#include "fleet/api/cluster.h"
#include "fleet/api/labels.h"
#include "hub_process.h"
#include "observer.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

constexpr size_t kSizes[] = {250, 500, 1000, 2000};
constexpr Duration kPatience = std::chrono::seconds(120);

// `count` clusters, each with the namespace for its deployments.
Result<> register_clusters(const Context& ctx, kube::Client& hub, size_t count) {
  const kube::Resource clusters = api::Cluster::kKind.resource();
  for (size_t i = 0; i < count; ++i) {
    const kube::Key key{"fleet-default", cat("cluster-", i)};
    TRY(hub.create(ctx, clusters, kube::Object::make(clusters.gvk(), key)));
  }
  const Context patient = ctx.with_timeout(kPatience);
  while (true) {
    const auto all = TRY(hub.list(patient, clusters, {.ns = "fleet-default"}));
    size_t done = 0;
    for (const kube::Object& cluster : all.items)
      done += cluster.at({"status", "namespace"}).as_string().empty() ? 0 : 1;
    if (done == count) return {};
    TRY(patient.sleep(std::chrono::milliseconds(100)).within("waiting for clusters' namespaces"));
  }
}

kube::Object wide_bundle() {
  using data::Value;
  kube::Object bundle = kube::Object::make(api::Bundle::kKind.gvk(), {"fleet-default", "wide"});
  bundle.set({"spec", "resources"},
             Value::array({Value::object(
                 {{"name", "config.yaml"},
                  {"content", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wide}\n"}})}));
  bundle.set({"spec", "targets"},
             Value::array({Value::object({{"clusterSelector", Value::object()}})}));
  return bundle;
}

Result<> reach(const Context& ctx, size_t count) {
  auto folder = TRY(sys::TempFolder::make("fleet-bench"));
  HubProcess hub = TRY(HubProcess::start(ctx, folder.file("hub"), 0));
  TRY(register_clusters(ctx, hub.client(), count));
  {
    auto seen = TRY(Observer::start(ctx, TRY(hub.connect()), std::string(api::label::kBundle)));
    const Instant begin = ctx.clock().instant();
    TRY(hub.client().create(ctx, api::Bundle::kKind.resource(), wide_bundle()));
    const double took = milliseconds(TRY(seen->written(ctx, "wide", count)) - begin);
    report(cat("bundle-to-", count, "-clusters-ms"), took);
    report(cat("bundle-to-", count, "-clusters-per-second"),
           static_cast<double>(count) / took * 1000);
  }
  report(cat("hub-rss-with-", count, "-clusters-MB"), hub.resident());
  return hub.stop(ctx);
}

}  // namespace

Result<> bench_scale(const Context& ctx) {
  for (const size_t count : kSizes)
    TRY(reach(ctx, count));
  return {};
}

}  // namespace fleet::bench
