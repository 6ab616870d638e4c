#include "fleet/api/crds.h"

#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/content.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/helmop.h"
#include "fleet/api/imagescan.h"
#include "fleet/api/policy.h"
#include "fleet/api/registration.h"
#include "fleet/api/schedule.h"
#include "kube/crd/generate.h"

namespace fleet::api {
namespace {

using kube::crd::GeneratedColumn;
using Columns = std::vector<GeneratedColumn>;

GeneratedColumn column(std::string_view name, std::string_view path) {
  GeneratedColumn out;
  out.name = name;
  out.json_path = path;
  return out;
}

GeneratedColumn status_column() {
  return column("Status", R"(.status.conditions[?(@.type=="Ready")].message)");
}

enum class HasStatus { Yes, No };
enum class Category { Fleet, None };

template <typename T>
data::Value crd(Columns columns,
                Category category = Category::None,
                HasStatus status = HasStatus::Yes) {
  kube::crd::Generated what;
  what.group = "fleet.cattle.io";
  what.version = "v1alpha1";
  what.kind = T::kKind.kind;
  what.plural = T::kKind.plural;
  what.namespaced = T::kKind.namespaced;
  what.status = status == HasStatus::Yes;
  what.columns = std::move(columns);
  if (category == Category::Fleet) what.categories = {"fleet"};
  return kube::crd::generate(what, data::type_of<T>());
}

}  // namespace

std::vector<data::Value> crds() {
  auto ready_deployments =
      column("BundleDeployments-Ready", ".status.display.readyBundleDeployments");
  auto ready_bundles = column("Bundles-Ready", ".status.display.readyBundles");
  auto ready_clusters = column("Clusters-Ready", ".status.display.readyClusters");
  return {
      crd<Bundle>(
          {column("BundleDeployments-Ready", ".status.display.readyClusters"), status_column()}),
      crd<BundleDeployment>({column("Deployed", ".status.display.deployed"),
                             column("Monitored", ".status.display.monitored"),
                             status_column()}),
      crd<BundleNamespaceMapping>({}),
      crd<Cluster>({ready_bundles, column("Last-Seen", ".status.agent.lastSeen"), status_column()}),
      crd<ClusterGroup>({ready_clusters, ready_bundles, status_column()}, Category::Fleet),
      crd<ClusterRegistration>(
          {column("Cluster-Name", ".status.clusterName"), column("Labels", ".spec.clusterLabels")}),
      crd<ClusterRegistrationToken>({column("Secret-Name", ".status.secretName")}),
      crd<Content>({}),
      crd<GitRepo>({column("Repo", ".spec.repo"),
                    column("Commit", ".status.commit"),
                    ready_deployments,
                    status_column()},
                   Category::Fleet),
      crd<GitRepoRestriction>({column("Default-ServiceAccount", ".defaultServiceAccount"),
                               column("Allowed-ServiceAccounts", ".allowedServiceAccounts")}),
      crd<HelmOp>({column("Repo", ".spec.helm.repo"),
                   column("Chart", ".spec.helm.chart"),
                   column("Version", ".status.version"),
                   ready_deployments,
                   status_column()},
                  Category::Fleet),
      crd<ImageScan>({column("Repository", ".spec.image"), column("Latest", ".status.latestTag")}),
      crd<Policy>({}, Category::None, HasStatus::No),
      crd<Schedule>({column("Schedule", ".spec.schedule"),
                     column("Duration", ".spec.duration"),
                     column("Active", ".status.active"),
                     column("NextStart", ".status.nextStartTime")}),
  };
}

}  // namespace fleet::api
