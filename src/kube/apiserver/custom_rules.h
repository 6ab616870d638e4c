// The kinds that CustomResourceDefinitions define, as this server serves them.
#pragma once

#include <vector>

#include "kube/apiserver/served.h"
#include "kube/crd/structural.h"

namespace fleet::kube::apiserver {

// One for each served version.
std::vector<ServedPtr> serve_custom(const std::shared_ptr<const crd::Definition>& definition);

// The definition and version behind a custom kind; null for built-in ones.
struct CustomKind {
  std::shared_ptr<const crd::Definition> definition;
  const crd::Version* version = nullptr;
};
CustomKind custom_kind(const Served& served);

}  // namespace fleet::kube::apiserver
