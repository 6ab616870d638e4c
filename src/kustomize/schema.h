// KustomizeSchema: which lists merge by which keys, as kustomize's strategic merge sees it.
//
// The built-in schema is Kubernetes 1.21; an OpenAPI document of the user replaces it for one
// build.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kustomize/id.h"

namespace fleet::kustomize {

class KustomizeSchema {
 public:
  // A place in a type. No type: nothing is known.
  class Place {
   public:
    Place() = default;
    bool known() const { return schema_ != nullptr; }
    Place field(std::string_view name) const;
    Place items() const;
    // Keys by which a list's items are matched; empty for sets and for lists that are replaced.
    bool merges() const;
    std::vector<std::string> keys() const;

   private:
    friend class KustomizeSchema;
    Place(const KustomizeSchema* schema, data::Value type)
        : schema_(schema),
          type_(std::move(type)) {}
    const KustomizeSchema* schema_ = nullptr;
    data::Value type_;
  };

  KustomizeSchema();
  // Of a swagger 2.0 document, JSON or YAML. Errors: Invalid.
  static Result<KustomizeSchema> of_document(std::string_view text);

  Place of(std::string_view api_version, std::string_view kind) const;
  // Cluster-scoped by the document's paths. The built-in table wins over it.
  bool is_cluster_scoped(const Gvk& gvk) const;

 private:
  data::Value defs_;  // in the table's form
  data::Value gvks_;
  data::Value cluster_;  // {"group/version Kind": true}
};

}  // namespace fleet::kustomize
