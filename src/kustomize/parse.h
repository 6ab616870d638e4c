// Texts of resources → resources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kustomize/resource.h"

namespace fleet::kustomize {

// The objects of a text: documents split at "---", lists expanded, aliases followed.
// Errors: Invalid: "MalformedYAMLError: yaml: line 2: ...", "missing metadata.name in object
// {...}".
Result<std::vector<Resource>> parse_resources(std::string_view text);

// True for an error that says the text is no YAML.
bool is_malformed_yaml(const Error& error);
// Adds " in File: path" to such an error.
Error in_file(Error error, std::string_view path);

}  // namespace fleet::kustomize
