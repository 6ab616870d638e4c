// The TOML parser: characters to a tree of items. For the .cc files of this room.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/toml/scanner.h"
#include "data/toml/toml.h"

namespace fleet::toml {

using data::Value;

struct Item {
  enum class Kind { Leaf, Time, Array, Table, Tables /* [[name]] */ };
  Kind kind = Kind::Leaf;
  Value leaf;
  Time time;
  std::vector<std::unique_ptr<Item>> items;
  std::vector<std::pair<std::string, std::unique_ptr<Item>>> members;

  Item* member(std::string_view name);
  Item& add(std::string_view name, std::unique_ptr<Item> item);
};

using ItemPtr = std::unique_ptr<Item>;
using Key = std::vector<std::string>;

class Parser {
 public:
  explicit Parser(std::string_view text)
      : in_(text) {
    root_.kind = Item::Kind::Table;
  }

  Result<> run();
  const Item& root() const { return root_; }

 private:
  // Structure; parser.cc.
  Result<> top_level();
  Result<> table_header();
  Result<std::string> header_name();
  Result<> key_value(Item& root);
  Result<Key> key();
  Result<std::string> key_part();
  Result<> end_of_line();
  Result<> comment();
  Result<> open_table(const Key& key, bool array);
  Result<Item*> walk(Item& root, const Key& path, std::string_view problem);
  Result<> implicit_tables(Item& root, const Key& path);
  Result<> set(Item& root, std::string_view name, ItemPtr item);
  std::string last_key() const;
  Error fail(std::string_view message) const;
  Error fail_before(std::string_view message) const;  // names the line before

  // Values; parse_value.cc.
  Result<ItemPtr> value(int depth);
  Result<ItemPtr> array(int depth);
  Result<ItemPtr> inline_table(int depth);
  Result<ItemPtr> keyword(char32_t first);
  Result<ItemPtr> signed_number();
  Result<ItemPtr> number_or_date();
  Result<ItemPtr> integer(std::string_view text);
  Result<ItemPtr> floating(std::string_view text);
  Result<ItemPtr> date_time(std::string_view text);
  Result<std::string> string();
  Result<std::string> multiline_string();
  Result<std::string> raw_string();
  Result<std::string> multiline_raw_string();
  Result<> escape(std::string& out);
  Result<> hex_escape(std::string& out, size_t digits, char letter);

  Scanner in_;
  Item root_;
  Key context_;          // of the table in scope
  std::string current_;  // the key being given a value
  std::set<std::string> implicit_;
};

std::string key_path(const Key& key);
bool is_bare_key(char32_t rune);
ItemPtr leaf(Value value);

}  // namespace fleet::toml
