// The drafts: their numbers, their URLs, where subschemas stand, and the schemas of schemas.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::schema {

inline constexpr int kLatestDraft = 2020;

// 4, 6, 7, 2019 or 2020 for a `$schema`.
std::optional<int> draft_of(std::string_view url);
std::string_view draft_url(int draft);
std::string_view id_keyword(int draft);  // "id" or "$id"

// Keywords that hold a subschema, a list of them, or a map of them.
enum class Holds { One, List, Map, OneOrList };
struct SubschemaPlace {
  std::string_view keyword;
  Holds holds;
  int since;  // draft
};
std::span<const SubschemaPlace> subschema_places();

// The text of a document below json-schema.org; nothing if it is none of theirs.
std::optional<std::string> metaschema(std::string_view url);

}  // namespace fleet::schema
