// Family patches, tables smd_*: fields, managers and applies of structured merge.
#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kube/merge/owners.h"
#include "kustomize/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;
using kube::FieldPath;
using kube::FieldSet;
using kube::Owners;
using kube::PathElement;
using kube::Type;

std::string text_of(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

// A document of a table, without the tabs it is indented with.
Result<Value> document(std::string_view text) {
  std::vector<std::string> lines;
  size_t tabs = std::string::npos;
  for (std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    tabs = std::min(tabs, line.find_first_not_of('\t'));
    lines.emplace_back(line);
  }
  std::string plain;
  for (const std::string& line : lines)
    plain += cat(std::string_view(line).substr(tabs), "\n");
  if (plain.empty()) return Value();
  return yaml::parse(plain);
}

PathElement element_of(const Value& part) {
  if (part.is_string()) return PathElement::field(part.as_string());
  if (const Value* key = part.find("@KeyByFields")) {
    PathElement::KeyFields fields;
    for (size_t i = 0; i + 1 < key->size(); i += 2)
      fields.emplace_back((*key)[i].to_string(), (*key)[i + 1]);
    return PathElement::key(std::move(fields));
  }
  if (const Value* value = part.find("@ValueElement")) return PathElement::value((*value)[0]);
  if (const Value* value = part.find("@value")) return PathElement::value(*value);
  return PathElement::index(part.as_int());
}

FieldPath path_of(const Value& recorded) {
  FieldPath path;
  for (const Value& part : recorded["@MakePathOrDie"].items())
    path.push_back(element_of(part));
  return path;
}

FieldSet set_of(const Value& recorded) {
  FieldSet set;
  for (const Value& path : recorded["@NewSet"].items())
    set.insert(path_of(path));
  return set;
}

Owners owners_of(const Value& recorded) {
  Owners owners;
  for (const data::Member& member : recorded.members()) {
    if (name(member) == "@type") continue;
    const Value& set = member.value["@NewVersionedSet"];
    owners[std::string(name(member))] = {set_of(set[0]), set[1].to_string(), set[2].as_bool()};
  }
  return owners;
}

std::string owners_text(const Owners& owners) {
  std::string out;
  for (const auto& [manager, owned] : owners) {
    out += cat(manager, " ", owned.version, "\n", owned.set.text());
    if (!out.ends_with('\n')) out += '\n';
  }
  return out;
}

Result<Type> type_in(std::string_view schema, std::string_view root) {
  return kube::schema_type(TRY(yaml::parse(schema)), root);
}

// A parser of a table: one type, or a type a version.
struct Parser {
  Value recorded;

  Result<Type> type(const std::string& version) const {
    if (recorded.is_null()) return kube::deduced_type();
    if (const Value* one = recorded.find("T"))
      return type_in((*one)["schema"].as_string(), (*one)["type"].as_string());
    return type_in(recorded["schema"].as_string(), version);
  }
};

// What a row of Ops works on.
struct State {
  Parser parser;
  Value live = Value::object();
  Owners owners;
  FieldSet ignored;
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

// The live object fits the new schema: the sets of all managers too.
Result<> reconcile(State& state) {
  for (auto& [manager, owned] : state.owners) {
    auto changed =
        TRY(kube::reconcile_with_schema(owned.set, TRY(state.parser.type(owned.version))));
    if (changed.has_value()) owned.set = *changed;
  }
  return {};
}

Result<> apply(State& state, const Value& op, Value config, bool force) {
  const std::string version = op["APIVersion"].to_string();
  const std::string manager = op["Manager"].to_string();
  Type type = TRY(state.parser.type(version));
  TRY(kube::validate(config, type, kube::DuplicateItems::Refused));
  auto applied = TRY(kube::apply_owned(
      state.live, config, version, state.owners, manager, force, state.ignored, type));
  if (!applied.conflicts.empty()) {
    return Error(Code::Conflict, conflict_lines(applied.conflicts));
  }
  if (applied.changed) state.live = applied.object;
  state.owners = applied.owners;
  return {};
}

Result<> run_op(State& state, const Value& op) {
  const std::string_view kind = op["@type"].as_string();
  if (kind == "ChangeParser") {
    state.parser.recorded = op["Parser"];
    return reconcile(state);
  }
  const std::string version = op["APIVersion"].to_string();
  const std::string manager = op["Manager"].to_string();
  Value object = TRY(document(op["Object"].as_string()));
  Type type = TRY(state.parser.type(version));
  if (kind == "Update") {
    TRY(kube::validate(object, type, kube::DuplicateItems::Allowed));
    state.owners = TRY(kube::update_owned(
        state.live, object, version, state.owners, manager, state.ignored, type));
    state.live = object;
    return {};
  }
  if (kind == "ExtractApply") {
    auto mine = state.owners.find(manager);
    FieldSet leaves = mine == state.owners.end() ? FieldSet() : mine->second.set.leaves();
    Value extracted = kube::extract_items(state.live, leaves, type);
    object = TRY(kube::merge_typed(&extracted, &object, type));
    return apply(state, op, object, true);
  }
  return apply(state, op, object, kind == "ForceApply");
}

Result<Difference> run_ops(const Value& row, const Value& parser) {
  State state;
  state.parser.recorded = parser;
  for (const char* field : {"IgnoredFields", "IgnoreFilter"}) {
    for (const data::Member& version : row[field].members()) {
      const Value& set = version.value.contains("@NewExcludeSetFilter")
                             ? version.value["@NewExcludeSetFilter"][0]
                             : version.value;
      state.ignored = state.ignored.united(set_of(set));
    }
  }
  const bool must_fail = !row.contains("Object") && !row.contains("Managed");
  for (const Value& op : row["Ops"].items()) {
    auto done = run_op(state, op);
    if (must_fail && !done.ok()) return Difference();
    if (op.contains("Conflicts")) {
      if (done.ok()) return Difference("want a conflict");
      if (done.error().code() != Code::Conflict) return cat("error: ", done.error().message());
      const std::string wanted = wanted_conflicts(op["Conflicts"]);
      if (wanted.empty()) continue;  // the recording does not say which
      Difference bad = text_difference(wanted, done.error().message());
      if (!bad.empty()) return bad;
    } else if (!done.ok()) {
      return cat(op["@type"].as_string(), ": ", done.error().message());
    }
  }
  if (must_fail) return Difference("want an error");
  if (row.contains("Object")) {
    Type type = TRY(state.parser.type(row["APIVersion"].to_string()));
    Value want = TRY(document(row["Object"].as_string()));
    auto comparison = TRY(kube::compare_typed(&state.live, &want, type));
    if (!comparison.same()) return text_difference(text_of(want), text_of(state.live));
  }
  if (!row.contains("Managed")) return Difference();
  return text_difference(owners_text(owners_of(row["Managed"])), owners_text(state.owners));
}

Result<Difference> compare_sets(std::string_view what, const Value& want, const FieldSet& got) {
  if (want.is_null()) return Difference();
  Difference bad = text_difference(set_of(want).text(), got.text());
  return bad.empty() ? bad : cat(what, ": ", bad);
}

Result<Difference> compare_pair(const Value& row, const Type& type) {
  Value left = TRY(yaml::parse(row["lhs"].as_string()));
  Value right = TRY(yaml::parse(row["rhs"].as_string()));
  auto got = TRY(kube::compare_typed(&left, &right, type));
  for (const auto& [what, set] : {std::pair{"removed", &got.removed},
                                  std::pair{"modified", &got.modified},
                                  std::pair{"added", &got.added}}) {
    Difference bad = TRY(compare_sets(what, row[what], *set));
    if (!bad.empty()) return cat(bad, "\nof ", text_of(row));
  }
  return Difference();
}

Result<Difference> merge_three(std::string_view left,
                               std::string_view right,
                               std::string_view want,
                               const Type& type) {
  Value below = TRY(yaml::parse(left));
  Value above = TRY(yaml::parse(right));
  Value merged = TRY(kube::merge_typed(&below, &above, type));
  Value wanted = TRY(yaml::parse(want));
  return text_difference(text_of(wanted), text_of(merged));
}

Result<Difference> run_typed(const Value& row) {
  Type type = TRY(type_in(row["schema"].as_string(), row["rootTypeName"].as_string()));
  for (const Value& one : row["triplets"].items()) {
    if (!one.contains("lhs")) continue;
    Difference bad = TRY(
        merge_three(one["lhs"].as_string(), one["rhs"].as_string(), one["out"].as_string(), type));
    if (!bad.empty()) return cat(bad, "\nof ", text_of(one));
  }
  for (const Value& one : row["quints"].items()) {
    Difference bad = TRY(compare_pair(one, type));
    if (!bad.empty()) return bad;
  }
  for (const Value& one : row["pairs"].items()) {
    if (!one.contains("set")) continue;
    FieldSet set = TRY(kube::to_field_set(TRY(yaml::parse(one["object"].as_string())), type));
    Difference bad = TRY(compare_sets("set", one["set"], set));
    if (!bad.empty()) return cat(bad, "\nof ", text_of(one));
  }
  for (const Value& text : row["validObjects"].items()) {
    TRY(kube::validate(TRY(yaml::parse(text.as_string())), type, kube::DuplicateItems::Refused));
  }
  for (const Value& text : row["invalidObjects"].items()) {
    auto value = yaml::parse(text.as_string());
    if (value.ok() && kube::validate(*value, type, kube::DuplicateItems::Refused).ok())
      return cat("valid: ", text.as_string());
  }
  return Difference();
}

Result<Difference> run_deduced(const std::string& table, const Value& row) {
  Type type = kube::deduced_type();
  if (table == "TestMergeDeduced")
    return merge_three(row["0"].as_string(), row["1"].as_string(), row["2"].as_string(), type);
  if (table == "TestSymdiffDeduced") return compare_pair(row, type);
  FieldSet set = TRY(kube::to_field_set(TRY(yaml::parse(row["0"].as_string())), type));
  return compare_sets("set", row["1"], set);
}

Difference wanted_bool(const Value& want, bool got) {
  return want.as_bool() == got ? "" : got ? "is equal" : "is not equal";
}

Result<Difference> run_fields(const std::string& table, const Value& row) {
  if (table == "TestPathString")
    return text_difference(row["expect"].as_string(), kube::path_text(path_of(row["fp"])));
  if (table == "TestSetInsertHas")
    return wanted_bool(row["expectMembership"], set_of(row["set"]).has(path_of(row["check"])));
  if (table == "TestSetEquals")
    return wanted_bool(row["equal"], set_of(row["a"]) == set_of(row["b"]));
  if (table == "TestSetLeaves")
    return compare_sets("leaves", row["expected"], set_of(row["input"]).leaves());
  if (table == "TestSetDifference") {
    FieldSet a = set_of(row["a"]);
    FieldSet b = set_of(row["b"]);
    Difference bad = TRY(compare_sets("difference", row["expectDifference"], a.difference(b)));
    if (!bad.empty()) return bad;
    return compare_sets("recursive", row["expectRecursiveDifference"], a.recursive_difference(b));
  }
  if (table == "TestPathElementRoundTrip") {
    PathElement element = TRY(PathElement::parse(row["stringValue"].as_string()));
    return text_difference(row["stringValue"].as_string(), element.serialized());
  }
  FieldSet set =
      TRY(FieldSet::from_fields_v1(TRY(json::parse(row["nonNormalizedString"].as_string()))));
  return text_difference(row["normalizedString"].as_string(),
                         json::print(set.to_fields_v1(), json::Keys::AsWritten));
}

Difference shown(const Result<Difference>& result) {
  return result.ok() ? *result : cat("error: ", result.error().message());
}

// Tables whose functions have no counterpart here: filters by pattern, managers as one value.
bool has_counterpart(std::string_view table) {
  constexpr std::string_view kNone[] = {"TestFilterByPattern",
                                        "TestManagersEquals",
                                        "TestManagersDifference",
                                        "TestFromValue",
                                        "TestPathElementLess",
                                        "TestEnsureNamedFieldsAreMembers",
                                        "TestComparisonExcludeFields",
                                        "reconcileCases",
                                        "removeCases",
                                        "reversibleExtractCases",
                                        "extractWithKeysCases"};
  return std::find(std::begin(kNone), std::end(kNone), table) == std::end(kNone);
}

constexpr const char* kFiles[] = {"fieldpath_path",
                                  "fieldpath_serialize-pe",
                                  "fieldpath_serialize",
                                  "fieldpath_set",
                                  "merge_deduced",
                                  "merge_default_keys",
                                  "merge_duplicates",
                                  "merge_extract_apply",
                                  "merge_field_level_overrides",
                                  "merge_ignore",
                                  "merge_leaf",
                                  "merge_multiple_appliers",
                                  "merge_nested",
                                  "merge_schema_change",
                                  "merge_set",
                                  "typed_deduced",
                                  "typed_merge",
                                  "typed_symdiff",
                                  "typed_toset",
                                  "typed_validate"};

// The parser of a table of rows with Ops: the first that the file gives.
Value parser_of(const Value& file, const Value& table, const Value& row) {
  for (const Value& parser : table["parser"].items()) {
    if (const Value* found = file["parsers"].find(parser.as_string())) {
      const std::string_view called = parser.as_string();
      // Rows that change it begin with the old one, or the other one of two.
      if (called == "structWithAtomicParser" && contains(row["case"].as_string(), "Granular/")) {
        return *found;
      }
      if (called.ends_with("Old") || called.ends_with("Before")) return *found;
      if (table["parser"].size() == 1) return *found;
    }
  }
  for (const Value& parser : table["parser"].items()) {
    if (const Value* found = file["parsers"].find(parser.as_string())) {
      if (contains(row["case"].as_string(), "TestAtomicToGranular") &&
          parser.as_string() == "structParser") {
        return file["parsers"]["structWithAtomicParser"];
      }
      return *found;
    }
  }
  return {};
}

}  // namespace

Result<> load_structured_merge(const std::string& corpus, std::vector<Case>& cases) {
  for (const char* file_name : kFiles) {
    Value file = TRY(json::parse(TRY(read_file(cat(corpus, "/patches/smd_", file_name, ".json")))));
    for (const data::Member& table : file["tables"].members()) {
      const std::string called(name(table));
      if (!has_counterpart(called)) continue;
      const Value& rows = table.value.is_array() ? table.value : table.value["rows"];
      for (const Value& row : rows.items()) {
        std::function<Difference()> run;
        if (row.contains("Ops")) {
          Value parser = parser_of(file, table.value, row);
          run = [row, parser] { return shown(run_ops(row, parser)); };
        } else if (std::string_view(file_name).starts_with("fieldpath")) {
          run = [row, called] { return shown(run_fields(called, row)); };
        } else if (called.ends_with("Deduced")) {
          run = [row, called] { return shown(run_deduced(called, row)); };
        } else {
          run = [row] { return shown(run_typed(row)); };
        }
        cases.push_back({cat("patches/", row["case"].as_string()), std::move(run)});
      }
    }
  }
  return {};
}

}  // namespace fleet::conformance
