// Where schemas are: URLs, fragments and JSON pointers, as far as `$id` and `$ref` need them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::schema {

// A URL and what stood behind its "#", unescaped.
struct Reference {
  std::string url;
  std::string fragment;
};

// Errors: Invalid, `error in parsing "x": …`.
Result<Reference> split_reference(std::string_view text);
// `text` relative to `base`, as RFC 3986.
Result<Reference> join_reference(const std::string& base, std::string_view text);

std::string escape_token(std::string_view token);  // of a pointer: "/" is "~1"
std::optional<std::string> unescape_token(std::string_view token);
std::string pointer_of(const std::vector<std::string>& tokens);
// "URL#POINTER", the pointer percent-encoded.
std::string show_location(std::string_view url, std::string_view pointer);
// What a pointer leads to. Errors: `json-pointer in "…" not found`, `invalid json-pointer "…"`.
Result<const data::Value*> look_up(const data::Value& document,
                                   std::string_view url,
                                   std::string_view pointer);

// In single quotes, as the messages of the original.
std::string quote_single(std::string_view text);

}  // namespace fleet::schema
