#include "controller/reconcilers/service_account.h"

#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "fleet/api/labels.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

using data::Value;

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";

Value strings(const std::vector<std::string>& texts) {
  Value out = Value::array();
  for (const std::string& text : texts)
    out.push_back(text);
  return out;
}

kube::Resource rbac(std::string resource, std::string kind, bool namespaced) {
  return {{std::string(kRbac), "v1", std::move(resource)}, std::move(kind), namespaced};
}

}  // namespace

kube::Resource service_accounts() {
  return {{"", "v1", "serviceaccounts"}, "ServiceAccount", true};
}
kube::Resource secrets() {
  return {{"", "v1", "secrets"}, "Secret", true};
}
kube::Resource roles() {
  return rbac("roles", "Role", true);
}
kube::Resource role_bindings() {
  return rbac("rolebindings", "RoleBinding", true);
}
kube::Resource cluster_role_bindings() {
  return rbac("clusterrolebindings", "ClusterRoleBinding", false);
}

std::optional<Secret<>> token_in(const kube::Object& secret) {
  Result<std::string> token = codec::base64_decode(secret.at({"data", "token"}).as_string());
  if (!token.ok() || token->empty()) return std::nullopt;
  return Secret<>(std::move(token).value());
}

Result<std::optional<Secret<>>> ensure_token(const Context& ctx,
                                             kube::Client& client,
                                             const kube::Object& account) {
  const kube::Key key{std::string(account.ns()), cat(account.name(), "-token")};
  Result<kube::Object> live = client.get(ctx, secrets(), key);
  if (live.ok()) return token_in(*live);
  if (live.error().code() != Code::NotFound) return std::move(live).error();
  kube::Object secret = kube::Object::make(secrets().gvk(), key);
  secret.set({"type"}, "kubernetes.io/service-account-token");
  secret.set_label(api::label::kManaged, "true");
  secret.set_annotation("kubernetes.io/service-account.name", account.name());
  secret.add_owner(kube::OwnerReference{"v1",
                                        "ServiceAccount",
                                        std::string(account.name()),
                                        std::string(account.uid()),
                                        false,
                                        false});
  Result<kube::Object> made = client.create(ctx, secrets(), secret);
  if (!made.ok() && made.error().code() != Code::AlreadyExists) return std::move(made).error();
  if (!made.ok()) return std::optional<Secret<>>();
  return token_in(*made);
}

kube::Object make_role(const kube::Key& key, const std::vector<Rule>& rules) {
  kube::Object role = kube::Object::make(roles().gvk(), key);
  Value list = Value::array();
  for (const Rule& rule : rules) {
    Value entry = Value::object({{"verbs", strings(rule.verbs)},
                                 {"apiGroups", strings({rule.group})},
                                 {"resources", strings({rule.resource})}});
    if (!rule.names.empty()) entry.set("resourceNames", strings(rule.names));
    list.push_back(std::move(entry));
  }
  role.set({"rules"}, std::move(list));
  role.set_label(api::label::kManaged, "true");
  return role;
}

kube::Object make_binding(const kube::Key& key,
                          std::string_view role_kind,
                          std::string_view role,
                          const Subject& subject) {
  const kube::Resource resource = key.ns.empty() ? cluster_role_bindings() : role_bindings();
  kube::Object binding = kube::Object::make(resource.gvk(), key);
  binding.set(
      {"subjects"},
      Value::array({Value::object(
          {{"kind", "ServiceAccount"}, {"name", subject.name}, {"namespace", subject.ns}})}));
  binding.set({"roleRef"},
              Value::object({{"apiGroup", kRbac}, {"kind", role_kind}, {"name", role}}));
  binding.set_label(api::label::kManaged, "true");
  return binding;
}

}  // namespace fleet::controller
