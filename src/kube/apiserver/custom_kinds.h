// Keeps the registry in step with the CustomResourceDefinitions.
#pragma once

#include <map>
#include <memory>

#include "kube/apiserver/core.h"
#include "kube/crd/structural.h"

namespace fleet::kube::apiserver {

inline constexpr std::string_view kCrdGroup = "apiextensions.k8s.io";
inline constexpr std::string_view kCrdPlural = "customresourcedefinitions";
inline constexpr std::string_view kCrdFinalizer = "customresourcecleanup.apiextensions.k8s.io";

bool is_crd_kind(const Served& served);

// What the admission of a CRD does: defaults, finalizer, the status that a server writes.
// Invalid in kube-apiserver's words when the definition cannot be used.
Reply<> admit_crd(const Call& call, const Registry& registry, data::Value& crd);

class CustomKinds final : public Observer {
 public:
  explicit CustomKinds(Registry& registry)
      : registry_(registry) {}

  void written(const Served& served, const data::Value& object, bool gone) override;
  // At start: all that the store has.
  Result<> load(const Context& ctx, store::Store& store);

 private:
  void serve(const data::Value& crd, store::Revision revision);

  Registry& registry_;
  Guarded<std::map<std::string, int64_t>> generations_;  // served now, by CRD
};

}  // namespace fleet::kube::apiserver
