#include "helm/chart/coalesce.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::helm {
namespace {

using data::Value;

constexpr std::string_view kGlobal = "global";

// As fmt prints a value under %t: everything but a bool is a wrong operand.
std::string format_as_bool(const Value& value) {
  switch (value.type()) {
    case data::Type::Null:
      return "%!t(<nil>)";
    case data::Type::Bool:
      return value.as_bool() ? "true" : "false";
    case data::Type::String:
      return cat("%!t(string=", value.as_string(), ")");
    case data::Type::Array: {
      std::vector<std::string> items;
      for (const Value& item : value.items())
        items.push_back(format_as_bool(item));
      return cat("[", join(items, " "), "]");
    }
    case data::Type::Object: {
      std::vector<std::string> items;
      Value sorted = value.sorted();
      for (const data::Member& member : sorted.members()) {
        items.push_back(cat("%!t(string=", name(member), "):", format_as_bool(member.value)));
      }
      return cat("map[", join(items, " "), "]");
    }
    case data::Type::Int:
      return cat("%!t(int64=", value.as_int(), ")");
    default:
      return cat("%!t(float64=", to_text(value.as_double()), ")");
  }
}

bool is_subchart(const Chart& chart, std::string_view name) {
  return std::any_of(chart.dependencies.begin(), chart.dependencies.end(), [&](const Chart& c) {
    return c.name() == name;
  });
}

// The chart's own defaults under `values`.
void coalesce_defaults(const Chart& chart, Table& values, Nulls nulls) {
  for (const data::Member& member : chart.values.members()) {
    std::string_view key = name(member);
    const Value& fallback = member.value;
    if (!values.has(key)) {
      if (nulls == Nulls::Removed && fallback.is_null()) continue;
      values.set(key, nulls == Nulls::Removed ? without_nulls(fallback) : fallback);
    } else if (values.is_null(key)) {
      if (nulls == Nulls::Removed) values.erase(key);
    } else if (values.is_table(key) && fallback.is_object()) {
      // A subchart's nulls must live until its own turn.
      Nulls inner = is_subchart(chart, key) ? Nulls::Kept : nulls;
      Table under(inner == Nulls::Removed ? without_nulls(fallback) : fallback);
      coalesce_tables(*values.table(key), under, inner, Source::Dropped);
    }
  }
}

// Copies the parent's globals into a subchart's values; the parent's win.
void coalesce_globals(Table& values, Table& parent) {
  if (values.has(kGlobal) && !values.is_table(kGlobal)) return;
  if (parent.has(kGlobal) && !parent.is_table(kGlobal)) return;
  if (!values.has(kGlobal)) values.set(kGlobal, std::make_shared<Table>());
  TablePtr own = values.table(kGlobal);
  if (!parent.has(kGlobal)) return;
  TablePtr given = parent.table(kGlobal);
  for (const data::Key& key : given->keys()) {
    std::string_view name = key.view();
    if (!given->is_table(name)) {
      if (!own->is_table(name)) own->set(name, given->scalar(name));
      continue;
    }
    TablePtr copy = given->table(name)->shallow_copy();
    if (own->has(name)) {
      if (!own->is_table(name)) continue;
      coalesce_tables(*copy, *own->table(name), Nulls::Kept, Source::Dropped);
    }
    own->set(name, std::move(copy));
  }
}

}  // namespace

Value without_nulls(const Value& table) {
  if (!table.is_object()) return table;
  Value out = table;
  for (const data::Member& member : table.members()) {
    if (member.value.is_null()) {
      out.erase(name(member));
    } else if (member.value.is_object()) {
      Value inner = without_nulls(member.value);
      if (!inner.same_node(member.value)) out.set(member.key, std::move(inner));
    }
  }
  return out;
}

Result<> coalesce(const Chart& chart, Table& values, Nulls nulls) {
  coalesce_defaults(chart, values, nulls);
  for (const Chart& subchart : chart.dependencies) {
    const std::string& name = subchart.name();
    if (!values.has(name)) {
      values.set(name, std::make_shared<Table>());
    } else if (!values.is_table(name)) {
      return Error(Code::Invalid,
                   cat("type mismatch on ", name, ": ", format_as_bool(values.scalar(name))));
    }
    TablePtr own = values.table(name);
    coalesce_globals(*own, values);
    TRY(coalesce(subchart, *own, nulls));
  }
  return {};
}

}  // namespace fleet::helm
