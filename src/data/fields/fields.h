// Field tables: one list per struct drives decoding, encoding, defaults, the CRD schema and docs.
//
//   struct Partition {
//     std::string name;
//     std::optional<kube::IntOrString> max_unavailable;
//
//     static constexpr const char* kGoType = "v1alpha1.Partition";  // for error texts
//     static data::Fields fields();  // defined in the .cc: tables cost nothing to who includes
//   };
//   data::Fields Partition::fields() {
//     return {
//         field("name", &Partition::name, "Shown in status.").nullable(),
//         field("maxUnavailable", &Partition::max_unavailable, "Clusters down at once."),
//     };
//   }
//
// The order of the table is the order of the wire. A field is `omitempty` unless it says always();
// as in Go that drops false, 0, "", empty lists, empty maps, null and an empty std::optional, and
// never a struct. An empty list or map that is always() is written as null (a nil one),
// and as empty in a std::optional that has it.
#pragma once

#include <bit>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/fields/field.h"
#include "data/fields/type.h"
#include "data/value/value.h"

namespace fleet::data {

template <typename Struct, typename Member>
Field field(std::string_view name, Member Struct::*member, std::string_view doc = {}) {
  static_assert(sizeof(member) == sizeof(std::ptrdiff_t));  // Itanium C++ ABI
  Field out;
  out.name = name;
  out.doc = doc;
  out.type = &type_of<Member>;
  out.offset = std::bit_cast<std::ptrdiff_t>(member);
  return out;
}

// A Go embedded struct: its fields stand here as if they were the outer struct's own. `go_name` is
// the embedded type's bare name, as Go shows it in error paths.
template <typename Struct, typename Member>
Field embed(std::string_view go_name, Member Struct::*member) {
  Field out = field({}, member);
  out.is_embedded = true;
  out.embedded_path = std::string(go_name) + ".";
  return out;
}

// How documents are read. The default is Go's encoding/json. For YAML see from_yaml.h.
struct DecodeOptions {
  enum class Case { Folded, Exact };        // Exact: apimachinery's reader of request bodies
  enum class Unknown { Ignored, Refused };  // Refused: `json: unknown field "x"`

  Case names = Case::Folded;
  Unknown unknown = Unknown::Ignored;
};

Result<> decode_into(const TypeInfo& type,
                     const Value& value,
                     void* out,
                     DecodeOptions options = {});
Value encode_from(const TypeInfo& type, const void* in);

// A fresh T. As Go: null leaves the zero value; the first wrong type is reported, with its path:
// "json: cannot unmarshal string into Go struct field Spec.helm.force of type bool".
// Errors: Invalid.
template <typename T>
Result<T> decode(const Value& value, DecodeOptions options = {}) {
  T out{};
  TRY(decode_into(type_of<T>(), value, &out, options));
  return out;
}

// Objects in table order, maps sorted; print with json::Keys::AsWritten.
// Values of type data::Value are written with sorted keys, as Go maps are.
template <typename T>
Value encode(const T& value) {
  return encode_from(type_of<T>(), &value);
}

}  // namespace fleet::data
