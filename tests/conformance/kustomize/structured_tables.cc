// Family patches, tables smd_*: sets of fields, and values under a schema.
#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kube/merge/owners.h"
#include "kustomize/parts.h"
#include "kustomize/recorded_sets.h"

namespace fleet::conformance {
namespace {

using data::Value;
using kube::Comparison;
using kube::FieldSet;
using kube::Owners;
using kube::PathElement;
using kube::Type;

std::string text_of(const Value& value) {
  return json::print(value, json::Keys::Sorted);
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

Comparison comparison_of(const Value& recorded) {
  return {.added = set_of(recorded["Added"]),
          .removed = set_of(recorded["Removed"]),
          .modified = set_of(recorded["Modified"])};
}

// `Fails` says that the answer is not what `Expect` says.
Difference run_exclude(const Value& row) {
  const Comparison got = comparison_of(row["Comparison"]).without(set_of(row["Remove"]));
  const bool equal = got == comparison_of(row["Expect"]);
  if (equal != row["Fails"].as_bool()) return {};
  return cat(
      "added ", got.added.text(), "removed ", got.removed.text(), "modified ", got.modified.text());
}

// The recording has the live object and both schemas. Whoever owned the whole object under the old
// schema must own the whole object under the new one.
Result<Difference> run_reconcile(const Value& row) {
  const std::string_view root = row["rootTypeName"].as_string();
  const Type before = TRY(type_in(row["oldSchema"].as_string(), root));
  const Type after = TRY(type_in(row["newSchema"].as_string(), root));
  const Value live = TRY(yaml::parse(row["liveObject"].as_string()));
  FieldSet owned = TRY(kube::to_field_set(live, before));
  if (auto changed = TRY(kube::reconcile_with_schema(owned, after))) owned = *changed;
  return text_difference(TRY(kube::to_field_set(live, after)).text(), owned.text());
}

// Whatever is laid over an object can be taken out of it again.
Result<Difference> run_reversible(const Value& row) {
  const Type type = TRY(type_in(row["schema"].as_string(), row["rootTypeName"].as_string()));
  for (const Value& pair : row["pairs"].items()) {
    const Value object = TRY(yaml::parse(pair["object"].as_string()));
    const Value partial = TRY(yaml::parse(pair["pso"].as_string()));
    const Value merged = TRY(kube::merge_typed(&object, &partial, type));
    const FieldSet leaves = TRY(kube::to_field_set(partial, type)).leaves();
    Difference bad =
        text_difference(text_of(partial), text_of(kube::extract_items(merged, leaves, type)));
    if (!bad.empty()) return cat(bad, "\nof ", text_of(pair));
  }
  return Difference();
}

Difference wanted_bool(const Value& want, bool got) {
  return want.as_bool() == got ? "" : got ? "is equal" : "is not equal";
}

Result<Difference> run_fields(const std::string& table, const Value& row) {
  if (table == "TestPathString")
    return text_difference(row["expect"].as_string(), kube::path_text(path_of(row["fp"])));
  if (table == "TestSetInsertHas")
    return wanted_bool(row["expectMembership"], set_of(row["set"]).has(path_of(row["check"])));
  if (table == "TestPathElementLess") {
    const PathElement a = element_of(row["a"]);
    const PathElement b = element_of(row["b"]);
    if (b < b || (a < b) == row["eq"].as_bool())
      return Difference(cat("order of ", a.text(), b.text()));
    return wanted_bool(row["eq"], a == b);
  }
  if (table == "TestFromValue")
    return compare_sets(
        "set", row["set"], kube::guessed_field_set(TRY(yaml::parse(row["objYAML"].as_string()))));
  if (table == "TestManagersEquals")
    return text_difference(
        owners_text(owners_of(row["out"])),
        owners_text(kube::difference(owners_of(row["lhs"]), owners_of(row["rhs"]))));
  if (table == "TestManagersDifference")
    return wanted_bool(row["equal"], owners_of(row["lhs"]) == owners_of(row["rhs"]));
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

// Tables that cannot be run, since what they compare with is code upstream and is not in the
// recording: patterns, schemas, and the sets of reconciled, removed and extracted fields.
constexpr std::string_view kIncomplete[] = {"TestFilterByPattern",
                                            "TestEnsureNamedFieldsAreMembers",
                                            "removeCases",
                                            "extractWithKeysCases"};

constexpr const char* kFiles[] = {"fieldpath_element",
                                  "fieldpath_fromvalue",
                                  "fieldpath_managers",
                                  "fieldpath_path",
                                  "fieldpath_serialize-pe",
                                  "fieldpath_serialize",
                                  "fieldpath_set",
                                  "typed_comparison",
                                  "typed_deduced",
                                  "typed_merge",
                                  "typed_reconcile_schema",
                                  "typed_remove",
                                  "typed_symdiff",
                                  "typed_toset",
                                  "typed_validate"};

std::function<Difference()> runner(std::string_view file,
                                   const std::string& table,
                                   const Value& row) {
  if (file.starts_with("fieldpath")) return [row, table] { return shown(run_fields(table, row)); };
  if (table.ends_with("Deduced")) return [row, table] { return shown(run_deduced(table, row)); };
  if (table == "TestComparisonExcludeFields") return [row] { return run_exclude(row); };
  if (table == "reconcileCases") return [row] { return shown(run_reconcile(row)); };
  if (table == "reversibleExtractCases") return [row] { return shown(run_reversible(row)); };
  return [row] { return shown(run_typed(row)); };
}

}  // namespace

Result<> load_structured_tables(const std::string& corpus, std::vector<Case>& cases) {
  for (const char* file_name : kFiles) {
    Value file = TRY(json::parse(TRY(read_file(cat(corpus, "/patches/smd_", file_name, ".json")))));
    for (const data::Member& table : file["tables"].members()) {
      const std::string called(name(table));
      if (std::find(std::begin(kIncomplete), std::end(kIncomplete), called) !=
          std::end(kIncomplete)) {
        continue;
      }
      const Value& rows = table.value.is_array() ? table.value : table.value["rows"];
      for (const Value& row : rows.items())
        cases.push_back({cat("patches/", row["case"].as_string()), runner(file_name, called, row)});
    }
  }
  return {};
}

}  // namespace fleet::conformance
