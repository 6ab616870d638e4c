// YAML documents as values: read and printed exactly as Kubernetes tools do it.
//
// Reading follows sigs.k8s.io/yaml 1.6 over go-yaml v2: YAML 1.1 scalars (y, on, no are booleans,
// 010 is eight), merge keys, anchors, the last of two equal keys wins unless `Duplicates::Refused`.
// Numbers come out as int64, uint64 or double; timestamps stay strings; keys become strings.
// For comments, quoting and order see node.h.
//
// Errors: Invalid, with the original's text: "yaml: line 3: did not find expected key".
// Limits: limits.h. Pure. Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::yaml {

enum class Duplicates { LastWins, Refused };

// The first document of the text; null for an empty one. What follows the first document is not
// read. As YAMLToJSON and, with Duplicates::Refused, YAMLToJSONStrict.
Result<data::Value> parse(std::string_view text, Duplicates duplicates = Duplicates::LastWins);

// The same for data::decode_yaml (data/fields/from_yaml.h): .inf and .nan, for which JSON has no
// text and which parse() refuses, come out as numbers, since a struct may want their text.
// If `members` are named, other members of the document's map may be left out (they are still
// checked): for who wants the head of a long document.
Result<data::Value> parse_for_fields(std::string_view text,
                                     std::span<const std::string_view> members = {});

// Every document of a stream as k8s.io/apimachinery's YAMLReader cuts it: at lines that begin with
// "---", behind which only blanks or a comment may stand. Null documents are left out.
Result<std::vector<data::Value>> parse_all(std::string_view text);

// The objects of a stream as wrangler's yaml.ToObjects gives them: null documents left out, lists
// (whatever has a member `items`) replaced by their items. An item that says neither kind nor
// apiVersion gets those of its list, without "List"; other items are taken as they are, so one may
// have no kind. A document that begins with "{" is read as JSON, so {a: b} is an error.
// Errors: a document that is no map, or one without a kind, in the texts of the original.
Result<std::vector<data::Value>> to_objects(std::string_view text);

// The texts between document separators, as the reader above cuts them.
// Errors: Invalid, "invalid Yaml document separator: x".
Result<std::vector<std::string_view>> split_documents(std::string_view text);

// As sigs.k8s.io/yaml Marshal and JSONToYAML: keys in go-yaml's natural order, lists not indented
// under their key, long lines folded at 80 columns. Ends with a newline.
std::string print(const data::Value& value);

// JSON text to YAML text, as JSONToYAML: the JSON is read as YAML, so 1e6 stays a float ("1e+06").
Result<std::string> json_to_yaml(std::string_view json);

// As Helm's toYamlPretty: go-yaml v3 with an indent of two. Keys in v3's natural order.
std::string print_pretty(const data::Value& value);

// The order of keys in print(): digits as numbers, letters after other characters.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace fleet::yaml
