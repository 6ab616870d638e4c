// Words for the tables of fields in this folder.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/fields/fields.h"

namespace fleet::api {

using data::field;

// A field that in Go lies in an embedded struct: only error texts show it.
inline data::Field through(std::string_view go_path, data::Field field) {
  field.embedded_path = std::string(go_path);
  return field;
}

// The same field with another Go type of text in error texts: "v1alpha1.BundleState".
template <const char* kGoType>
data::Field text_named(data::Field field) {
  field.type = +[]() -> const data::TypeInfo& {
    static constexpr data::TypeInfo kInfo{.shape = data::Shape::String, .go_type = kGoType};
    return kInfo;
  };
  return field;
}
// The same for the items of a list of texts.
template <const char* kGoType>
data::Field texts_named(data::Field field) {
  field.type = +[]() -> const data::TypeInfo& {
    static const data::TypeInfo kInfo = [] {
      data::TypeInfo info = data::type_of<std::vector<std::string>>();
      info.element = +[]() -> const data::TypeInfo& {
        static constexpr data::TypeInfo kItem{.shape = data::Shape::String, .go_type = kGoType};
        return kItem;
      };
      return info;
    }();
    return kInfo;
  };
  return field;
}

// Selectors are replaced as a whole by server-side apply.
inline constexpr std::string_view kMapType = "x-kubernetes-map-type";

inline constexpr std::string_view kReleaseNamePattern =
    R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)";

// The rule that API servers apply to durations.
data::Field duration_field(data::Field field);

}  // namespace fleet::api
