// FieldSet: a set of places in an object, as managed fields record them.
//
// A place is a path of elements: a field by name, a list item by its key fields, a set item by its
// value, or an item by index. A set has members of its own level and sets below its elements; an
// element may be both ("the item itself, and these of its fields").
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/merge/schema.h"

namespace fleet::kube {

class PathElement {
 public:
  enum class Kind : uint8_t { Field, Key, Value, Index };
  using KeyFields = std::vector<std::pair<std::string, data::Value>>;

  static PathElement field(std::string_view name);
  static PathElement key(KeyFields fields);  // sorted by name here
  static PathElement value(data::Value value);
  static PathElement index(int64_t index);
  // "f:name", "k:{...}", "v:...", "i:0". Errors: Invalid for anything else.
  static Result<PathElement> parse(std::string_view text);

  Kind kind() const { return kind_; }
  const std::string& name() const { return name_; }
  const KeyFields& key_fields() const { return fields_; }
  const data::Value& value() const { return value_; }
  int64_t index() const { return index_; }

  std::string serialized() const;  // the inverse of parse
  std::string text() const;        // ".name", "[name=\"x\"]", "[=1]", "[0]"

  friend std::strong_ordering operator<=>(const PathElement& a, const PathElement& b);
  friend bool operator==(const PathElement& a, const PathElement& b) { return (a <=> b) == 0; }

 private:
  Kind kind_ = Kind::Field;
  int64_t index_ = 0;
  std::string name_;
  data::Value value_;
  KeyFields fields_;
};

using FieldPath = std::vector<PathElement>;
std::string path_text(const FieldPath& path);
// An order over JSON values: numbers, strings, booleans, lists, maps, null.
std::strong_ordering compare_values(const data::Value& a, const data::Value& b);

class FieldSet {
 public:
  FieldSet() = default;
  static FieldSet of(std::initializer_list<FieldPath> paths);

  void insert(const FieldPath& path);
  bool has(const FieldPath& path) const;
  bool has_member(const PathElement& element) const { return members_.contains(element); }
  const FieldSet* child(const PathElement& element) const;
  bool empty() const;
  size_t size() const;

  FieldSet united(const FieldSet& other) const;
  FieldSet intersection(const FieldSet& other) const;
  // Without the elements of the other; what lies below them stays.
  FieldSet difference(const FieldSet& other) const;
  // Without the elements of the other and without all below them.
  FieldSet recursive_difference(const FieldSet& other) const;
  // With the struct fields on the way to members as members too.
  FieldSet with_named_fields(const Schema& schema, const TypeRef& type) const;
  FieldSet leaves() const;

  void each(const std::function<void(const FieldPath&)>& visit) const;
  const std::set<PathElement>& members() const { return members_; }
  const std::map<PathElement, FieldSet>& children() const { return children_; }

  // fieldsV1: {"f:spec": {".": {}, "f:replicas": {}}}. Errors: Invalid.
  data::Value to_fields_v1() const;
  static Result<FieldSet> from_fields_v1(const data::Value& fields);
  // The paths, one a line, for messages and tests.
  std::string text() const;

  friend bool operator==(const FieldSet& a, const FieldSet& b) {
    return a.members_ == b.members_ && a.children_ == b.children_;
  }

 private:
  void each_below(FieldPath& path, const std::function<void(const FieldPath&)>& visit) const;

  std::set<PathElement> members_;
  std::map<PathElement, FieldSet> children_;
};

}  // namespace fleet::kube
