#include "server/registration.h"

#include "base/strings.h"
#include "codec/base64.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "fleet/api/cluster.h"
#include "fleet/api/registration.h"
#include "kube/controller/write.h"
#include "server/manifests.h"

namespace fleet::server {
namespace {

using data::Value;
using kube::Key;
using kube::Object;
using kube::Resource;

constexpr const char* kTokenName = "own-clusters";
constexpr Duration kPoll = std::chrono::milliseconds(50);
constexpr Duration kPatience = std::chrono::seconds(60);

Resource core(std::string_view plural, std::string_view kind, bool namespaced = true) {
  return {{"", "v1", std::string(plural)}, std::string(kind), namespaced};
}

// Creates it; one that is there already is as good.
Result<> create(const Context& ctx,
                kube::Client& client,
                const Resource& kind,
                const Object& object) {
  auto created = client.create(ctx, kind, object);
  if (!created.ok() && created.error().code() != Code::AlreadyExists) return created.error();
  return {};
}

Result<> make_cluster(const Context& ctx, kube::Client& hub, const OwnCluster& cluster) {
  Object object = Object::make(api::Cluster::kKind.gvk(), {cluster.workspace, cluster.name});
  for (const auto& [key, value] : cluster.labels)
    object.set_label(key, value);
  object.set({"spec", "clientID"}, cluster.name);
  return create(ctx, hub, api::Cluster::kKind.resource(), object);
}

// What the token's Secret says, once the hub has made it.
Result<Value> registration_values(const Context& ctx,
                                  kube::Client& hub,
                                  const std::string& workspace) {
  Resource tokens = api::ClusterRegistrationToken::kKind.resource();
  Key key{workspace, kTokenName};
  Object token = Object::make(api::ClusterRegistrationToken::kKind.gvk(), key);
  TRY(create(ctx, hub, tokens, token));
  Context patient = ctx.with_timeout(kPatience);
  while (true) {
    Object seen = TRY(hub.get(patient, tokens, key));
    std::string name = seen.at({"status", "secretName"}).to_string();
    if (!name.empty()) {
      auto secret = hub.get(patient, core("secrets", "Secret"), {key.ns, name});
      if (secret.ok()) {
        std::string coded = secret->at({"data", "values"}).to_string();
        return yaml::parse(TRY(codec::base64_decode(coded)));
      }
      if (secret.error().code() != Code::NotFound) return secret.error();
    }
    TRY(patient.sleep(kPoll).within("waiting for the registration token"));
  }
}

}  // namespace

Result<> prepare_registration(const Context& ctx,
                              kube::Client& hub,
                              kube::Client& downstream,
                              const OwnCluster& cluster) {
  TRY(make_cluster(ctx, hub, cluster).within(cluster.name));
  Resource secrets = core("secrets", "Secret");
  auto credential = downstream.get(ctx, secrets, {cluster.agent_namespace, "fleet-agent"});
  if (credential.ok()) return {};
  if (credential.error().code() != Code::NotFound) return credential.error();

  Value values = TRY(registration_values(ctx, hub, cluster.workspace));
  Object ns = Object::make({"", "v1", "Namespace"}, {"", cluster.agent_namespace});
  TRY(create(ctx, downstream, core("namespaces", "Namespace", false), ns));

  Object config = Object::make({"", "v1", "ConfigMap"}, {cluster.agent_namespace, "fleet-agent"});
  Value labels = Value::object();
  for (const auto& [key, value] : cluster.labels)
    labels.set(key, value);
  Value settings = Value::object({{"clientID", cluster.name}, {"labels", labels}});
  config.set({"data", "config"}, json::print(settings, json::Keys::AsWritten, json::Html::Plain));
  TRY(kube::ensure_object(ctx, downstream, core("configmaps", "ConfigMap"), config, {"data"}));

  Object bootstrap =
      Object::make({"", "v1", "Secret"}, {cluster.agent_namespace, "fleet-agent-bootstrap"});
  bootstrap.set({"type"}, "Opaque");
  Value coded = Value::object();
  for (const data::Member& member : values.members()) {
    if (member.value.is_string()) {
      coded.set(member.key, codec::base64_encode(member.value.as_string()));
    }
  }
  bootstrap.set({"data"}, coded);
  TRY(kube::ensure_object(ctx, downstream, secrets, bootstrap, {"data"}));
  return {};
}

}  // namespace fleet::server
