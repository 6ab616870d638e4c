// Objects and lists.
#include <algorithm>
#include <map>

#include "base/strings.h"
#include "data/schema/location.h"
#include "data/schema/validator.h"

namespace fleet::schema {
namespace {

using data::Value;

std::string quote_all(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    out.push_back(quote_single(name));
  return join(out, ", ");
}

// The same text for equal values.
void append_canonical(std::string& out, const Value& value) {
  if (value.is_number()) {
    auto number = Decimal::of(value);
    out += number ? number->canonical() : value.to_string();
  } else if (value.is_string()) {
    out += quote(value.as_string());
  } else if (value.is_array()) {
    out += '[';
    for (const Value& item : value.items()) {
      append_canonical(out, item);
      out += ',';
    }
    out += ']';
  } else if (value.is_object()) {
    std::vector<const data::Member*> members;
    for (const data::Member& member : value.members())
      members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
      return name(*a) < name(*b);
    });
    out += '{';
    for (const data::Member* member : members) {
      out += cat(quote(name(*member)), ":");
      append_canonical(out, member->value);
      out += ',';
    }
    out += '}';
  } else {
    out += value.is_null() ? "n" : (value.as_bool() ? "t" : "f");
  }
}

std::string numbers(const std::vector<size_t>& list) {
  std::vector<std::string> out;
  for (size_t number : list)
    out.push_back(std::to_string(number));
  return join(out, " ");
}

std::string got_want(std::string_view keyword, size_t got, int64_t want) {
  return cat(keyword, ": got ", english(static_cast<int64_t>(got)), ", want ", english(want));
}

bool below(size_t size, const std::optional<int64_t>& limit) {
  return limit && static_cast<int64_t>(size) < *limit;
}
bool above(size_t size, const std::optional<int64_t>& limit) {
  return limit && static_cast<int64_t>(size) > *limit;
}

}  // namespace

bool equal_json(const Value& a, const Value& b) {
  if (type_of(a) != type_of(b)) return false;
  if (a.is_number()) {
    auto left = Decimal::of(a);
    auto right = Decimal::of(b);
    return left && right && Decimal::compare(*left, *right) == 0;
  }
  if (a.is_array()) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (!equal_json(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_object()) {
    if (a.size() != b.size()) return false;
    for (const data::Member& member : a.members()) {
      const Value* other = b.find(name(member));
      if (other == nullptr || !equal_json(member.value, *other)) return false;
    }
    return true;
  }
  return a == b;
}

std::vector<std::string> Validator::missing(const std::vector<std::string>& names) const {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (!value_.contains(name)) out.push_back(name);
  }
  return out;
}

void Validator::check_object() {
  const Node& node = *node_;
  size_t size = value_.size();
  if (below(size, node.min_properties)) {
    fail(got_want("minProperties", size, *node.min_properties));
  }
  if (above(size, node.max_properties)) {
    fail(got_want("maxProperties", size, *node.max_properties));
  }
  if (auto absent = missing(node.required); !absent.empty()) {
    fail(cat("missing propert", absent.size() == 1 ? "y " : "ies ", quote_all(absent)));
  }
  if (detail == Detail::YesOrNo && !problems_.empty()) return;
  for (const auto& [property, dependency] : node.dependencies) {
    if (!value_.contains(property)) continue;
    if (const auto* inner = std::get_if<const Node*>(&dependency)) {
      add(same_value(*inner));
      continue;
    }
    auto absent = missing(std::get<std::vector<std::string>>(dependency));
    if (absent.empty()) continue;
    fail(
        cat("properties ", quote_all(absent), " required, if ", quote_single(property), " exists"));
  }
  check_properties();
  if (node.draft >= 6) check_property_names();
  if (node.draft >= 7) check_dependencies();
}

void Validator::check_properties() {
  const Node& node = *node_;
  bool nothing = node.properties.empty() && node.pattern_properties.empty() &&
                 !node.all_properties_evaluated();
  if (nothing) return;
  std::vector<const data::Member*> members;
  for (const data::Member& member : value_.members())
    members.push_back(&member);
  // Values are read in the order of their keys, schemas in the order of their text.
  if (meta == nullptr) {
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
      return name(*a) < name(*b);
    });
  }
  std::vector<std::string> extra;
  for (const data::Member* member : members) {
    if (detail == Detail::YesOrNo && !problems_.empty()) return;
    check_property(name(*member), member->value, extra);
  }
  if (!extra.empty()) fail(cat("additional properties ", quote_all(extra), " not allowed"));
}

void Validator::check_property(std::string_view name,
                               const Value& inner,
                               std::vector<std::string>& extra) {
  const Node& node = *node_;
  bool evaluated = false;
  if (auto found = node.properties.find(name); found != node.properties.end()) {
    evaluated = true;
    add(inner_value(found->second, inner, std::string(name)));
  }
  for (const auto& [pattern, schema] : node.pattern_properties) {
    if (!pattern.matches(name)) continue;
    evaluated = true;
    add(inner_value(schema, inner, std::string(name)));
  }
  if (!evaluated && node.additional_properties.index() != 0) {
    evaluated = true;
    if (const bool* allowed = std::get_if<bool>(&node.additional_properties)) {
      if (!*allowed) extra.emplace_back(name);
    } else {
      const Node* schema = std::get<const Node*>(node.additional_properties);
      add(inner_value(schema, inner, std::string(name)));
    }
  }
  if (evaluated) unevaluated.properties.erase(name);
}

