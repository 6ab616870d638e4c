// Service accounts made for agents, and the tokens they log in with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "kube/client/client.h"

namespace fleet::controller {

kube::Resource service_accounts();
kube::Resource secrets();
kube::Resource roles();
kube::Resource role_bindings();
kube::Resource cluster_role_bindings();

// The token of a service account, from the Secret "NAME-token" that is made beside it when missing.
// Nothing while the API server has not filled it.
std::optional<Secret<>> token_in(const kube::Object& secret);
Result<std::optional<Secret<>>> ensure_token(const Context& ctx,
                                             kube::Client& client,
                                             const kube::Object& account);

// One rule of a Role.
struct Rule {
  std::string group;
  std::string resource;
  std::vector<std::string> verbs;
  std::vector<std::string> names;  // empty: all
};
kube::Object make_role(const kube::Key& key, const std::vector<Rule>& rules);

struct Subject {
  std::string ns;
  std::string name;  // of a service account
};
// Of a RoleBinding, or of a ClusterRoleBinding when the key has no namespace. `role` is "Role" or
// "ClusterRole".
kube::Object make_binding(const kube::Key& key,
                          std::string_view role_kind,
                          std::string_view role,
                          const Subject& subject);

}  // namespace fleet::controller
