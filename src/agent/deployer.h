// Deployer: one BundleDeployment → a Helm release on this cluster.
//
// Files come from the hub's Content, values from the BundleDeployment's Secret; rendering is
// fleet/deploy's, the release helm/action's. With a service account everything is done, and seen by
// `lookup` and `valuesFrom`, with that account's rights.
// As Fleet 0.16 (agent.md §7–§9). Errors: the texts of Fleet and Helm.
// Threads: different deployments from any thread. Lifetime: clients and mapper outlive it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "fleet/api/bundledeployment.h"
#include "helm/release/release.h"
#include "kube/client/client.h"
#include "kube/client/rest_mapper.h"

namespace fleet::agent {

// What all parts of an agent work with.
struct Surroundings {
  kube::Client& hub;
  kube::Client& local;
  kube::RestMapper& mapper;  // of the local cluster
  // A client of the local cluster that acts as a service account of the agent's namespace.
  std::function<Result<std::unique_ptr<kube::Client>>(const std::string& user)> impersonate;
  std::string agent_namespace;
  std::string scope;          // suffix of object set ids; mostly empty
  std::string hub_namespace;  // of this cluster's BundleDeployments
};

// "namespace/name:revision", as BundleDeployment.status.release names a release.
struct ReleaseId {
  std::string ns;
  std::string name;
  int revision = 0;

  std::string str() const;
  static Result<ReleaseId> parse(std::string_view text);  // NotFound for ""
  static ReleaseId of(const helm::Release& release);
};

class Deployer {
 public:
  explicit Deployer(Surroundings& around)
      : around_(around) {}

  // Installs or upgrades. `deployment` has its values restored.
  Result<ReleaseId> deploy(const Context& ctx, const api::BundleDeployment& deployment);

  // The release that a deployment's status names. NotFound when it is not in the history.
  Result<helm::Release> find(const Context& ctx, const api::BundleDeployment& deployment);

  // Applies the current revision once more over what others changed. The new revision.
  Result<ReleaseId> correct(const Context& ctx,
                            const api::BundleDeployment& deployment,
                            const helm::Release& release);

  // Latest revisions of the releases that this agent made, by name.
  Result<std::vector<helm::Release>> releases(const Context& ctx);
  // Uninstalls a release that this agent made. With keepResources, or for the agent's own bundle,
  // only its records go. The caller has made sure that the hub wants this.
  Result<> uninstall(const Context& ctx, const helm::Release& release);

  // Restores the values that the hub keeps in a Secret beside the deployment.
  // ServiceUnavailable while Secret and deployment do not fit.
  Result<> load_values(const Context& ctx, api::BundleDeployment& deployment);

  // Where the deployment's release belongs: "namespace/name".
  static std::string release_key(const api::BundleDeployment& deployment);

 private:
  struct Account;  // the client to act with

  Result<Account> account_of(const Context& ctx, const std::string& service_account);
  Result<std::vector<api::BundleResource>> read_files(const Context& ctx,
                                                      const api::BundleDeployment& deployment);
  Result<data::Value> values_from(const Context& ctx,
                                  kube::Client& client,
                                  const api::BundleDeploymentOptions& options,
                                  const std::string& ns,
                                  data::Value values);

  Surroundings& around_;
};

}  // namespace fleet::agent
