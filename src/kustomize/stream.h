// A stream of documents as trees: read, annotate, print, with comments and styles kept.
//
// As kyaml's kio (v0.21.1): ParseAll and StringAll, which Helm puts around a post-renderer.
// Documents that are null are left out; a single List gives way to its items. Errors: Invalid, with
// the original's text: "wrong node kind: expected MappingNode but got SequenceNode: node contents:
// ...", "MalformedYAMLError: yaml: line 2: ...".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/yaml/node.h"

namespace fleet::kustomize {

// The texts between separators, each with its last newline; what stands behind "---" must be blank
// or a comment. Lifetime: into `text`.
Result<std::vector<std::string_view>> split_stream(std::string_view text);

// Every document, or every item of a single List. Each document is annotated with its index, as
// print_stream takes off again; that shows where metadata is no map.
Result<std::vector<yaml::Node>> read_stream(std::string_view text);
Result<std::string> print_stream(std::vector<yaml::Node> nodes);

// Sets an annotation, quoted; the annotations are made if there are none.
Result<> annotate(yaml::Node& node, std::string_view name, std::string_view value);
Result<> clear_annotation(yaml::Node& node, std::string_view name);
// Errors: "missing Resource metadata" for what has neither kind, apiVersion, name, labels nor
// annotations.
Result<> check_metadata(const yaml::Node& node);

}  // namespace fleet::kustomize
