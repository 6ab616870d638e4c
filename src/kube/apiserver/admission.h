// What is checked and filled in before a write, beyond the rules of its kind: the life of
// namespaces, accounts of pods, CRDs, and that nobody grants what they do not have.
#pragma once

#include "kube/apiserver/core.h"
#include "kube/apiserver/rbac_authorizer.h"

namespace fleet::kube::apiserver {

class StandardAdmission final : public Admission {
 public:
  // `core` is complete when the first call comes.
  StandardAdmission(const Core& core, const RbacAuthorizer& rbac)
      : core_(core),
        rbac_(rbac) {}

  Reply<> admit(const Call& call, data::Value* object, const data::Value* old) const override;

 private:
  Reply<> check_namespace(const Call& call) const;
  Reply<> check_grants(const Call& call, const data::Value& object) const;

  const Core& core_;
  const RbacAuthorizer& rbac_;
};

}  // namespace fleet::kube::apiserver
