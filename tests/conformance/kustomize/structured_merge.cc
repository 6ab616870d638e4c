// Family patches, tables smd_*: applies and updates, and who owns what after them.
#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/merge/owners.h"
#include "kustomize/parts.h"
#include "kustomize/recorded_sets.h"
#include "kustomize/recorded_versions.h"

namespace fleet::conformance {
namespace {

using data::Value;
using kube::FieldPath;
using kube::FieldSet;
using kube::Owners;
using kube::Type;

std::string text_of(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

// What a row of Ops works on.
struct State {
  std::string table;
  std::unique_ptr<kube::Versions> versions;
  Value live = Value::object();
  std::string live_version;  // whose form `live` has; "": nothing yet
  Owners owners;
  kube::Ignored ignored;
  std::map<std::string, bool> last_applied;  // by manager: was its last write an apply

  Result<Value> live_in(const std::string& version) const {
    if (live_version.empty()) return live;
    return versions->convert(live, live_version, version);
  }
};

std::string conflict_lines(const Owners& conflicts) {
  std::vector<std::string> lines;
  for (const auto& [manager, owned] : conflicts) {
    owned.set.each([&, who = manager](const FieldPath& path) {
      lines.push_back(cat(who, " ", kube::path_text(path)));
    });
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "\n");
}

std::string wanted_conflicts(const Value& recorded) {
  std::vector<std::string> lines;
  for (const data::Member& member : recorded.members()) {
    if (!member.value.is_object()) continue;
    lines.push_back(cat(
        member.value["Manager"].as_string(), " ", kube::path_text(path_of(member.value["Path"]))));
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "\n");
}

// What an apply came to.
struct Outcome {
  Owners conflicts;
  FieldSet config;  // what the apply sets
};

Result<Outcome> apply(State& state, const Value& op, const Value& config, bool force) {
  const std::string version = op["APIVersion"].to_string();
  const std::string manager = op["Manager"].to_string();
  const Type type = TRY(state.versions->type(version));
  TRY(kube::validate(config, type, kube::DuplicateItems::Refused));
  state.live = TRY(state.live_in(version));
  state.live_version = version;
  auto applied = TRY(kube::apply_owned(
      state.live, config, version, state.owners, manager, force, state.ignored, *state.versions));
  if (!applied.conflicts.empty())
    return Outcome{std::move(applied.conflicts), TRY(kube::to_field_set(config, type))};
  if (applied.changed) state.live = applied.object;
  state.owners = applied.owners;
  state.last_applied[manager] = true;
  return Outcome();
}

Result<Outcome> update(State& state, const Value& op, const Value& object) {
  const std::string version = op["APIVersion"].to_string();
  const std::string manager = op["Manager"].to_string();
  TRY(kube::validate(object, TRY(state.versions->type(version)), kube::DuplicateItems::Allowed));
  state.live = TRY(state.live_in(version));
  state.owners = TRY(kube::update_owned(
      state.live, object, version, state.owners, manager, state.ignored, *state.versions));
  state.live = object;
  state.live_version = version;
  state.last_applied[manager] = false;
  return Outcome();
}

Result<Outcome> run_op(State& state, const Value& op) {
  const std::string_view kind = op["@type"].as_string();
  if (kind == "ChangeParser") {
    // The new schema counts from the next operation on, for what is live too.
    state.versions = recorded_versions(state.table, op["Parser"]);
    TRY(kube::validate(
        state.live, TRY(state.versions->type(state.live_version)), kube::DuplicateItems::Refused));
    return Outcome();
  }
  Value object = TRY(indented_document(op["Object"].as_string()));
  if (kind == "Update") return update(state, op, object);
  if (kind == "ExtractApply") {
    const std::string version = op["APIVersion"].to_string();
    const Type type = TRY(state.versions->type(version));
    auto mine = state.owners.find(op["Manager"].to_string());
    if (mine != state.owners.end() && mine->second.version != version)
      return Error(Code::Invalid, "cannot extract what was applied in another version");
    const FieldSet leaves = mine == state.owners.end() ? FieldSet() : mine->second.set.leaves();
    Value extracted = kube::extract_items(TRY(state.live_in(version)), leaves, type);
    object = TRY(kube::merge_typed(&extracted, &object, type));
    return apply(state, op, object, true);
  }
  return apply(state, op, object, kind == "ForceApply");
}

// The conflicts must be those recorded. Two rows were recorded with a list that lost its items:
// there each conflict must be a place that the config sets and that its manager owns.
Difference compare_conflicts(const Value& op, const Outcome& outcome, const Owners& owners) {
  const std::string wanted = wanted_conflicts(op["Conflicts"]);
  if (!wanted.empty()) return text_difference(wanted, conflict_lines(outcome.conflicts));
  if (outcome.conflicts.empty()) return "want a conflict";
  for (const auto& [manager, conflict] : outcome.conflicts) {
    auto owner = owners.find(manager);
    const bool real = manager != op["Manager"].as_string() && owner != owners.end() &&
                      conflict.set == conflict.set.intersection(owner->second.set) &&
                      conflict.set == conflict.set.intersection(outcome.config);
    if (!real) return cat("no such conflict: ", conflict_lines(outcome.conflicts));
  }
  return {};
}

// Upstream compares sets and versions and records most `applied` flags as false; a recorded true
// must be met, and beyond that the flag must tell how its manager wrote last.
Difference compare_applied(const Owners& want, const State& state) {
  for (const auto& [manager, owned] : state.owners) {
    auto recorded = want.find(manager);
    const bool must = recorded != want.end() && recorded->second.applied;
    if (must && !owned.applied) return cat(manager, ": not marked as applied");
    auto last = state.last_applied.find(manager);
    if (last != state.last_applied.end() && last->second != owned.applied)
      return cat(manager, ": applied is ", owned.applied ? "true" : "false");
  }
  return {};
}

Result<Difference> compare_end(const Value& row, const State& state) {
  if (row.contains("Object")) {
    const Value live = TRY(state.live_in(row["APIVersion"].to_string()));
    const Value want = TRY(indented_document(row["Object"].as_string()));
    Difference bad = text_difference(text_of(want), text_of(live));
    if (!bad.empty()) return bad;
  }
  for (const auto& [manager, owned] : state.owners) {
    if (owned.set.empty()) return cat(manager, ": owns nothing");
  }
  if (!row.contains("Managed")) return Difference();
  const Owners want = owners_of(row["Managed"]);
  if (!kube::difference(state.owners, want).empty())
    return text_difference(owners_text(want), owners_text(state.owners));
  return compare_applied(want, state);
}

void read_ignored(State& state, const Value& row) {
  for (const char* field : {"IgnoredFields", "IgnoreFilter"}) {
    for (const data::Member& version : row[field].members()) {
      const Value* filter = version.value.find("@NewExcludeSetFilter");
      state.ignored.by_version[std::string(name(version))] =
          set_of(filter == nullptr ? version.value : (*filter)[0]);
    }
  }
}

Result<Difference> run_ops(const std::string& table, const Value& row, const Value& parser) {
  State state;
  state.table = table;
  state.versions = recorded_versions(table, parser);
  read_ignored(state, row);
  const bool must_fail = !row.contains("Object") && !row.contains("Managed");
  for (const Value& op : row["Ops"].items()) {
    const Owners before = state.owners;
    auto done = run_op(state, op);
    if (must_fail && !done.ok()) return Difference();
    if (!done.ok()) return cat(op["@type"].as_string(), ": ", done.error().message());
    if (op.contains("Conflicts")) {
      Difference bad = compare_conflicts(op, *done, before);
      if (!bad.empty()) return bad;
    } else if (!done->conflicts.empty()) {
      return cat("unwanted conflicts: ", conflict_lines(done->conflicts));
    }
  }
  if (must_fail) return Difference("want an error");
  return compare_end(row, state);
}

Difference shown(const Result<Difference>& result) {
  return result.ok() ? *result : cat("error: ", result.error().message());
}

constexpr const char* kFiles[] = {"merge_deduced",
                                  "merge_default_keys",
                                  "merge_duplicates",
                                  "merge_extract_apply",
                                  "merge_field_level_overrides",
                                  "merge_ignore",
                                  "merge_key",
                                  "merge_leaf",
                                  "merge_multiple_appliers",
                                  "merge_nested",
                                  "merge_preserve_unknown",
                                  "merge_schema_change",
                                  "merge_set"};

}  // namespace

Result<> load_structured_merge(const std::string& corpus, std::vector<Case>& cases) {
  for (const char* file_name : kFiles) {
    Value file = TRY(json::parse(TRY(read_file(cat(corpus, "/patches/smd_", file_name, ".json")))));
    for (const data::Member& table : file["tables"].members()) {
      const std::string called(name(table));
      for (const Value& row : table.value["rows"].items()) {
        Value parser = recorded_parser(file, called, table.value, row);
        cases.push_back({cat("patches/", row["case"].as_string()),
                         [row, parser, called] { return shown(run_ops(called, row, parser)); }});
      }
    }
  }
  return {};
}

}  // namespace fleet::conformance
