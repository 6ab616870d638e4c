// Field: one row of a struct's table. Made by field() and embed() in fields.h.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/value/value.h"

namespace fleet::data {

struct TypeInfo;
using TypeRef = const TypeInfo& (*)();

struct Field {
  std::string_view name;  // on the wire; empty for an embedded table before flattening
  std::string_view doc;
  TypeRef type = nullptr;
  std::ptrdiff_t offset = 0;
  bool is_always = false;
  bool is_omitzero = false;
  bool is_nullable = false;
  bool is_required = false;
  bool is_embedded = false;
  bool is_hidden = false;
  TypeRef embedding = nullptr;  // the outermost embedded struct on the way; null for own fields
  std::string embedded_path;    // Go names of the embedded structs on the way: "Spec.Options."
  Value rules;                  // what the schema says beyond the type; an object

  // Always written, zero or not: a Go field without `omitempty`.
  Field always() && {
    is_always = true;
    return std::move(*this);
  }
  // Dropped when its custom type says it is zero: a Go field with `omitzero`.
  Field omitzero() && {
    is_omitzero = true;
    return std::move(*this);
  }
  // The schema allows null (kubebuilder's +nullable).
  Field nullable() && {
    is_nullable = true;
    return std::move(*this);
  }
  // Named in the schema's `required`.
  Field required() && {
    is_required = true;
    return std::move(*this);
  }
  // On the wire but in no schema.
  Field hidden() && {
    is_hidden = true;
    return std::move(*this);
  }
  // Any member of the schema: rule("minLength", 1), rule("x-kubernetes-map-type", "atomic").
  // An `items.` prefix puts it on the list's or map's elements.
  Field rule(std::string_view key, Value value) && {
    rules.set(key, std::move(value));
    return std::move(*this);
  }
  Field default_value(Value value) && { return std::move(*this).rule("default", std::move(value)); }
  Field one_of(std::initializer_list<Value> values) && {
    return std::move(*this).rule("enum", Value::array(values));
  }
  Field pattern(std::string_view regex) && { return std::move(*this).rule("pattern", regex); }
  Field min_length(int64_t length) && { return std::move(*this).rule("minLength", length); }
  Field max_length(int64_t length) && { return std::move(*this).rule("maxLength", length); }
  Field minimum(int64_t number) && { return std::move(*this).rule("minimum", number); }
  Field maximum(int64_t number) && { return std::move(*this).rule("maximum", number); }
  Field format(std::string_view name_of_format) && {
    return std::move(*this).rule("format", name_of_format);
  }
  // An object (or anything) whose unknown members are kept.
  Field preserve_unknown_fields() && {
    return std::move(*this).rule("x-kubernetes-preserve-unknown-fields", true);
  }
  // The whole schema of this field; its type is not asked. Doc and nullable are still added.
  Field schema(Value whole) && { return std::move(*this).rule("", std::move(whole)); }
};

using Fields = std::vector<Field>;

}  // namespace fleet::data
