// The smaller chores of the server.
#pragma once

#include <memory>
#include <string>

#include "kube/apiserver/chore.h"
#include "kube/apiserver/tokens.h"
#include "kube/client/client.h"

namespace fleet::kube::apiserver {

// Empties namespaces that are being deleted, then lets them go.
std::unique_ptr<Chore> make_namespace_cleaner(Core& core, Client& client);
// Deletes the objects of CRDs that are being deleted, then lets the CRD go.
std::unique_ptr<Chore> make_crd_cleaner(Core& core, Client& client);
// In every namespace: the account "default", the ConfigMap kube-root-ca.crt; tokens in Secrets of
// type kubernetes.io/service-account-token, as long as their account lives.
std::unique_ptr<Chore> make_account_keeper(Client& client,
                                           const TokenService& tokens,
                                           std::string ca_pem);
// Fills ClusterRoles that have an aggregationRule.
std::unique_ptr<Chore> make_role_aggregator(Client& client);
// Deletes Events that were last seen `ttl` ago.
std::unique_ptr<Chore> make_event_expiry(Core& core, Client& client, Duration ttl);

// The resources that the chores speak of.
Resource core_resource(std::string_view plural, std::string_view kind, bool namespaced = true);

}  // namespace fleet::kube::apiserver
