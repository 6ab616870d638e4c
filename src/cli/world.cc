#include "cli/world.h"

#include <memory>

#include "base/strings.h"
#include "codec/base64.h"
#include "fleet/api/hashes.h"

namespace fleet::cli {

namespace {

const kube::Resource& namespaces_resource() {
  static const kube::Resource kResource{{"", "v1", "namespaces"}, "Namespace", false};
  return kResource;
}

const kube::Resource& secrets_resource() {
  static const kube::Resource kResource{{"", "v1", "secrets"}, "Secret", true};
  return kResource;
}

template <typename T>
Result<target::Shared<T>> list_shared(const Context& ctx, kube::Client& client) {
  target::Shared<T> out;
  for (const kube::Object& object : TRY(kube::list_all(ctx, client, T::kKind.resource())).items) {
    out.push_back(std::make_shared<const T>(TRY(api::from_object<T>(object))));
  }
  return out;
}

Result<std::string> secret_text(const kube::Object& secret, std::string_view key) {
  return codec::base64_decode(secret.at({"data", key}).as_string());
}

Result<> restore_values(const Context& ctx,
                        kube::Client& client,
                        api::BundleDeployment& deployment) {
  if (deployment.spec.values_hash.empty()) return {};
  auto secret = client.get(ctx, secrets_resource(), deployment.metadata.key());
  if (!secret.ok()) {
    if (secret.error().code() != Code::NotFound) return std::move(secret).error();
    deployment.spec.waiting_for_values = true;
    return {};
  }
  std::string values = TRY(secret_text(*secret, "values"));
  std::string staged = TRY(secret_text(*secret, "stagedValues"));
  std::string hash = api::hash_options_values(values, staged);
  if (hash != deployment.spec.values_hash) {
    return Error{Code::Conflict,
                 cat("hash mismatch between secret and bundledeployment: actual ",
                     hash,
                     " != expected ",
                     deployment.spec.values_hash)};
  }
  TRY(api::restore_values(deployment.spec.options, values));
  return api::restore_values(deployment.spec.staged_options, staged);
}

}  // namespace

Result<target::World> read_world(const Context& ctx, kube::Client& client) {
  target::World out;
  out.clusters = TRY(list_shared<api::Cluster>(ctx, client));
  out.groups = TRY(list_shared<api::ClusterGroup>(ctx, client));
  out.mappings = TRY(list_shared<api::BundleNamespaceMapping>(ctx, client));
  out.restrictions = TRY(list_shared<api::GitRepoRestriction>(ctx, client));
  // A hub older than the kind Policy has none.
  auto policies = list_shared<api::Policy>(ctx, client);
  if (policies.ok()) out.policies = std::move(policies).value();
  for (const kube::Object& object : TRY(kube::list_all(ctx, client, namespaces_resource())).items) {
    out.namespaces.push_back({std::string(object.name()), object.labels()});
  }
  return out;
}

Result<std::vector<api::BundleDeployment>> read_deployments(const Context& ctx,
                                                            kube::Client& client,
                                                            const api::ObjectMeta& bundle) {
  kube::ListOptions options;
  options.labels = kube::LabelSelector::from_set(
      {{std::string(api::label::kBundle), bundle.name},
       {std::string(api::label::kBundleNamespace), bundle.namespace_}});
  std::vector<api::BundleDeployment> out;
  kube::ObjectList list =
      TRY(kube::list_all(ctx, client, api::BundleDeployment::kKind.resource(), options));
  for (const kube::Object& object : list.items) {
    out.push_back(TRY(api::from_object<api::BundleDeployment>(object)));
    TRY(restore_values(ctx, client, out.back()));
  }
  return out;
}

}  // namespace fleet::cli
