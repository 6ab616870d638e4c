// Plain YAML read in one pass, straight into a value. Private to this room.
//
// Nine tenths of the YAML that meets us is plain: block maps and lists, scalars on one line,
// literal blocks, flow collections on one line. For those the road over tokens and a syntax tree
// costs ten times what is needed. This reader takes that subset and nothing else: at anything
// unusual (anchors, tags, merge keys, tabs, "? " keys, directives, several documents, numbers such
// as .inf, whatever is wrong) it gives up, and the caller takes the long road, which has all rules
// and all error texts. So it has no errors, and what it answers is what the long road would have
// answered (the tests compare the two over tables, charts and mutated texts).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "data/value/value.h"
#include "data/yaml/node.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {

// The value of a text with one document, or nothing: not plain. If `members` are named, those
// members of the document's map that none of the names fits, whatever the case, are read but not
// kept. Limits: 64 levels, keys of 512 bytes; what is beyond is not plain.
std::optional<data::Value> read_plain(std::string_view text,
                                      Duplicates duplicates,
                                      std::span<const std::string_view> members = {});

// The tree of such a text as parse_node answers it, less the position of the document; a comment is
// not plain here.
std::optional<Node> read_plain_node(std::string_view text);

}  // namespace fleet::yaml
