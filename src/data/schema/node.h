// Node: one compiled schema. Nodes of a program refer to each other freely, cycles included.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "data/schema/decimal.h"
#include "data/schema/schema.h"
#include "data/value/value.h"
#include "text/regex.h"

namespace fleet::schema {

enum TypeBits : unsigned {
  kNull = 1,
  kBoolean = 2,
  kNumber = 4,
  kInteger = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};
unsigned type_bit(std::string_view name);  // 0 for a word that is no type
unsigned type_of(const data::Value& value);
std::vector<std::string> type_names(unsigned bits);

// Why a text is not of a format; nothing if it is.
using FormatCheck = std::optional<std::string> (*)(std::string_view text);
// Null for an unknown format.
FormatCheck find_format(std::string_view name);

struct Node {
  // false or true: no property or item may be left, or any; else a schema for them.
  using Additional = std::variant<std::monostate, bool, const Node*>;
  using Dependency = std::variant<std::vector<std::string>, const Node*>;
  using Names = std::vector<std::string>;
  using Nodes = std::vector<const Node*>;
  template <typename T>
  using ByName = std::map<std::string, T, std::less<>>;

  std::string url;
  std::string pointer;
  std::string location;  // "URL#POINTER"
  int draft = 2020;
  std::optional<bool> boolean;
  const Node* resource = nullptr;  // the nearest one with an id
  bool recursive_anchor = false;
  std::string dynamic_anchor;
  ByName<const Node*> dynamic_anchors;  // of a resource

  const Node* ref = nullptr;
  const Node* recursive_ref = nullptr;
  const Node* dynamic_ref = nullptr;
  std::string dynamic_ref_anchor;

  unsigned types = 0;
  std::optional<data::Value> constant;
  std::optional<data::Value> choices;  // enum
  std::string format_name;
  FormatCheck format = nullptr;

  std::optional<int64_t> min_properties, max_properties;
  Names required;
  ByName<const Node*> properties;
  std::vector<std::pair<text::Regex, const Node*>> pattern_properties;
  Additional additional_properties;
  ByName<Dependency> dependencies;
  const Node* property_names = nullptr;
  ByName<const Node*> dependent_schemas;
  ByName<Names> dependent_required;
  const Node* unevaluated_properties = nullptr;

  std::optional<int64_t> min_items, max_items;
  bool unique_items = false;
  const Node* items = nullptr;  // every item, or those behind the prefix
  std::optional<Nodes> prefix;  // items as a list, or prefixItems
  Additional additional_items;
  const Node* contains = nullptr;
  std::optional<int64_t> min_contains, max_contains;
  const Node* unevaluated_items = nullptr;

  std::optional<int64_t> min_length, max_length;
  std::optional<text::Regex> pattern;
  std::optional<Decimal> minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;

  Nodes all_of, any_of, one_of;
  const Node* negated = nullptr;  // not
  const Node* condition = nullptr;
  const Node* then = nullptr;
  const Node* otherwise = nullptr;

  // Whether properties and items count as evaluated without looking.
  bool all_properties_evaluated() const { return additional_properties.index() != 0; }
  bool all_items_evaluated() const {
    return items != nullptr || (draft < 2020 && additional_items.index() != 0);
  }
  size_t items_evaluated() const { return prefix ? prefix->size() : 0; }
};

// A schema document and everything it refers to.
struct Schema::Program {
  const Node* root = nullptr;
  std::vector<std::unique_ptr<Node>> nodes;
};

// Where `$schema` inside a document changes the draft: pointer → the metaschema to check with.
using MetaByPointer = std::map<std::string, const Node*, std::less<>>;

// Validates; with `meta` given, as a check of a schema document against its metaschema.
Result<> validate_with(const Node& node,
                       const data::Value& document,
                       const Node* meta = nullptr,
                       const MetaByPointer* metas = nullptr);

// True if equal as JSON: numbers by value.
bool equal_json(const data::Value& a, const data::Value& b);

}  // namespace fleet::schema
