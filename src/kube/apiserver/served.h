// A resource as this server serves it, and the rules of its kind.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "data/value/value.h"
#include "kube/apiserver/reply.h"
#include "kube/merge/schema.h"
#include "kube/meta/column.h"
#include "kube/meta/gvk.h"
#include "kube/meta/names.h"
#include "kube/meta/status.h"

namespace fleet::kube::apiserver {

// What documents of a kind must obey. One for built-in kinds, one for those that CRDs define.
// Objects are in the version that the rules belong to. Threads: const, any thread.
class Rules {
 public:
  virtual ~Rules() = default;

  // Drops what the schema does not know, and names it: `unknown field "spec.x"`. BadRequest for
  // what cannot be read at all (a built-in kind's field of another type).
  virtual Result<> read(data::Value& object, std::vector<std::string>& unknown) const = 0;
  virtual void set_defaults(data::Value& object) const = 0;
  // Metadata is checked elsewhere. `old` is null for a creation.
  virtual FieldErrors validate(const data::Value& object, const data::Value* old) const = 0;
  virtual Complaints check_name(std::string_view name) const = 0;

  virtual bool counts_generations() const = 0;
  // Whether an update without resourceVersion is let through (built-in kinds).
  virtual bool allows_unconditional_update() const = 0;

  virtual std::vector<Column> columns() const = 0;
  virtual std::vector<data::Value> cells(const data::Value& object, TimePoint now) const = 0;
  // The text of a field that selectors may name beside metadata.name and metadata.namespace;
  // nothing when the kind does not offer it.
  virtual std::optional<std::string> selectable(const data::Value& object,
                                                std::string_view field) const = 0;

  // How its fields are owned and merged by server-side apply.
  virtual Type merge_type() const = 0;

  // The stored form of an object and back; the same document for most.
  virtual bool stored_as_is() const { return true; }
  virtual data::Value to_storage(data::Value object) const { return object; }
  virtual data::Value from_storage(data::Value object) const { return object; }
};

// Where a scale subresource finds its numbers, as dotted paths ("spec.replicas").
struct ScalePaths {
  std::string spec_replicas;
  std::string status_replicas;
  std::string selector;  // may be empty
};

// A subresource beside status and scale, as discovery shows it.
struct Subresource {
  std::string name;
  GroupVersionKind kind;
  std::vector<std::string> verbs;
};

struct Served {
  Resource resource;
  std::string list_kind;
  std::string singular;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<std::string> verbs;
  bool has_status = false;  // only the subresource writes it
  std::optional<ScalePaths> scale;
  std::vector<Subresource> more_subresources;
  std::vector<Subresource> subresources() const;  // all of them, by name
  std::string root;                               // of its keys in the store: "apps/deployments/"
  bool is_virtual = false;                        // nothing is stored: reviews
  bool is_custom = false;
  std::string crd_name;    // if custom
  std::string schema_tag;  // another one for every other schema; empty for built-in kinds
  std::shared_ptr<const Rules> rules;

  bool can(std::string_view verb) const;
  std::string group_resource() const { return resource.gvr.group_resource(); }
  std::string key(std::string_view ns, std::string_view name) const;
  // Keys of one namespace, or of all when `ns` is empty.
  std::string prefix(std::string_view ns) const;
};
using ServedPtr = std::shared_ptr<const Served>;

}  // namespace fleet::kube::apiserver
