// What does not fit a schema, with the path to it. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/strings.h"
#include "kube/merge/field_set.h"
#include "kube/merge/schema.h"

namespace fleet::kube {

struct Problem {
  std::string path;
  std::string message;

  std::string text() const { return path.empty() ? message : cat(path, ": ", message); }
};
using Problems = std::vector<Problem>;

Problems problem(std::string text);
Problems missing_type(const TypeRef& type);
Problems invalid_atom(const TypeRef& type);
void append(Problems& to, Problems more);
// The same below an element of the path.
void append(Problems& to, Problems more, const PathElement& below);
// One problem as it is, several below "errors:".
Error to_error(const Problems& problems);

Problems validate_scalar(Scalar scalar, const data::Value* value, std::string_view side);

}  // namespace fleet::kube
