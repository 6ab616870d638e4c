#include "kustomize/tables.h"

#include "base/check.h"
#include "base/strings.h"
#include "codec/gzip.h"
#include "data/json/parse.h"

namespace fleet::kustomize {
namespace {

data::Value unpack(std::string_view packed) {
  auto text = codec::gunzip(packed);
  CHECK(text.ok());
  auto table = json::parse(*text);
  CHECK(table.ok());
  return std::move(*table);
}

}  // namespace

const data::Value& fieldspecs_table() {
  static const data::Value kTable = unpack(packed_fieldspecs());
  return kTable;
}

const data::Value& openapi_table() {
  static const data::Value kTable = unpack(packed_openapi());
  return kTable;
}

const Scopes& scope_table() {
  static const Scopes kScopes = [] {
    Scopes scopes;
    for (const data::Value& kind : fieldspecs_table()["clusterScoped"].items()) {
      const std::string& text = *scopes.cluster.insert(kind.to_string()).first;
      scopes.cluster_kinds.insert(std::string_view(text).substr(text.find(' ') + 1));
    }
    for (const data::Value& kind : fieldspecs_table()["namespaced"].items()) {
      scopes.namespaced.insert(kind.to_string());
    }
    return scopes;
  }();
  return kScopes;
}

// Most kinds are in no such group at all: that is cheaper to see.
bool Scopes::has_cluster(std::string_view api_version, std::string_view kind) const {
  return cluster_kinds.contains(kind) && cluster.contains(cat(api_version, " ", kind));
}

}  // namespace fleet::kustomize
