// The discovery documents: which groups, versions and resources there are.
//
// Both forms: one document per group and version, and the aggregated list (v2 and v2beta1) that
// newer clients ask for with their Accept header. Pure: from a catalog to documents.
#pragma once

#include <optional>

#include "kube/apiserver/registry.h"
#include "kube/apiserver/request.h"

namespace fleet::kube::apiserver {

// Nothing when `path` is no discovery document.
std::optional<Response> discovery(const Catalog& catalog,
                                  std::string_view path,
                                  const http::Headers& headers,
                                  std::string_view server_address);

}  // namespace fleet::kube::apiserver
