#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "controller/reconcilers/bundle_work.h"
#include "controller/reconcilers/downstream.h"
#include "controller/reconcilers/parallel.h"
#include "fleet/api/labels.h"
#include "fleet/bundle/content.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

using kube::Object;

// Writers of one bundle's deployments at the same time: the store commits them together.
constexpr size_t kWriters = 8;

const kube::Resource& secrets() {
  static const kube::Resource kSecrets{{"", "v1", "secrets"}, "Secret", true};
  return kSecrets;
}

kube::Resource deployments() {
  return api::BundleDeployment::kKind.resource();
}

// The values of an existing deployment are in a Secret beside it. Those that a target has under the
// same id are the same values; only others are read.
Result<> restore(const Context& ctx,
                 kube::Client& client,
                 const target::Target* target,
                 api::BundleDeployment& deployment) {
  if (deployment.spec.values_hash.empty()) return {};
  const bool current = target && deployment.spec.deployment_id == target->deployment_id;
  const bool staged = target && deployment.spec.staged_deployment_id == target->deployment_id;
  auto give = [&](api::BundleDeploymentOptions& options) {
    if (!target->options.helm || !target->options.helm->values) return;
    if (!options.helm) options.helm.emplace();
    options.helm->values = target->options.helm->values;
  };
  if (current && staged) {
    give(deployment.spec.options);
    give(deployment.spec.staged_options);
    return {};
  }
  Result<Object> secret = client.get(ctx, secrets(), deployment.metadata.key());
  if (!secret.ok()) {
    // The next write makes it again.
    if (secret.error().code() != Code::NotFound) return std::move(secret).error();
    return {};
  }
  const std::string values = TRY(codec::base64_decode(secret->at({"data", "values"}).as_string()));
  const std::string later =
      TRY(codec::base64_decode(secret->at({"data", "stagedValues"}).as_string()));
  TRY(api::restore_values(deployment.spec.options, values));
  return api::restore_values(deployment.spec.staged_options, later);
}

Object values_secret(const api::BundleDeployment& deployment, const api::OptionsValues& values) {
  Object secret = Object::make(secrets().gvk(), deployment.metadata.key());
  secret.set({"type"}, api::secret_type::kBundleDeployment);
  secret.set({"data", "values"}, codec::base64_encode(values.values));
  secret.set({"data", "stagedValues"}, codec::base64_encode(values.staged_values));
  return secret;
}

Result<> own(const Context& ctx, kube::Client& client, const Object& deployment) {
  Object owned = Object::make(secrets().gvk(), deployment.key());
  owned.add_owner(kube::controller_reference(deployment));
  TRY(client.patch(ctx,
                   secrets(),
                   deployment.key(),
                   kube::Patch::merge(data::Value::object(
                       {{"metadata",
                         data::Value::object({{"ownerReferences",
                                               owned.at({"metadata", "ownerReferences"})}})}}))));
  return {};
}

}  // namespace

Result<> BundleReconciler::observe_deployments(const Context& ctx, Work& work) {
  std::map<std::string, const target::Target*> by_namespace;
  for (const target::Target& target : work.targets) {
    by_namespace[target.cluster->status.namespace_] = &target;
  }
  std::vector<api::BundleDeployment> deployments;
  for (const kube::CachedPtr& item : work.existing) {
    if (!item->decoded) continue;
    deployments.push_back(*std::static_pointer_cast<const api::BundleDeployment>(item->decoded));
    auto target = by_namespace.find(deployments.back().metadata.namespace_);
    TRY(restore(
        ctx, client_, target == by_namespace.end() ? nullptr : target->second, deployments.back()));
  }
  target::attach_deployments(work.targets, deployments);
  return {};
}

Result<> BundleReconciler::write_content(const Context& ctx, const Work& work) {
  if (!work.manifest) return {};
  // A deployment that names the Content keeps it alive.
  if (!caches_.deployments.indexer().by_index(index::kByContent, work.manifest->id).empty())
    return {};
  const kube::Resource contents = api::Content::kKind.resource();
  Result<Object> live = client_.get(ctx, contents, {"", work.manifest->id});
  if (live.ok() && !live->is_being_deleted()) return {};
  if (!live.ok() && live.error().code() != Code::NotFound) return std::move(live).error();
  Result<Object> made =
      client_.create(ctx, contents, api::to_object(bundle::make_content(*work.manifest)));
  if (made.ok() || made.error().code() == Code::AlreadyExists) return {};
  return std::move(made).error().within("could not copy manifest into Content resource");
}

Result<> BundleReconciler::write_targets(const Context& ctx, Work& work) {
  std::vector<size_t> due;
  for (size_t i = 0; i < work.targets.size(); ++i) {
    const target::Target& target = work.targets[i];
    if (!target.deployment || target.cluster->status.namespace_.empty()) continue;
    if (target.deployment->metadata.uid.empty() && !work.made.insert(i).second) continue;
    due.push_back(i);
  }
  return for_each_parallel(due.size(), kWriters, [&](size_t i) -> Result<> {
    const target::Target& target = work.targets[due[i]];
    return write_deployment(ctx, work, target).within(cat("cluster ", target.cluster_id()));
  });
}

