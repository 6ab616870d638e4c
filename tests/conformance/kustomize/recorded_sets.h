// How the tables smd_* write documents, paths, sets, managers and types.
#pragma once

#include <string>
#include <string_view>

#include "data/value/value.h"
#include "kube/merge/owners.h"

namespace fleet::conformance {

// A document of a table, without the tabs it is indented with.
Result<data::Value> indented_document(std::string_view text);

kube::PathElement element_of(const data::Value& recorded);
kube::FieldPath path_of(const data::Value& recorded);
kube::FieldSet set_of(const data::Value& recorded);
kube::Owners owners_of(const data::Value& recorded);

// Managers, their versions and their paths; whether they applied is left out (see `run_ops`).
std::string owners_text(const kube::Owners& owners);

// A type of a schema in text.
Result<kube::Type> type_in(std::string_view schema, std::string_view root);

}  // namespace fleet::conformance
