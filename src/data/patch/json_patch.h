// JSON patch (RFC 6902), with the deviations and the words of evanphx/json-patch generation 4.
//
// That is what Kubernetes, kustomize and Fleet use. It differs from the RFC: negative indices count
// from the end, `replace` of a missing member creates it, `test` compares numbers as they are
// written (1 is not 1.0), `copy` of a missing member copies null.
//
// Numbers keep their text: parse documents and patches with json::Numbers::AsWritten.
// Limits: kMaxPointerParts in a pointer, kMaxPatchDepth levels of what is copied, kMaxCopiedValues
// in all copies of a patch together (60 operations would double a document 60 times). Errors:
// Invalid; a failed operation fails the whole patch and the document stays as it was. Pure.
// Threads: any.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::patch {

inline constexpr size_t kMaxPointerParts = 1'000;
inline constexpr int kMaxPatchDepth = 1'000;
inline constexpr size_t kMaxCopiedValues = 1'000'000;

// The patched document. Objects that were touched come out with sorted members.
Result<data::Value> apply_json_patch(const data::Value& document, const data::Value& patch);

// The same on texts; the answer is compact, with Go's escapes. An empty document stays empty.
Result<std::string> apply_json_patch_text(std::string_view document, std::string_view patch);

}  // namespace fleet::patch
