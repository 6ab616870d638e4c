// Values under a schema: merge, compare, and the fields they set. Private to this room.
//
// As structured-merge-diff v6, `typed`. A null pointer is "not there"; a null value is a value.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/merge/field_set.h"
#include "kube/merge/schema.h"

namespace fleet::kube {

struct Comparison {
  FieldSet added;
  FieldSet removed;
  FieldSet modified;

  bool same() const { return added.empty() && removed.empty() && modified.empty(); }
  Comparison without(const FieldSet& fields) const {
    return {added.recursive_difference(fields),
            removed.recursive_difference(fields),
            modified.recursive_difference(fields)};
  }
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

enum class DuplicateItems { Refused, Allowed };

// Errors: Invalid: ".spec.x: field not declared in schema", "errors:\n  ...".
Result<> validate(const data::Value& value, const Type& type, DuplicateItems duplicates);
Result<FieldSet> to_field_set(const data::Value& value, const Type& type);
// The leaves of a value of no known type. A list item that is a map with a scalar `key`, `id` or
// `name` is found by those, any other by its index.
FieldSet guessed_field_set(const data::Value& value);
// `config` laid over `live`; null pointer: nothing there.
Result<data::Value> merge_typed(const data::Value* live,
                                const data::Value* config,
                                const Type& type);
Result<Comparison> compare_typed(const data::Value* before,
                                 const data::Value* after,
                                 const Type& type);
data::Value remove_items(const data::Value& value, const FieldSet& items, const Type& type);
// Only the items of the set, with what leads to them.
data::Value extract_items(const data::Value& value, const FieldSet& items, const Type& type);
// The set with whole values where the schema has since made a granular field atomic; nothing if the
// set fits as it is.
Result<std::optional<FieldSet>> reconcile_with_schema(const FieldSet& set, const Type& type);

// The path element of an item of an associative list.
Result<PathElement> item_element(const Schema& schema,
                                 const ListType& list,
                                 const data::Value& item);

// The alternative of an atom that fits the value; the atom itself if none does.
Atom deduce_atom(const Atom& atom, const data::Value* value);

}  // namespace fleet::kube
