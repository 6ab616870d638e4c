// Walking to the places that a field spec names, and doing something there.
//
// A path has "/" between names ("\/" is a slash in a name). Lists are entered by themselves; a name
// that ends in "[]" must be a list and is never made.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace fleet::kustomize {

using Setter = std::function<Result<>(yaml::Node&)>;

// What is made at the end of a path that is not there, if the spec says "create".
enum class Make { Nothing, Scalar, Map, List };

std::vector<std::string> split_path(std::string_view path);

// Applies `set` at the places of `spec` in the resource, if its kind is the spec's.
// Errors: "considering field 'a/b' of object Kind.v1.g/n.ns: expected sequence or mapping node".
Result<> apply_spec(Resource& resource, const FieldSpec& spec, Make make, const Setter& set);
Result<> apply_specs(Resource& resource, const FieldSpecs& specs, Make make, const Setter& set);

// The same for a path split beforehand, in a node of any kind.
Result<> walk(yaml::Node& node,
              const std::vector<std::string>& path,
              size_t from,
              bool create,
              Make make,
              const Setter& set);

}  // namespace fleet::kustomize
