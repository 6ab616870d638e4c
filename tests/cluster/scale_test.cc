// One bundle to many clusters: the cost is linear, and all deployments are made.
#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"

namespace fleet::cluster_tests {
namespace {

constexpr size_t kClusters = 300;

class ScaleTest : public FleetTest {};

TEST_F(ScaleTest, ABundleReachesManyClusters) {
  start_hub();
  const kube::Resource clusters = api::Cluster::kKind.resource();
  for (size_t i = 0; i < kClusters; ++i) {
    ASSERT_TRUE(hub()
                    .create(ctx_,
                            clusters,
                            kube::Object::make(clusters.gvk(), {"fleet-default", cat("c", i)}))
                    .ok());
  }
  auto have_namespaces = [&] {
    const auto all = kube::list_all(ctx_, hub(), clusters);
    return all.ok() && std::all_of(all->items.begin(), all->items.end(), [](const kube::Object& c) {
             return !c.at({"status", "namespace"}).as_string().empty();
           });
  };
  ASSERT_TRUE(eventually(have_namespaces, "all clusters have a namespace"));
  git_.commit({{"cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n"}});
  const Instant start = ctx_.clock().instant();
  add_repo("wide");
  auto count = [&] {
    const auto all = kube::list_all(ctx_, hub(), api::BundleDeployment::kKind.resource());
    return all.ok() ? all->items.size() : 0;
  };
  ASSERT_TRUE(eventually([&] { return count() == kClusters; }, "every cluster has its deployment"));
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(ctx_.clock().instant() - start);
  RecordProperty("milliseconds", static_cast<int>(took.count()));
}

}  // namespace
}  // namespace fleet::cluster_tests
