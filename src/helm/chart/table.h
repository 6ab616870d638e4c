// Table: a table of values that several owners may hold and change, as Go's maps are.
//
// Helm coalesces values in maps that share parts: what a subchart merges into a nested table of
// `global` shows in its parent too. Value has no such sharing, so coalescing works on Tables and
// turns the result into a Value at the end. A Table made from a Value costs nothing until a table
// inside it is asked for.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/value/value.h"

namespace fleet::helm {

class Table;
using TablePtr = std::shared_ptr<Table>;

class Table {
 public:
  Table() = default;
  // A value that is no object gives an empty table.
  explicit Table(const data::Value& value)
      : own_(value.is_object() ? value : data::Value::object()) {}

  bool empty() const { return own_.empty(); }
  bool has(std::string_view key) const { return own_.contains(key); }
  bool is_null(std::string_view key) const { return has(key) && own_[key].is_null(); }
  bool is_table(std::string_view key) const { return own_[key].is_object(); }
  // What is at the key; stale inside tables that were asked for.
  const data::Value& scalar(std::string_view key) const { return own_[key]; }
  // Whether the table at a key was asked for already.
  bool is_open(std::string_view key) const { return inner_.contains(key); }
  // The table at a key for which is_table holds; changes to it show here.
  TablePtr table(std::string_view key);

  void set(std::string_view key, data::Value value);
  void set(std::string_view key, TablePtr table);
  void erase(std::string_view key);
  // Its keys at this moment.
  std::vector<data::Key> keys() const;
  // A table of its own whose inner tables are shared with this one.
  TablePtr shallow_copy();

  data::Value freeze() const;

 private:
  data::Value own_ = data::Value::object();  // an empty object stands where `inner_` has a table
  std::unordered_map<std::string_view, std::pair<data::Key, TablePtr>> inner_;
};

enum class Nulls { Removed, Kept };   // coalesce or merge
enum class Source { Dropped, Kept };  // Kept: what is taken over stays shared with the source

// As Helm's coalesceTablesFullKey: `over` wins, and gets what it lacks.
void coalesce_tables(Table& over, Table& under, Nulls nulls, Source source);

}  // namespace fleet::helm
