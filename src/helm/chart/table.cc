#include "helm/chart/table.h"

#include "base/check.h"

namespace fleet::helm {

using data::Value;

TablePtr Table::table(std::string_view key) {
  if (auto found = inner_.find(key); found != inner_.end()) return found->second.second;
  const Value* value = own_.find(key);
  CHECK(value != nullptr && value->is_object());
  auto out = std::make_shared<Table>(*value);
  data::Key name(key);
  std::string_view view = name.view();
  inner_.emplace(view, std::pair(std::move(name), out));
  return out;
}

void Table::set(std::string_view key, Value value) {
  inner_.erase(key);
  own_.set(key, std::move(value));
}

void Table::set(std::string_view key, TablePtr table) {
  own_.set(key, Value::object());
  inner_.erase(key);
  data::Key name(key);
  std::string_view view = name.view();
  inner_.emplace(view, std::pair(std::move(name), std::move(table)));
}

void Table::erase(std::string_view key) {
  inner_.erase(key);
  own_.erase(key);
}

std::vector<data::Key> Table::keys() const {
  std::vector<data::Key> out;
  out.reserve(own_.size());
  for (const data::Member& member : own_.members())
    out.push_back(member.key);
  return out;
}

TablePtr Table::shallow_copy() {
  for (const data::Key& key : keys()) {
    if (is_table(key.view())) table(key.view());
  }
  return std::make_shared<Table>(*this);
}

Value Table::freeze() const {
  Value out = own_;
  for (const auto& [view, entry] : inner_) {
    Value inner = entry.second->freeze();
    if (!out[view].same_node(inner)) out.set(entry.first, std::move(inner));
  }
  return out;
}

void coalesce_tables(Table& over, Table& under, Nulls nulls, Source source) {
  for (const data::Key& key : under.keys()) {
    std::string_view name = key.view();
    bool under_null = under.is_null(name);
    if (!over.has(name)) {
      if (under.is_open(name) || (source == Source::Kept && under.is_table(name))) {
        over.set(name, under.table(name));
      } else {
        over.set(name, under.scalar(name));
      }
    } else if (over.is_null(name)) {
      if (nulls == Nulls::Removed && !under_null) over.erase(name);
      if (source == Source::Kept) under.set(name, Value());
    } else if (under.is_table(name) && over.is_table(name)) {
      coalesce_tables(*over.table(name), *under.table(name), nulls, source);
    }
  }
  if (source == Source::Dropped) return;
  for (const data::Key& key : over.keys()) {
    if (over.is_null(key.view()) && !under.has(key.view())) under.set(key.view(), Value());
  }
}

}  // namespace fleet::helm
