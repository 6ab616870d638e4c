// JSON Schema: drafts 4, 6, 7, 2019-09 and 2020-12, with the error texts that Helm prints.
//
// As santhosh-tekuri/jsonschema 6.0.2: the draft is what `$schema` says, 2020-12 without it.
// `format` is asserted in drafts up to 7 and left alone in later ones, as in the original.
// A schema is compiled once and used for any number of documents.
//
//   auto schema = TRY(Schema::compile(text, {.base = "file:///values.schema.json"}));
//   Result<> valid = schema.validate(values);   // "at '/age': minimum: got -5, want 0"
//
// Errors: Invalid. Of `validate`: one line for each cause, "- at 'POINTER': MESSAGE", indented
// under the one it belongs to; lines of one parent are sorted, where the original leaves them to
// chance. Limits: kMaxSchemaDepth keywords inside each other, while compiling and while validating.
// Pure: documents named by `$ref` come through `load`. Threads: const access from any number.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::schema {

inline constexpr int kMaxSchemaDepth = 500;
inline constexpr size_t kMaxPatternParts = 500'000;  // of all regular expressions of a schema

// Answers for another document, by its absolute URL without a fragment.
using Load = std::function<Result<data::Value>(const std::string& url)>;

struct Options {
  std::string base = "file:///schema.json";
  Load load;  // null: nothing but the metaschemas can be referred to
};

class Schema {
 public:
  // The text must be JSON; numbers keep their precision.
  static Result<Schema> compile(std::string_view text, const Options& options);

  // Errors: the whole text, first line "jsonschema validation failed with 'BASE#'".
  Result<> validate(const data::Value& document) const;

  struct Program;  // node.h

 private:
  std::shared_ptr<const Program> program_;
};

}  // namespace fleet::schema
