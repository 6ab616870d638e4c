// What a tenant may do: a GitRepo, HelmOp or Bundle + restrictions → allowed, with defaults filled
// in, or why not.
//
// As Fleet 0.16. Errors: Forbidden, in Fleet's words:
// "disallowed serviceAccount x: x not in allowed set [a b]". Lists are in order of objects' names.
// Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/helmop.h"
#include "fleet/api/policy.h"

namespace fleet::policy {

// Several as one: flags are ORed, the first default counts, lists are joined.
api::Policy aggregate(std::span<const api::Policy> policies);
api::GitRepoRestriction aggregate(std::span<const api::GitRepoRestriction> restrictions);

// Fills in a GitRepo's default account and client secret, then checks it.
Result<> authorize(api::GitRepoSpec& repo,
                   std::span<const api::GitRepoRestriction> restrictions,
                   std::span<const api::Policy> policies);
// The same for a HelmOp (in memory; the HelmOp itself keeps what it said).
Result<> authorize(api::HelmOpSpec& helm_op, std::span<const api::Policy> policies);
// Checks alone: the root's account and each target's.
Result<> authorize(const api::BundleSpec& bundle, std::span<const api::Policy> policies);

}  // namespace fleet::policy
