#include "data/fields/type.h"

#include <algorithm>

namespace fleet::data {

std::string go_type_name(const TypeInfo& type) {
  if (!type.go_type.empty()) return std::string(type.go_type);
  std::string element = type.element != nullptr ? go_type_name(type.element()) : "interface {}";
  switch (type.shape) {
    case Shape::Optional:
      return "*" + element;
    case Shape::List:
      return "[]" + element;
    case Shape::Map:
      return "map[string]" + element;
    default:
      return element;
  }
}

Fields flatten(Fields fields) {
  auto is_own = [&fields](std::string_view name) {
    return std::any_of(fields.begin(), fields.end(), [name](const Field& own) {
      return !own.is_embedded && own.name == name;
    });
  };
  Fields out;
  for (const Field& row : fields) {
    if (!row.is_embedded) {
      out.push_back(row);
      continue;
    }
    for (Field inner : row.type().fields()) {
      if (is_own(inner.name)) continue;
      inner.offset += row.offset;
      inner.embedded_path.insert(0, row.embedded_path);
      out.push_back(std::move(inner));
    }
  }
  return out;
}

}  // namespace fleet::data
