// OpenAPI pieces for the kinds that an API server serves.
//
// From schemas to the documents that kubectl reads: v3 per group and version, v2 as a whole. The
// server joins the pieces. Pure.
#pragma once

#include <string>
#include <string_view>

#include "data/value/value.h"
#include "kube/crd/structural.h"

namespace fleet::kube::crd {

// "io.cattle.fleet.v1alpha1.GitRepo": the name of a kind's definition.
std::string definition_name(std::string_view group,
                            std::string_view version,
                            std::string_view kind);

// The kind's schema for OpenAPI v3: with apiVersion, kind, metadata, and
// x-kubernetes-group-version-kind.
data::Value openapi_v3_schema(const Definition& definition, const Version& version);
// The same for v2: no nullable, oneOf, anyOf, not; int-or-string without a type.
data::Value openapi_v2_schema(const Definition& definition, const Version& version);

}  // namespace fleet::kube::crd
