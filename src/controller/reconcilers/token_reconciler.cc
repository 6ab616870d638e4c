#include "controller/reconcilers/token_reconciler.h"

#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "controller/reconcilers/service_account.h"
#include "data/yaml/yaml.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

using data::Value;
using kube::Object;
using kube::Requeue;

// How soon a token that the API server still has to make is looked for again.
constexpr Duration kTokenWait = std::chrono::milliseconds(500);

kube::OwnerReference owner_of(const Object& token) {
  return {std::string(token.api_version()),
          std::string(token.kind()),
          std::string(token.name()),
          std::string(token.uid()),
          false,
          false};
}

Value agent_values(const Hub& hub, const Object& token, const std::string& secret) {
  Value values = Value::object({{"apiServerCA", hub.api_server_ca},
                                {"apiServerURL", hub.api_server_url},
                                {"clusterNamespace", token.ns()},
                                {"systemRegistrationNamespace", hub.registration_namespace},
                                {"token", secret},
                                {"tokenName", token.name()}});
  if (hub.system_namespace != api::kSystemNamespace) {
    values.set({"internal", "systemNamespace"}, hub.system_namespace);
  }
  return values;
}

}  // namespace

std::string account_name(const Object& object) {
  return api::safe_concat_name({object.name(), object.uid()});
}

void TokenReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.tokens, kube::spec_or_metadata_changed);
}

Result<Requeue> TokenReconciler::reconcile(const Context& ctx, const kube::Key& key) {
  const kube::Resource resource = api::ClusterRegistrationToken::kKind.resource();
  const kube::CachedPtr seen = caches_.tokens.indexer().get(key);
  if (!seen || !seen->decoded || seen->object.is_being_deleted()) return Requeue::never();
  const Object& object = seen->object;
  api::ClusterRegistrationToken token =
      *std::static_pointer_cast<const api::ClusterRegistrationToken>(seen->decoded);
  const TimePoint now = ctx.clock().now();
  std::optional<Duration> left;
  token.status.expires.reset();
  if (token.spec.ttl && object.creation_timestamp()) {
    const TimePoint expires = *object.creation_timestamp() + token.spec.ttl->value;
    token.status.expires = api::Time::of(expires);
    if (token.spec.ttl->value > Duration::zero()) {
      if (now > expires) {
        TRY(kube::delete_object(ctx, client_, resource, object));
        return Requeue::never();
      }
      left = expires - now + std::chrono::seconds(1);
    }
  }
  const std::string account = account_name(object);
  Object made = Object::make(service_accounts().gvk(), {key.ns, account});
  made.set_label(api::label::kManaged, "true");
  made.add_owner(owner_of(object));
  made = TRY(kube::ensure_object(ctx, client_, service_accounts(), made, {}));
  const std::string role_name = api::safe_concat_name({account, "role"});
  Object role = make_role({key.ns, role_name},
                          {{std::string(api::kGroup), "clusterregistrations", {"create"}, {}}});
  role.add_owner(owner_of(object));
  TRY(kube::ensure_object(ctx, client_, roles(), role, {"rules"}));
  Object binding = make_binding({key.ns, api::safe_concat_name({account, "to", "role"})},
                                "Role",
                                role_name,
                                {key.ns, account});
  binding.add_owner(owner_of(object));
  TRY(kube::ensure_object(ctx, client_, role_bindings(), binding, {"subjects"}));
  std::optional<Secret<>> secret = TRY(ensure_token(ctx, client_, made));
  if (!secret) return Requeue::after(kTokenWait);
  Object values = Object::make(secrets().gvk(), key);
  values.set({"type"}, api::secret_type::kClusterRegistrationValues);
  values.set_label(api::label::kManaged, "true");
  values.add_owner(owner_of(object));
  values.set({"data", "values"},
             codec::base64_encode(yaml::print(agent_values(hub_, object, secret->reveal()))));
  TRY(kube::ensure_object(ctx, client_, secrets(), values, {"data"}));
  token.status.secret_name = key.name;
  TRY(kube::write_status(ctx, client_, resource, object, api::to_value(token)["status"]));
  return left ? Requeue::after(*left) : Requeue::never();
}

}  // namespace fleet::controller
