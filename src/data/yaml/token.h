// The words of YAML: what the scanner hands to the composer. Private to this room.
#pragma once

#include <cstdint>
#include <string>

#include "data/yaml/node.h"

namespace fleet::yaml {

// v2 and v3 of go-yaml differ in a few places; V3 also keeps comments.
enum class Dialect : uint8_t { V2, V3 };

// A place in the text. index counts characters, line and column count from 0.
struct Mark {
  int64_t index = 0;
  int32_t line = 0;
  int32_t column = 0;
};

enum class TokenType : uint8_t {
  StreamStart,
  StreamEnd,
  VersionDirective,
  TagDirective,
  DocumentStart,
  DocumentEnd,
  BlockSequenceStart,
  BlockMappingStart,
  BlockEnd,
  FlowSequenceStart,
  FlowSequenceEnd,
  FlowMappingStart,
  FlowMappingEnd,
  BlockEntry,
  FlowEntry,
  Key,
  Value,
  Alias,
  Anchor,
  Tag,
  Scalar,
};

struct Token {
  TokenType type = TokenType::StreamStart;
  Style style = 0;   // of a scalar
  int8_t major = 0;  // of a version directive
  int8_t minor = 0;
  Mark start;
  Mark end;
  std::string value;   // scalar text, anchor name, tag handle, directive handle
  std::string suffix;  // tag suffix, directive prefix
};

// Why a text is not YAML. `scanner` problems count their line one further than parser problems.
struct Problem {
  bool found = false;
  bool scanner = false;
  std::string text;
  Mark context;
  Mark mark;
};

// A comment waiting to be attached to the token at or behind `token`.
struct Comment {
  Mark scan;   // where the search for it began
  Mark token;  // the token it belongs to
  Mark start;
  Mark end;
  std::string head;
  std::string line;
  std::string foot;
};

}  // namespace fleet::yaml