Result<> BundleReconciler::write_deployment(const Context& ctx,
                                            const Work& work,
                                            const target::Target& target) {
  api::BundleDeployment wanted = target::deployment_of(target, work.bundle);
  if (work.manifest)
    wanted.metadata.labels[std::string(api::label::kContentName)] = work.manifest->id;
  wanted.spec.oci_contents = !work.bundle.spec.contents_id.empty();
  wanted.spec.helm_chart_options = work.bundle.spec.helm_op_options;
  const api::OptionsValues values =
      api::extract_values(wanted.spec.options, wanted.spec.staged_options);
  wanted.spec.values_hash = values.hash;
  wanted.spec.waiting_for_values = false;
  api::clear_values(wanted.spec.options);
  api::clear_values(wanted.spec.staged_options);
  const kube::CachedPtr existing = caches_.deployments.indexer().get(wanted.metadata.key());
  if (existing) {
    wanted.spec.downstream_resources_generation =
        existing->object.at({"spec", "downstreamResourcesGeneration"}).as_int();
  }
  const bool fresh_values =
      !values.hash.empty() &&
      (!existing || existing->object.at({"spec", "valuesHash"}).as_string() != values.hash);
  if (fresh_values) {
    Object secret = values_secret(wanted, values);
    if (existing) secret.add_owner(kube::controller_reference(existing->object));
    TRY(kube::ensure_object(ctx, client_, secrets(), secret, {"data"}));
  }
  Object object = api::to_object(wanted);
  object.edit().erase("status");
  if (!existing) {
    object.edit().edit("metadata").erase("uid");
    object.set_resource_version("");
    object.add_finalizer(api::finalizer::kBundleDeployment);
    Result<Object> made = client_.create(ctx, deployments(), object);
    // Made by an earlier run that the cache does not show yet: the next run compares.
    if (!made.ok() && made.error().code() == Code::AlreadyExists) return {};
    Object created = TRY(std::move(made));
    if (fresh_values) TRY(own(ctx, client_, created));
    TRY(copy_downstream(ctx,
                        client_,
                        work.bundle.metadata.namespace_,
                        created,
                        wanted.spec.options.downstream_resources));
    return {};
  }
  TRY(copy_downstream(ctx,
                      client_,
                      work.bundle.metadata.namespace_,
                      existing->object,
                      wanted.spec.options.downstream_resources));
  Object next = existing->object;
  next.edit().set("spec", object["spec"]);
  // Counted up by copy_downstream alone, perhaps a moment ago.
  if (const data::Value& count = existing->object.at({"spec", "downstreamResourcesGeneration"});
      !count.is_null()) {
    next.set({"spec", "downstreamResourcesGeneration"}, count);
  }
  next.edit().set({"metadata", "labels"}, object.at({"metadata", "labels"}));
  auto patch = kube::merge_difference(existing->object.value(), next.value());
  if (!patch) return {};
  patch->set({"metadata", "uid"}, existing->object.uid());
  TRY(client_.patch(
      ctx, deployments(), wanted.metadata.key(), kube::Patch::merge(std::move(*patch))));
  return {};
}

// False when something could not be settled yet and has to be looked at again.
Result<bool> BundleReconciler::drop_orphans(const Context& ctx, const Work& work) {
  std::set<std::string> wanted;
  for (const target::Target& target : work.targets)
    wanted.insert(target.cluster->status.namespace_);
  bool settled = true;
  for (const kube::CachedPtr& item : work.existing) {
    const Object& object = item->object;
    if (wanted.contains(std::string(object.ns())) || object.is_being_deleted()) continue;
    if (object.at({"spec", "offSchedule"}).as_bool()) continue;
    if (TRY(is_target_live(ctx, work, object))) {
      settled = false;
      continue;
    }
    ctx.log().info("cluster is no target any more", {{"deployment", object.key().str()}});
    TRY(kube::delete_object(ctx, client_, deployments(), object));
  }
  return settled;
}

// Asks the server itself whether the cluster of a deployment is still a target.
Result<bool> BundleReconciler::is_target_live(const Context& ctx,
                                              const Work& work,
                                              const Object& deployment) {
  const kube::Key cluster_key{std::string(deployment.label(api::label::kClusterNamespace)),
                              std::string(deployment.label(api::label::kCluster))};
  Result<Object> bundle =
      client_.get(ctx, api::Bundle::kKind.resource(), work.bundle.metadata.key());
  if (!bundle.ok()) return std::move(bundle).error();
  // Planned from an older bundle: the next run decides.
  if (bundle->generation() != work.bundle.metadata.generation) return true;
  Result<Object> cluster = client_.get(ctx, api::Cluster::kKind.resource(), cluster_key);
  if (!cluster.ok()) {
    if (cluster.error().code() == Code::NotFound) return false;
    return std::move(cluster).error();
  }
  target::World world = caches_.world();
  world.clusters = {
      std::make_shared<const api::Cluster>(TRY(api::from_object<api::Cluster>(*cluster)))};
  kube::ListOptions which;
  which.ns = cluster_key.ns;
  for (const Object& group :
       TRY(kube::list_all(ctx, client_, api::ClusterGroup::kKind.resource(), which)).items) {
    world.groups.push_back(
        std::make_shared<const api::ClusterGroup>(TRY(api::from_object<api::ClusterGroup>(group))));
  }
  // Groups as cached and as live together: either may know of one that the other misses.
  for (const target::Target& target :
       TRY(target::find_targets(work.bundle, world, work.manifest_id()))) {
    if (target.cluster->status.namespace_ == deployment.ns()) return true;
  }
  return false;
}

}  // namespace fleet::controller
