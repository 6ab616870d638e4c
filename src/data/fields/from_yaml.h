// Reading YAML into structs, as sigs.k8s.io/yaml 1.6 does it.
//
//   auto chart = TRY(data::decode_yaml<Metadata>(yaml::parse_for_fields(text)));
//
// The document is first turned into the JSON that the struct wants: numbers and booleans become
// text where the struct has text ("1.50" is then "1.5", yes is "true", and numbers with a fraction
// or an exponent keep only a float's digits), and members are ordered by name, which decides which
// of two equal names wins and which mistake is reported. Then that JSON is read (fields.h).
//
// Fields of embedded structs take part only by name: a member that belongs to one is looked at as
// if it were the embedded struct itself. So `namespace: 1` stays a number there and is refused,
// while in `labels: {name: 1}` the 1 becomes text because the embedded struct has a text `name`.
// That is the original's behaviour; users see it in what fleet.yaml accepts.
//
// Errors: Invalid, in the original's words: "error converting YAML to JSON: yaml: line 2: ...",
// "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ...". Pure.
#pragma once

#include "base/result.h"
#include "data/fields/fields.h"
#include "data/fields/type.h"
#include "data/value/value.h"

namespace fleet::data {

// The JSON that `type` wants of a YAML document: see above. What no field asks for is shared
// with `value` if its members are in order already, and copied if not.
Value to_json_of(const TypeInfo& type, const Value& value);

// `document` is what yaml::parse_for_fields gave. Null leaves `out` as it is.
Result<> decode_yaml_into(const TypeInfo& type,
                          Result<Value> document,
                          void* out,
                          DecodeOptions options = {});

template <typename T>
Result<T> decode_yaml(Result<Value> document, DecodeOptions options = {}) {
  T out{};
  TRY(decode_yaml_into(type_of<T>(), std::move(document), &out, options));
  return out;
}

}  // namespace fleet::data
