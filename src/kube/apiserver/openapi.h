// The OpenAPI documents that kubectl reads: v3 per group and version, v2 as JSON and as protobuf.
//
// Made when asked for. v3 documents have a hash in their address, so that clients keep them for
// ever; it is made of what goes into the document. The v2 documents, which clients fetch again and
// again, are kept until the registry changes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "kube/apiserver/registry.h"
#include "kube/apiserver/request.h"
#include "sys/guarded.h"

namespace fleet::kube::apiserver {

// One group and version as an OpenAPI 3.0 document: its kinds' schemas, and of the paths what
// clients look for (kinds, verbs, the parameter fieldValidation).
data::Value openapi_v3(const Catalog& catalog,
                       const std::string& group,
                       const std::string& version);
// All groups as a Swagger 2.0 document.
data::Value openapi_v2(const Catalog& catalog);
// A Swagger 2.0 document in the protobuf form of gnostic's openapi.v2.Document.
std::string gnostic_v2(const data::Value& swagger);

// Threads: all functions from any thread.
class OpenApi {
 public:
  explicit OpenApi(const Registry& registry)
      : registry_(registry) {}

  // Nothing when there is no such document.
  std::optional<Response> answer(const Request& request) const;

 private:
  struct Documents {
    uint64_t generation = 0;
    std::map<std::string, std::shared_ptr<const std::string>> texts;  // by path
  };
  std::shared_ptr<const std::string> text(const std::string& path,
                                          uint64_t generation,
                                          const std::function<std::string()>& make) const;
  std::optional<Response> v3(const Request& request) const;
  Response v2(const Request& request) const;

  const Registry& registry_;
  mutable Guarded<Documents> documents_;
};

}  // namespace fleet::kube::apiserver
