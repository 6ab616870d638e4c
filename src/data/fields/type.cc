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

// Go folds letters by simple Unicode case folding; only two runes beyond ASCII fold into it.
static std::string fold_name(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size();) {
    std::string_view rest = name.substr(i);
    if (rest.starts_with("\xC5\xBF")) {
      out += 's';
      i += 2;
    } else if (rest.starts_with("\xE2\x84\xAA")) {
      out += 'k';
      i += 3;
    } else {
      char c = name[i++];
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

const Field* find_exact(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

const Field* find_folded(const Fields& fields, std::string_view name) {
  if (const Field* exact = find_exact(fields, name)) return exact;
  std::string folded = fold_name(name);
  for (const Field& field : fields) {
    if (field.name.size() == folded.size() && fold_name(field.name) == folded) return &field;
  }
  return nullptr;
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
      inner.embedding = row.type;
      inner.embedded_path.insert(0, row.embedded_path);
      out.push_back(std::move(inner));
    }
  }
  return out;
}

}  // namespace fleet::data
