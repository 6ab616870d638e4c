// The built-in tables: scopes, default field specs, and the OpenAPI schema. Private.
//
// Packed in fieldspecs_table.cc and openapi_table.cc by scripts/pack_table.py from data/*.json;
// each is unpacked at its first use.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "data/value/value.h"

namespace fleet::kustomize {

std::string_view packed_fieldspecs();
std::string_view packed_openapi();

// {namePrefix: [{path, group, version, kind, create}], ..., clusterScoped: [...], namespaced:
// [...]}.
const data::Value& fieldspecs_table();
// {defs: {TYPE: {FIELD: {ref|list|map, strategy, key, keys}}}, gvk: {"apps/v1 Deployment": TYPE}}.
const data::Value& openapi_table();

struct Scopes {
  std::unordered_set<std::string> cluster;  // "apps/v1 Deployment"
  std::unordered_set<std::string> namespaced;
  std::unordered_set<std::string_view> cluster_kinds;  // the kinds of `cluster`, into its texts

  bool has_cluster(std::string_view api_version, std::string_view kind) const;
};
const Scopes& scope_table();

}  // namespace fleet::kustomize
