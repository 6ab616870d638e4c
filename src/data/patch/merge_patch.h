// JSON merge patch (RFC 7396): apply, create, and the three-way patch of apimachinery.
//
// As evanphx/json-patch generation 4: values put where nothing was lose their nulls at every depth;
// a created patch compares numbers as doubles, so 1.0 and 1 are equal.
// Errors: Invalid: "Invalid JSON Document", "Invalid JSON Patch", "Mismatched JSON Documents".
// Pure. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::patch {

// `patch` applied to `document`. An array patch over or into something that is no object is the
// answer.
Result<data::Value> apply_merge_patch(const data::Value& document, const data::Value& patch);
Result<std::string> apply_merge_patch_text(std::string_view document, std::string_view patch);

// The patch that makes `modified` of `original`: {} if they are equal.
Result<data::Value> create_merge_patch(const data::Value& original, const data::Value& modified);
Result<std::string> create_merge_patch_text(std::string_view original, std::string_view modified);

// What changed from `current` to `modified`, and what was in `original` but is no longer in
// `modified`. Null counts as an empty object. Errors: Conflict when the two disagree in structure.
Result<data::Value> three_way_merge_patch(const data::Value& original,
                                          const data::Value& modified,
                                          const data::Value& current);

}  // namespace fleet::patch
