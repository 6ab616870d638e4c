// Strategic merge patch: apply it, make it from two documents, or from three.
//
// As Kubernetes 1.36 (apimachinery, with client-go's struct tags): maps merge, lists are replaced
// unless the type says that they merge by a key or as a set; directives `$patch`, `$retainKeys`,
// `$setElementOrder/f` and `$deleteFromPrimitiveList/f` steer it. Kinds that are not built in have
// no tags: use JSON merge patch for them. kustomize has a dialect of its own, in `kustomize`.
//
// Errors: Invalid, with the original's text. Pure. Threads: any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/meta/gvk.h"

namespace fleet::kube {

// How a field takes part in patches.
struct PatchMeta {
  std::string merge_key;
  bool merge = false;        // a list that merges, by merge_key or as a set
  bool replace = false;      // a map that is replaced
  bool retain_keys = false;  // a diff lists the keys that stay
};

// The tags of one struct; a place in a type. Free maps and opaque values know no fields.
class PatchSchema {
 public:
  virtual ~PatchSchema() = default;
  struct Field {
    std::shared_ptr<const PatchSchema> below;  // of the member, or of the list's items
    PatchMeta meta;
  };
  // Errors: Invalid: "unable to find api field in struct PodSpec for the json field \"x\"".
  virtual Result<Field> map_field(std::string_view name) const = 0;
  virtual Result<Field> list_field(std::string_view name) const = 0;
};
using PatchSchemaRef = std::shared_ptr<const PatchSchema>;

// The tags of a built-in kind (CustomResourceDefinition is not one); null for other kinds.
PatchSchemaRef patch_schema(const GroupVersionKind& gvk);
// A schema in the table's own form: {"types": {NAME: {FIELD: {ref|list|map|opaque, strategy,
// key}}}}.
PatchSchemaRef patch_schema_of(const data::Value& table, std::string_view root);

// The patched object. Nulls of the patch that match nothing are dropped.
Result<data::Value> apply_strategic(const data::Value& live,
                                    const data::Value& patch,
                                    const PatchSchema& schema);

// The patch that makes `modified` of `original`.
Result<data::Value> diff_strategic(const data::Value& original,
                                   const data::Value& modified,
                                   const PatchSchema& schema);

enum class Overwrite { No, Yes };

// Changes from `current` to `modified` plus deletions from `original` to `modified`. Null counts as
// {}. Errors: Conflict with Overwrite::No when `current` changed what the patch changes.
Result<data::Value> three_way_strategic(const data::Value& original,
                                        const data::Value& modified,
                                        const data::Value& current,
                                        const PatchSchema& schema,
                                        Overwrite overwrite = Overwrite::Yes);

}  // namespace fleet::kube
