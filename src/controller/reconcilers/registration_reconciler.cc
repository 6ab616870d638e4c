#include "controller/reconcilers/registration_reconciler.h"

#include <optional>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "controller/reconcilers/service_account.h"
#include "controller/reconcilers/token_reconciler.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

using kube::Key;
using kube::Object;
using kube::Requeue;

constexpr Duration kTokenWait = std::chrono::milliseconds(500);
constexpr Duration kClusterWait = std::chrono::milliseconds(500);
constexpr Duration kCredentialAge = std::chrono::minutes(40);
constexpr Duration kCredentialCheck = std::chrono::minutes(20);

kube::Resource clusters() {
  return api::Cluster::kKind.resource();
}

// What an agent says about its cluster, without what only the hub may say.
void copy_labels(const api::StringMap& from, Object& to) {
  for (const auto& [key, value] : from) {
    const bool reserved =
        key.starts_with(api::label::kManagementPrefix) || key.starts_with(api::label::kFleetPrefix);
    if (!reserved || key == api::label::kCreatedByAgentPod) to.set_label(key, value);
  }
}

std::string encoded(std::string_view text) {
  return codec::base64_encode(text);
}

}  // namespace

void RegistrationReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.registrations, kube::spec_or_metadata_changed);
}

// The request's cluster; it is made if the hub does not know it.
Result<std::optional<Object>> RegistrationReconciler::find_cluster(
    const Context& ctx, const api::ClusterRegistration& request) {
  const std::string& ns = request.metadata.namespace_;
  const std::string& client_id = request.spec.client_id;
  auto known = caches_.clusters.indexer().by_index(index::kByClientId, cat(ns, "/", client_id));
  if (!known.empty()) return std::optional<Object>(known.front()->object);
  const std::string name = api::cluster_name_from_client_id(client_id);
  Result<Object> live = client_.get(ctx, clusters(), {ns, name});
  if (live.ok()) {
    if (live->at({"spec", "clientID"}).as_string() == client_id)
      return std::optional<Object>(*live);
    return Error(Code::Invalid,
                 cat("non-matching ClientID on cluster ",
                     ns,
                     "/",
                     name,
                     " got ",
                     quote(live->at({"spec", "clientID"}).as_string()),
                     ", want ",
                     quote(client_id)));
  }
  if (live.error().code() != Code::NotFound) return std::move(live).error();
  Object cluster = Object::make(clusters().gvk(), {ns, name});
  copy_labels(request.spec.cluster_labels, cluster);
  cluster.set_label(api::label::kCluster, name);
  cluster.set({"spec", "clientID"}, client_id);
  Result<Object> made = client_.create(ctx, clusters(), cluster);
  if (made.ok()) return std::optional<Object>(std::move(made).value());
  if (made.error().code() == Code::AlreadyExists) return std::optional<Object>();
  return std::move(made).error();
}

Result<Requeue> RegistrationReconciler::reconcile(const Context& ctx, const Key& key) {
  const kube::Resource resource = api::ClusterRegistration::kKind.resource();
  const kube::CachedPtr seen = caches_.registrations.indexer().get(key);
  if (!seen || !seen->decoded || seen->object.is_being_deleted()) return Requeue::never();
  const Object& object = seen->object;
  const auto& request = *std::static_pointer_cast<const api::ClusterRegistration>(seen->decoded);
  if (request.status.granted || !object.label(api::label::kClusterManagement).empty())
    return Requeue::never();
  std::optional<Object> cluster = TRY(find_cluster(ctx, request));
  if (!cluster) return Requeue::after(kClusterWait);
  // The namespace is made by the cluster's own reconciler.
  const std::string ns = cluster->at({"status", "namespace"}).to_string();
  if (ns.empty()) return Requeue::after(kClusterWait);
  Object owned = object;
  owned.edit().edit("metadata").erase("ownerReferences");
  owned.add_owner({std::string(cluster->api_version()),
                   std::string(cluster->kind()),
                   std::string(cluster->name()),
                   std::string(cluster->uid()),
                   false,
                   false});
  if (auto patch = kube::merge_difference(object.value(), owned.value())) {
    TRY(client_.patch(ctx, resource, key, kube::Patch::merge(std::move(*patch))));
  }
  Object account = Object::make(service_accounts().gvk(), {ns, account_name(object)});
  account.set_label(api::label::kManaged, "true");
  account.set_annotation(api::annotation::kCluster, cluster->name());
  account.set_annotation(api::annotation::kClusterRegistration, key.name);
  account.set_annotation(api::annotation::kClusterRegistrationNamespace, key.ns);
  account = TRY(kube::ensure_object(ctx, client_, service_accounts(), account, {}));
  std::optional<Secret<>> token = TRY(ensure_token(ctx, client_, account));
  if (!token) return Requeue::after(kTokenWait);
  TRY(drop_older(ctx, request));
  TRY(grant(ctx, object, *cluster, account, *token));
  api::ClusterRegistration next = request;
  next.status.cluster_name = cluster->name();
  next.status.granted = true;
  TRY(kube::write_status(ctx, client_, resource, object, api::to_value(next)["status"]));
  ctx.log().info("cluster registered", {{"cluster", cluster->key().str()}});
  return Requeue::never();
}

