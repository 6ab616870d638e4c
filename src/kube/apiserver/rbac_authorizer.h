// RBAC from the roles and bindings in the store, followed as they change.
#pragma once

#include <atomic>
#include <memory>

#include "kube/apiserver/core.h"
#include "kube/rbac/authorize.h"

namespace fleet::kube::apiserver {

rbac::User rbac_user(const Identity& user);
rbac::Request rbac_request(const Identity& user, const RequestInfo& info);

// Threads: all functions from any thread.
class RbacAuthorizer final : public Authorizer {
 public:
  // Reads what is there. Call it once, before anything else.
  Result<> start(const Context& ctx, store::Store& store);

  Decision authorize(const Context& ctx,
                     const Identity& user,
                     const RequestInfo& info) const override;
  // The rules as of now.
  std::shared_ptr<const rbac::RuleBook> book() const;

 private:
  void refresh() const;
  void apply(rbac::RuleBook& book, std::string_view key, const store::Entry* entry) const;
  Result<> load(const Context& ctx) const;

  store::Store* store_ = nullptr;
  mutable std::unique_ptr<store::Subscription> subscription_;  // whoever set `busy_` reads it
  mutable std::atomic<bool> changed_ = false;
  mutable std::atomic<bool> busy_ = false;
  mutable Guarded<std::shared_ptr<const rbac::RuleBook>> book_;
};

}  // namespace fleet::kube::apiserver
