// Both sides of a comparison, brought to one form before they are compared. Pure.
#pragma once

#include <span>

#include "data/value/value.h"
#include "fleet/api/options.h"
#include "kube/meta/object.h"

namespace fleet::monitor {

// True for kinds that the Go client knows as types: they are merged strategically and have
// defaults. CustomResourceDefinition is not one of them here, as in the original.
bool is_typed(const kube::Object& object);

// As Fleet 0.16 with the vendored Argo CD engine: what the round trip through the Go type changes
// (quantities, empty lists), status and creationTimestamp, stringData, empty roles, caBundles that
// are filled in later, and then what the bundle's compare patches take away.
data::Value normalise(const data::Value& object, std::span<const api::ComparePatch> patches);

// A live webhook configuration's caBundle is cleared where the desired one is just a newline.
void clear_ca_bundles(const data::Value& desired, data::Value& live);

// Kubernetes' defaults, for typed kinds. As kube-apiserver 1.36.
void set_defaults(data::Value& object);

}  // namespace fleet::monitor
