#include "kustomize/tables.h"

#include "base/check.h"
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
      scopes.cluster.insert(kind.to_string());
    }
    for (const data::Value& kind : fieldspecs_table()["namespaced"].items()) {
      scopes.namespaced.insert(kind.to_string());
    }
    return scopes;
  }();
  return kScopes;
}

}  // namespace fleet::kustomize