// Requests of the same client with another random part, made before.
Result<> RegistrationReconciler::drop_older(const Context& ctx,
                                            const api::ClusterRegistration& request) {
  for (const kube::CachedPtr& item :
       caches_.registrations.indexer().list(request.metadata.namespace_)) {
    const Object& other = item->object;
    if (other.name() == request.metadata.name) continue;
    if (other.at({"spec", "clientID"}).as_string() != request.spec.client_id) continue;
    if (other.at({"spec", "clientRandom"}).as_string() == request.spec.client_random) continue;
    if (!other.creation_timestamp() ||
        *other.creation_timestamp() >= request.metadata.creation_timestamp.point)
      continue;
    TRY(kube::delete_object(ctx, client_, api::ClusterRegistration::kKind.resource(), other));
  }
  return {};
}

Result<> RegistrationReconciler::grant(const Context& ctx,
                                       const Object& request,
                                       const Object& cluster,
                                       const Object& account,
                                       const Secret<>& token) {
  const Subject subject{std::string(account.ns()), std::string(account.name())};
  const std::string name(request.name());
  const std::string ws(request.ns());
  TRY(kube::ensure_object(ctx,
                          client_,
                          roles(),
                          make_role({ws, name},
                                    {{std::string(api::kGroup),
                                      "clusters/status",
                                      {"patch"},
                                      {std::string(cluster.name())}}}),
                          {"rules"}));
  TRY(kube::ensure_object(ctx,
                          client_,
                          role_bindings(),
                          make_binding({ws, name}, "Role", name, subject),
                          {"subjects"}));
  TRY(kube::ensure_object(
      ctx,
      client_,
      role_bindings(),
      make_binding({subject.ns, name}, "ClusterRole", "fleet-bundle-deployment", subject),
      {"subjects"}));
  TRY(kube::ensure_object(
      ctx,
      client_,
      cluster_role_bindings(),
      make_binding(
          {"", api::safe_concat_name({name, "content"})}, "ClusterRole", "fleet-content", subject),
      {"subjects"}));
  Object secret = Object::make(
      secrets().gvk(),
      {hub_.registration_namespace,
       api::registration_secret_name(request.at({"spec", "clientID"}).as_string(),
                                     request.at({"spec", "clientRandom"}).as_string())});
  secret.set({"type"}, api::secret_type::kAgentCredential);
  secret.set_label(api::label::kCluster, cluster.name());
  secret.set_label(api::label::kManaged, "true");
  secret.set({"data", "token"}, encoded(token.reveal()));
  secret.set({"data", "deploymentNamespace"}, encoded(subject.ns));
  secret.set({"data", "clusterNamespace"}, encoded(cluster.ns()));
  secret.set({"data", "clusterName"}, encoded(cluster.name()));
  secret.set({"data", "systemNamespace"}, encoded(hub_.system_namespace));
  TRY(kube::ensure_object(ctx, client_, secrets(), secret, {"data"}));
  return let_read_credential(ctx, request, cluster, std::string(secret.name()));
}

// The account with which the request was made may read that one Secret.
Result<> RegistrationReconciler::let_read_credential(const Context& ctx,
                                                     const Object& request,
                                                     const Object& cluster,
                                                     const std::string& secret) {
  const std::string ws(request.ns());
  const Key imported{ws, api::safe_concat_name({cat("import-token-", cluster.name())})};
  kube::CachedPtr token = caches_.tokens.indexer().get(imported);
  const bool by_manager = token != nullptr;
  if (!token) {
    token = caches_.tokens.indexer().get(
        {ws, std::string(request.label(api::label::kRegistrationToken))});
  }
  if (!token) {
    ctx.log().warn("the registration's token is unknown: its agent cannot fetch the credential");
    return {};
  }
  const std::string account = account_name(token->object);
  const std::string name =
      api::safe_concat_name({by_manager ? std::string_view(account) : request.name(), "creds"});
  TRY(kube::ensure_object(
      ctx,
      client_,
      roles(),
      make_role({hub_.registration_namespace, name}, {{"", "secrets", {"get"}, {secret}}}),
      {"rules"}));
  TRY(kube::ensure_object(
      ctx,
      client_,
      role_bindings(),
      make_binding({hub_.registration_namespace, name}, "Role", name, {ws, account}),
      {"subjects"}));
  return {};
}

Result<> expire_credentials(const Context& ctx, kube::Client& client, const Hub& hub) {
  for (;;) {
    kube::ListOptions which;
    which.ns = hub.registration_namespace;
    which.labels = TRY(kube::LabelSelector::parse(api::label::kCluster));
    Result<kube::ObjectList> found = kube::list_all(ctx, client, secrets(), which);
    if (!found.ok()) ctx.log().warn("credentials cannot be listed", {{"error", found.error()}});
    for (const Object& secret : found.ok() ? found->items : std::vector<Object>()) {
      auto made = secret.creation_timestamp();
      if (!made || ctx.clock().now() < *made + kCredentialAge) continue;
      Result<> gone = kube::delete_object(ctx, client, secrets(), secret);
      if (!gone.ok()) ctx.log().warn("old credential not deleted", {{"error", gone.error()}});
    }
    TRY(ctx.sleep(kCredentialCheck));
  }
}

}  // namespace fleet::controller