// Names are values of their own: problems below them start at the root.
void Validator::check_property_names() {
  const Node* names = node_->property_names;
  if (names == nullptr) return;
  if (meta != nullptr && names == meta) {
    auto found = session_.metas->find(pointer_of(path_));
    if (found != session_.metas->end()) names = found->second;
  }
  for (const data::Member& member : value_.members()) {
    Value text(name(member));
    std::vector<std::string> path;
    Scope scope{names, {}, 0, nullptr};
    Validator inner(session_, text, scope, path);
    inner.meta = meta;
    auto wrong = inner.run();
    if (!wrong) continue;
    Problem found{
        Problem::Kind::Plain, "", cat("invalid propertyName ", quote_single(name(member))), {}};
    if (wrong->kind == Problem::Kind::Group) {
      found.causes = std::move(wrong->causes);
    } else {
      found.causes.push_back(std::move(*wrong));
    }
    add(std::move(found));
  }
}

void Validator::check_dependencies() {
  for (const auto& [property, schema] : node_->dependent_schemas) {
    if (value_.contains(property)) add(same_value(schema));
  }
  for (const auto& [property, names] : node_->dependent_required) {
    if (!value_.contains(property)) continue;
    auto absent = missing(names);
    if (absent.empty()) continue;
    fail(
        cat("properties ", quote_all(absent), " required, if ", quote_single(property), " exists"));
  }
}

void Validator::check_array() {
  const Node& node = *node_;
  size_t size = value_.size();
  if (below(size, node.min_items)) fail(got_want("minItems", size, *node.min_items));
  if (above(size, node.max_items)) fail(got_want("maxItems", size, *node.max_items));
  if (node.unique_items && size > 1) {
    std::map<std::string, size_t> seen;
    for (size_t i = 0; i < size; ++i) {
      std::string canonical;
      append_canonical(canonical, value_[i]);
      auto [found, is_new] = seen.emplace(std::move(canonical), i);
      if (is_new) continue;
      fail(cat("items at ",
               english(static_cast<int64_t>(found->second)),
               " and ",
               english(static_cast<int64_t>(i)),
               " are equal"));
      break;
    }
  }
  check_items();
  if (node.contains != nullptr) check_contains();
}

void Validator::check_items() {
  const Node& node = *node_;
  size_t size = value_.size();
  size_t at = std::min(node.items_evaluated(), size);
  for (size_t i = 0; i < at; ++i)
    add(inner_value((*node.prefix)[i], value_[i], std::to_string(i)));
  // The original counts items behind the prefix from where it ends.
  if (node.items != nullptr) {
    for (size_t i = at; i < size; ++i)
      add(inner_value(node.items, value_[i], std::to_string(i - at)));
    return;
  }
  if (const bool* allowed = std::get_if<bool>(&node.additional_items)) {
    if (!*allowed && at < size) {
      fail(
          cat("last ", english(static_cast<int64_t>(size - at)), " additionalItem(s) not allowed"));
    }
  } else if (const auto* schema = std::get_if<const Node*>(&node.additional_items)) {
    for (size_t i = at; i < size; ++i)
      add(inner_value(*schema, value_[i], std::to_string(i - at)));
  }
}

void Validator::check_contains() {
  const Node& node = *node_;
  std::vector<Problem> wrong;
  std::vector<size_t> matched;
  for (size_t i = 0; i < value_.size(); ++i) {
    auto found = inner_value(node.contains, value_[i], std::to_string(i));
    if (found) {
      wrong.push_back(std::move(*found));
      continue;
    }
    matched.push_back(i);
    if (node.draft >= 2020) unevaluated.items.erase(i);
  }
  auto count = static_cast<int64_t>(matched.size());
  std::string got = cat("matched ", english(count), " items at ", numbers(matched));
  if (node.min_contains && count < *node.min_contains) {
    fail(cat("min ",
             english(*node.min_contains),
             " items required to match contains schema, but ",
             count == 0 ? "none matched" : got),
         std::move(wrong));
  } else if (!node.min_contains && count == 0) {
    fail("no items match contains schema", std::move(wrong));
  }
  if (node.max_contains && count > *node.max_contains) {
    fail(cat("max ",
             english(*node.max_contains),
             " items required to match contains schema, but ",
             got));
  }
}

unsigned type_bit(std::string_view name) {
  if (name == "null") return kNull;
  if (name == "boolean") return kBoolean;
  if (name == "number") return kNumber;
  if (name == "integer") return kInteger;
  if (name == "string") return kString;
  if (name == "array") return kArray;
  return name == "object" ? kObject : 0U;
}

unsigned type_of(const Value& value) {
  if (value.is_null()) return kNull;
  if (value.is_bool()) return kBoolean;
  if (value.is_string()) return kString;
  if (value.is_array()) return kArray;
  return value.is_object() ? kObject : kNumber;
}

std::vector<std::string> type_names(unsigned bits) {
  std::vector<std::string> out;
  for (const char* name : {"null", "boolean", "number", "integer", "string", "array", "object"}) {
    if ((bits & type_bit(name)) != 0) out.emplace_back(name);
  }
  return out;
}

}  // namespace fleet::schema
