#include "helm/chart/dependencies.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/strings.h"
#include "helm/chart/coalesce.h"
#include "helm/chart/table.h"
#include "helm/chart/values.h"
#include "text/semver.h"

namespace fleet::helm {
namespace {

using data::Value;
using Dependencies = std::vector<std::optional<Dependency>>;

bool fits(const Chart& chart, const Dependency& wanted) {
  return chart.name() == wanted.name &&
         text::is_compatible_range(wanted.version, chart.metadata->version);
}

// The charts that take part: first those nobody lists, then one for each listed dependency, under
// its alias. The list's names become the aliases.
std::vector<Chart> choose(const std::vector<Chart>& charts, Dependencies& listed) {
  std::vector<Chart> out;
  std::unordered_multimap<std::string_view, const Dependency*> wanted_by_name;
  for (const std::optional<Dependency>& wanted : listed)
    wanted_by_name.emplace(wanted->name, &*wanted);
  std::unordered_map<std::string_view, std::vector<const Chart*>> charts_by_name;
  for (const Chart& chart : charts) {
    charts_by_name[chart.name()].push_back(&chart);
    auto [first, last] = wanted_by_name.equal_range(chart.name());
    bool is_listed =
        std::any_of(first, last, [&](const auto& wanted) { return fits(chart, *wanted.second); });
    if (!is_listed) out.push_back(chart);
  }
  for (std::optional<Dependency>& wanted : listed) {
    const Chart* found = nullptr;  // the first that fits
    for (const Chart* chart : charts_by_name[wanted->name]) {
      if (!found && fits(*chart, *wanted)) found = chart;
    }
    if (found) {
      out.push_back(*found);
      if (!wanted->alias.empty()) {
        auto metadata = std::make_shared<Metadata>(*found->metadata);
        metadata->name = wanted->alias;
        out.back().metadata = std::move(metadata);
      }
    }
    if (!wanted->alias.empty()) wanted->name = wanted->alias;
  }
  return out;
}

// A dependency with a false tag and no true one is off.
void apply_tags(Dependencies& listed, const Value& values) {
  const Value& tags = values["tags"];
  if (!tags.is_object()) return;
  for (std::optional<Dependency>& dependency : listed) {
    bool has_true = false;
    bool has_false = false;
    for (const std::string& tag : dependency->tags) {
      const Value& state = tags[tag];
      if (!state.is_bool()) continue;
      (state.as_bool() ? has_true : has_false) = true;
    }
    dependency->enabled = has_true || !has_false;
  }
}

// The first path that leads to a bool decides.
void apply_conditions(Dependencies& listed, const Value& values, const std::string& prefix) {
  for (std::optional<Dependency>& dependency : listed) {
    for (std::string_view path : split(trim(dependency->condition), ',')) {
      if (path.empty()) continue;
      auto value = find_path_value(values, cat(prefix, path));
      if (!value.ok() || !value->is_bool()) continue;
      dependency->enabled = value->as_bool();
      break;
    }
  }
}

Result<Chart> enable(const Chart& chart, const Value& values, const std::string& prefix) {
  if (chart.metadata->dependencies.empty()) return chart;
  Chart out = chart;
  Metadata metadata = *chart.metadata;
  Dependencies& listed = metadata.dependencies;
  out.dependencies = choose(chart.dependencies, listed);
  for (std::optional<Dependency>& dependency : listed)
    dependency->enabled = true;
  Value coalesced = TRY(coalesce_values(out, values));
  apply_tags(listed, coalesced);
  apply_conditions(listed, coalesced, prefix);

  std::set<std::string, std::less<>> disabled;
  for (const std::optional<Dependency>& dependency : listed) {
    if (!dependency->enabled) disabled.insert(dependency->name);
  }
  std::erase_if(out.dependencies, [&](const Chart& c) { return disabled.contains(c.name()); });
  std::erase_if(listed,
                [&](const auto& dependency) { return disabled.contains(dependency->name); });
  for (Chart& subchart : out.dependencies) {
    subchart = TRY(enable(subchart, coalesced, cat(prefix, subchart.name(), ".")));
  }
  out.metadata = std::make_shared<const Metadata>(std::move(metadata));
  return out;
}

// As fmt prints a value of `any` under %v, for what stands in import-values.
std::string as_text(const Value& value) {
  if (value.is_string()) return value.to_string();
  if (value.is_null()) return "<nil>";
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return to_text(value.as_double());
  std::vector<std::string> parts;
  for (const Value& item : value.items())
    parts.push_back(as_text(item));
  if (value.is_array()) return cat("[", join(parts, " "), "]");
  Value sorted = value.sorted();
  for (const data::Member& member : sorted.members()) {
    parts.push_back(cat(name(member), ":", as_text(member.value)));
  }
  return cat("map[", join(parts, " "), "]");
}

TablePtr table_at(Table& root, std::string_view path) {
  TablePtr at;
  for (std::string_view part : split(path, '.')) {
    Table& from = at ? *at : root;
    if (!from.is_table(part)) return nullptr;
    at = from.table(part);
  }
  return at;
}

// The table, or a new one with it at a dotted path; "." is the table itself.
TablePtr placed_at(std::string_view path, TablePtr table) {
  if (path == ".") return table;
  auto parts = split(path, '.');
  for (size_t i = parts.size(); i-- > 0;) {
    auto outer = std::make_shared<Table>();
    outer->set(parts[i], std::move(table));
    table = std::move(outer);
  }
  return table;
}

// Merges what one dependency exports into `imported`; gives the import list in its long form.
Result<std::vector<Value>> import_from(const Dependency& dependency,
                                       Table& merged,
                                       Table& imported) {
  std::vector<Value> rewritten;
  if (dependency.import_values.size() > kMaxImportValues) {
    return Error(Code::Invalid,
                 cat("dependency ",
                     quote(dependency.name),
                     " has more than ",
                     kMaxImportValues,
                     " import-values"));
  }
  for (const Value& entry : dependency.import_values) {
    std::string child;
    std::string parent = ".";
    if (entry.is_object()) {
      child = as_text(entry["child"]);
      parent = as_text(entry["parent"]);
    } else if (entry.is_string()) {
      child = cat("exports.", entry.as_string());
    } else {
      continue;
    }
    rewritten.push_back(Value::object({{"child", child}, {"parent", parent}}));
    TablePtr table = table_at(merged, cat(dependency.name, ".", child));
    if (!table) continue;
    if (table->empty()) table = std::make_shared<Table>();
    coalesce_tables(imported, *placed_at(parent, table), Nulls::Kept, Source::Kept);
  }
  return rewritten;
}

}  // namespace

Result<Chart> enable_dependencies(const Chart& chart, const Value& values) {
  return enable(chart, values, "");
}

Result<Chart> import_values(const Chart& chart) {
  Chart out = chart;
  for (Chart& subchart : out.dependencies)
    subchart = TRY(import_values(subchart));
  if (chart.metadata->dependencies.empty()) return out;
  Table merged;
  TRY(coalesce(out, merged, Nulls::Kept));
  Table imported;
  auto metadata = std::make_shared<Metadata>(*chart.metadata);
  for (std::optional<Dependency>& dependency : metadata->dependencies) {
    dependency->import_values = TRY(import_from(*dependency, merged, imported));
  }
  out.metadata = std::move(metadata);
  Table result(merged.freeze());
  coalesce_tables(result, imported, Nulls::Kept, Source::Dropped);
  out.values = result.freeze();
  return out;
}

Result<Chart> process_dependencies(const Chart& chart, const Value& values) {
  return import_values(TRY(enable_dependencies(chart, values)));
}

}  // namespace fleet::helm
