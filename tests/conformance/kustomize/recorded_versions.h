// The types of a recorded smd case, and its way between versions.
//
// A row of Ops names its parser. It does not name its converter, which is code in upstream's tests
// and belongs to the table: two tables have one; in all others the versions have one form.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "data/value/value.h"
#include "kube/merge/versions.h"

namespace fleet::conformance {

// The versions of the rows of `table` under a recorded parser (null: types are deduced).
std::unique_ptr<kube::Versions> recorded_versions(std::string_view table,
                                                  const data::Value& parser);

// The parser of a row: the one that the table names and the file gives. The schema of
// TestFieldLevelOverrides is a local variable upstream and did not come into the recording; the
// row's name and object say what it overrides, and this gives that.
data::Value recorded_parser(const data::Value& file,
                            std::string_view table_name,
                            const data::Value& table,
                            const data::Value& row);

}  // namespace fleet::conformance
