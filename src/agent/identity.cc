#include "agent/identity.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/yaml.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "fleet/api/registration.h"
#include "kube/client/http_client.h"
#include "sys/environment.h"
#include "text/duration.h"
#include "wire/crypto/random.h"

namespace fleet::agent {
namespace {

using data::Value;
using kube::Key;
using kube::Object;

constexpr std::string_view kBootstrap = "fleet-agent-bootstrap";
constexpr std::string_view kCredential = "fleet-agent";
constexpr std::string_view kConfig = "fleet-agent";
constexpr size_t kRandomLength = 54;
constexpr std::string_view kRandomLetters = "bcdfghjklmnpqrstvwxz2456789";
constexpr Duration kPoll = std::chrono::milliseconds(500);
constexpr Duration kPollSlow = std::chrono::seconds(2);
constexpr int kQuickPolls = 20;
constexpr Duration kFirstPause = std::chrono::seconds(1);
constexpr Duration kGiveUp = std::chrono::minutes(30);

kube::Resource secrets() {
  return {{"", "v1", "secrets"}, "Secret", true};
}
kube::Resource config_maps() {
  return {{"", "v1", "configmaps"}, "ConfigMap", true};
}
kube::Resource namespaces() {
  return {{"", "v1", "namespaces"}, "Namespace", false};
}

using Fields = std::map<std::string, std::string, std::less<>>;

Result<Fields> secret_fields(const Object& secret) {
  Fields out;
  for (const data::Member& member : secret["data"].members()) {
    out[std::string(member.key.view())] = TRY(codec::base64_decode(member.value.as_string()));
  }
  auto values = out.find("values");
  if (values == out.end()) return out;
  Fields inner;
  const Value document = TRY(yaml::parse(values->second).within("values"));
  for (const data::Member& member : document.members()) {
    if (member.value.is_string()) inner[std::string(member.key.view())] = member.value.to_string();
  }
  return inner;
}

// The agent's own settings: labels and client id for its Cluster.
Result<Value> read_config(const Context& ctx, kube::Client& local, const std::string& ns) {
  Result<Object> found = local.get(ctx, config_maps(), {ns, std::string(kConfig)});
  if (!found.ok()) {
    if (found.error().code() == Code::NotFound) return Value::object();
    return std::move(found).error();
  }
  return yaml::parse(found->at({"data", "config"}).as_string()).within("config map fleet-agent");
}

// Whether the hub lets this access list its deployments. An error is neither yes nor no.
Result<bool> works(const Context& ctx, const kube::Access& access) {
  auto client = TRY(kube::make_http_client(access));
  kube::ListOptions which;
  which.ns = access.ns;
  which.limit = 1;
  Result<kube::ObjectList> list = client->list(ctx, api::BundleDeployment::kKind.resource(), which);
  if (list.ok()) return true;
  const Code code = list.error().code();
  if (code == Code::Unauthorized || code == Code::Forbidden) return false;
  return std::move(list).error();
}

Result<std::string> client_id(const Context& ctx, kube::Client& local, const Value& config) {
  if (const Value& own = config["clientID"]; !own.as_string().empty()) return own.to_string();
  Object system = TRY(local.get(ctx, namespaces(), {"", "kube-system"}));
  return std::string(system.uid());
}

Object registration(const Fields& bootstrap,
                    const std::string& id,
                    const std::string& random,
                    const Value& config) {
  Object request = Object::make(api::ClusterRegistration::kKind.gvk(),
                                {bootstrap.find("clusterNamespace")->second, ""});
  request.set({"metadata", "generateName"}, "request-");
  if (auto token = bootstrap.find("tokenName"); token != bootstrap.end()) {
    request.set_label(api::label::kRegistrationToken, token->second);
  }
  request.set({"spec", "clientID"}, id);
  request.set({"spec", "clientRandom"}, random);
  Value labels = config["labels"].is_object() ? config["labels"] : Value::object();
  labels.set(api::label::kCreatedByAgentPod, sys::env("HOSTNAME").value_or(""));
  request.set({"spec", "clusterLabels"}, std::move(labels));
  return request;
}

Result<Fields> wait_for_credential(const Context& ctx, kube::Client& hub, const Key& secret) {
  const Context limited = ctx.with_timeout(kGiveUp);
  for (int i = 0;; ++i) {
    Result<Object> found = hub.get(limited, secrets(), secret);
    if (found.ok()) return secret_fields(*found);
    // Until the hub has granted the request, the secret may not be read.
    if (!limited.sleep(i < kQuickPolls ? kPoll : kPollSlow).ok()) {
      TRY(ctx.check());
      return Error(Code::Timeout,
                   cat("timeout waiting for registration secret '",
                       secret.str(),
                       "' on management cluster"));
    }
  }
}

Result<> keep(const Context& ctx,
              kube::Client& local,
              const std::string& ns,
              const Identity& identity) {
  Object secret = Object::make(secrets().gvk(), {ns, std::string(kCredential)});
  const std::string config = yaml::print(kube::make_kubeconfig(identity.hub, "default"));
  auto put = [&](std::string_view name, std::string_view text) {
    secret.set({"data", name}, codec::base64_encode(text));
  };
  put("kubeconfig", config);
  put("deploymentNamespace", identity.deployment_namespace);
  put("clusterNamespace", identity.cluster_namespace);
  put("clusterName", identity.cluster_name);
  Result<Object> made = local.create(ctx, secrets(), secret);
  if (!made.ok() && made.error().code() == Code::AlreadyExists)
    made = local.update(ctx, secrets(), secret);
  TRY(std::move(made));
  return {};
}

std::string field(const Fields& fields, std::string_view name) {
  auto it = fields.find(name);
  return it == fields.end() ? std::string() : it->second;
}

Result<Identity> run_registration(const Context& ctx, kube::Client& local, const std::string& ns) {
  const Object secret = TRY(local.get(ctx, secrets(), {ns, std::string(kBootstrap)})
                                .within("looking up secret fleet-agent-bootstrap"));
  const Fields bootstrap = TRY(secret_fields(secret));
  for (std::string_view name :
       {"apiServerURL", "clusterNamespace", "token", "systemRegistrationNamespace"}) {
    if (field(bootstrap, name).empty()) {
      return Error(Code::Invalid, cat("secret fleet-agent-bootstrap has no ", name));
    }
  }
  const Value config = TRY(read_config(ctx, local, ns));
  kube::Access access;
  access.server = field(bootstrap, "apiServerURL");
  access.ca = field(bootstrap, "apiServerCA");
  access.token = Secret<>(field(bootstrap, "token"));
  access.ns = field(bootstrap, "clusterNamespace");
  auto hub = TRY(kube::make_http_client(access));
  const std::string id = TRY(client_id(ctx, local, config));
  const std::string random = crypto::random_text(kRandomLength, kRandomLetters);
  Object request = registration(bootstrap, id, random, config);
  request = TRY(hub->create(ctx, api::ClusterRegistration::kKind.resource(), request)
                    .within("cannot create clusterregistration on management cluster"));
  ctx.log().info("registration asked for", {{"request", request.key().str()}});
  const Fields credential =
      TRY(wait_for_credential(ctx,
                              *hub,
                              {field(bootstrap, "systemRegistrationNamespace"),
                               api::registration_secret_name(id, random)}));
  Identity identity;
  identity.hub = access;
  identity.hub.token = Secret<>(field(credential, "token"));
  identity.hub.ns = field(credential, "deploymentNamespace");
  identity.deployment_namespace = identity.hub.ns;
  identity.cluster_namespace = field(credential, "clusterNamespace");
  identity.cluster_name = field(credential, "clusterName");
  if (!TRY(works(ctx, identity.hub))) {
    return Error(Code::Unauthorized, "the new credential may not list bundle deployments");
  }
  TRY(keep(ctx, local, ns, identity));
  return identity;
}

Result<Identity> from_secret(const Object& secret) {
  const Fields fields = TRY(secret_fields(secret));
  Identity identity;
  identity.hub = TRY(kube::parse_kubeconfig(field(fields, "kubeconfig")));
  identity.deployment_namespace = field(fields, "deploymentNamespace");
  identity.cluster_namespace = field(fields, "clusterNamespace");
  identity.cluster_name = field(fields, "clusterName");
  if (identity.hub.ns.empty()) identity.hub.ns = identity.deployment_namespace;
  return identity;
}

Result<Identity> try_register(const Context& ctx, kube::Client& local, const std::string& ns) {
  Result<Object> known = local.get(ctx, secrets(), {ns, std::string(kCredential)});
  if (!known.ok() && known.error().code() != Code::NotFound) return std::move(known).error();
  if (known.ok()) {
    Result<Identity> identity = from_secret(*known);
    if (identity.ok() && TRY(works(ctx, identity->hub))) return identity;
    ctx.log().warn("current credential failed, falling back to reregistering");
  }
  return run_registration(ctx, local, ns);
}

}  // namespace

Result<Duration> configured_clean_up(const Context& ctx,
                                     kube::Client& local,
                                     const std::string& ns) {
  const Value config = TRY(read_config(ctx, local, ns));
  const std::string_view text = config["garbageCollectionInterval"].as_string();
  if (text.empty()) return Duration::zero();
  return text::parse_duration(text).within("config map fleet-agent: garbageCollectionInterval");
}

Result<Identity> register_agent(const Context& ctx,
                                kube::Client& local,
                                const std::string& ns,
                                Duration pause) {
  Duration wait = std::min<Duration>(kFirstPause, pause);
  for (;;) {
    Result<Identity> identity = try_register(ctx, local, ns);
    if (identity.ok()) {
      Result<std::optional<Object>> gone =
          local.remove(ctx, secrets(), {ns, std::string(kBootstrap)});
      if (!gone.ok()) ctx.log().debug("bootstrap secret stays", {{"error", gone.error()}});
      return identity;
    }
    TRY(ctx.check());
    ctx.log().error("Failed to register agent", {{"error", identity.error()}});
    TRY(ctx.sleep(wait));
    wait = std::min<Duration>(wait * 2, pause);
  }
}

}  // namespace fleet::agent
