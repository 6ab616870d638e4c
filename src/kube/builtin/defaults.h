// The defaults that are plain values, as rows of a table. For this room.
#pragma once

#include <span>
#include <string_view>

namespace fleet::kube::builtin {

struct DefaultRow {
  std::string_view type;
  std::string_view field;
  std::string_view value;  // a number, true, false, {}, or a text
};

// The rows of one type. A struct that is made by a row gets its own rows in turn.
std::span<const DefaultRow> default_rows(std::string_view type);

}  // namespace fleet::kube::builtin
