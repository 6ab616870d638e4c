// Family patches: JSON patches, JSON merge patches and strategic merge patches.
#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"
#include "kube/merge/strategic.h"
#include "kustomize/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;

std::string text_of(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

Result<Value> read_table(const std::string& corpus, std::string_view file) {
  return json::parse(TRY(read_file(cat(corpus, "/patches/", file, ".json"))));
}

// Compares an answer with the row's `result` or `error`.
Difference compare(const Value& row, const Result<std::string>& got, bool as_text) {
  if (const Value* error = row.find("error")) {
    if (got.ok()) return cat("want the error ", error->as_string(), "\ngot ", *got);
    return text_difference(error->as_string(), got.error().message());
  }
  if (!got.ok()) return cat("unwanted error: ", got.error().message());
  return text_difference(as_text ? row["result"].to_string() : text_of(row["result"]), *got);
}

Result<std::string> own_answer(const Value& row) {
  const std::string op = row["op"].to_string();
  if (op == "json-patch") {
    return patch::apply_json_patch_text(row["doc"].as_string(), row["patch"].as_string());
  }
  if (op == "merge-apply") {
    return patch::apply_merge_patch_text(row["doc"].as_string(), row["patch"].as_string());
  }
  if (op == "merge-create") {
    return patch::create_merge_patch_text(row["doc"].as_string(), row["modified"].as_string());
  }
  if (op == "merge-three") {
    return text_of(
        TRY(patch::three_way_merge_patch(row["original"], row["modified"], row["current"])));
  }
  const std::string type = row["type"].to_string();
  const size_t slash = type.rfind('/');
  auto schema =
      kube::patch_schema(kube::GroupVersionKind::of(type.substr(0, slash), type.substr(slash + 1)));
  if (schema == nullptr) return Error(Code::Unsupported, cat("no such type: ", type));
  if (op == "smp-apply") {
    return text_of(TRY(kube::apply_strategic(row["original"], row["patch"], *schema)));
  }
  if (op == "smp-diff") {
    return text_of(TRY(kube::diff_strategic(row["original"], row["modified"], *schema)));
  }
  return text_of(TRY(kube::three_way_strategic(
      row["original"],
      row["modified"],
      row["current"],
      *schema,
      op == "smp-three-strict" ? kube::Overwrite::No : kube::Overwrite::Yes)));
}

Difference run_own(const Value& row) {
  const std::string_view op = row["op"].as_string();
  const bool as_text = op == "json-patch" || op == "merge-apply" || op == "merge-create";
  return compare(row, own_answer(row), as_text);
}

// A JSON text in one form, for comparing; the text itself if it is none.
std::string plain(std::string_view text) {
  auto value = json::parse(text, {.numbers = json::Numbers::AsWritten});
  return value.ok() ? text_of(*value) : std::string(text);
}

Difference run_json_patch(const std::string& table, const Value& row) {
  const std::string_view patch = row["patch"].as_string();
  if (table == "EqualityCases") {
    auto made = patch::create_merge_patch_text(row["a"].as_string(), row["b"].as_string());
    if (!made.ok()) return {};
    return (*made == "{}") == row["equal"].as_bool() ? "" : cat("the difference is ", *made);
  }
  if (table == "rfcTests") {
    auto got = patch::apply_merge_patch_text(row["target"].as_string(), patch);
    if (!got.ok()) return cat("unwanted error: ", got.error().message());
    return text_difference(plain(row["expected"].as_string()), plain(*got));
  }
  const std::string_view document = row["doc"].as_string();
  auto got = patch::apply_json_patch_text(document, patch);
  if (table == "BadCases") return got.ok() ? cat("want an error, got ", *got) : "";
  if (table ==
      "MutationTestCases") {  // as upstream's test has it: it applies and changes something
    if (!got.ok()) return cat("unwanted error: ", got.error().message());
    return plain(document) == plain(*got) ? "the document is as it was" : "";
  }
  if (table == "TestCases") {
    if (got.ok() != row["result"].as_bool()) return got.ok() ? "passed" : got.error().message();
    if (got.ok() || contains(got.error().message(), row["failedPath"].as_string())) return {};
    return got.error().message();
  }
  if (!got.ok()) return cat("unwanted error: ", got.error().message());
  return text_difference(plain(row["result"].as_string()), plain(*got));
}

// The schema of the test type in the form that patch_schema_of reads.
Value schema_table(const Value& schema) {
  auto type_of = [](std::string_view written) {
    const size_t colon = written.find(':');
    const std::string_view form = written.substr(0, colon);
    const std::string below(colon == std::string_view::npos ? "" : written.substr(colon + 1));
    const bool named = below.ends_with("Item");
    const Value inner =
        named ? Value::object({{"ref", below}}) : Value::object({{"opaque", below}});
    if (form == "list" || form == "ptr") return Value::object({{"list", inner}});
    if (form == "map") return Value::object({{"map", inner}});
    return named ? inner : Value::object({{"opaque", std::string(form)}});
  };
  Value types = Value::object();
  for (const data::Member& type : schema.members()) {
    Value fields = Value::object();
    for (const data::Member& field : type.value.members()) {
      Value made = type_of(field.value[0].as_string());
      if (field.value.size() > 1) made.set("strategy", field.value[1]);
      if (field.value.size() > 2) made.set("key", field.value[2]);
      fields.set(field.key, std::move(made));
    }
    types.set(type.key, std::move(fields));
  }
  return Value::object({{"types", std::move(types)}});
}

// Lists of objects that all have a name, and lists of scalars, in one order, at every depth.
Value sorted(const Value& value) {
  if (value.is_object()) {
    Value out = Value::object();
    for (const data::Member& member : value.members())
      out.set(member.key, sorted(member.value));
    return out;
  }
  if (!value.is_array()) return value;
  std::vector<Value> items;
  for (const Value& item : value.items())
    items.push_back(sorted(item));
  auto key = [](const Value& item) {
    const Value* name = item.find("name");
    return text_of(name == nullptr ? item : *name);
  };
  std::stable_sort(
      items.begin(), items.end(), [&](const Value& a, const Value& b) { return key(a) < key(b); });
  Value out = Value::array();
  for (Value& item : items)
    out.push_back(std::move(item));
  return out;
}

Difference same(std::string_view what, const Value& want, const Result<Value>& got) {
  if (!got.ok()) return cat(what, ": ", got.error().message());
  Difference difference = text_difference(text_of(sorted(want)), text_of(sorted(*got)));
  return difference.empty() ? "" : cat(what, ":\n", difference);
}

Difference run_strategic(const Value& row, const kube::PatchSchema& schema) {
  const Value& original = row["Original"];
  const Value& modified = row["Modified"];
  const Value& two = row["TwoWay"];
  if (const Value* error = row.find("ExpectedError");
      error != nullptr && !row.contains("Current")) {
    auto got = kube::apply_strategic(original, two, schema);
    if (got.ok()) return cat("want the error ", error->as_string());
    return contains(got.error().message(), error->as_string()) ? "" : got.error().message();
  }
  const bool custom = row["table"].as_string().starts_with("custom");
  if (!custom) {
    Difference bad = same("two-way", two, kube::diff_strategic(original, modified, schema));
    if (!bad.empty()) return bad;
  }
  const Value& after = row.contains("TwoWayResult") ? row["TwoWayResult"] : modified;
  Difference bad = same("result", after, kube::apply_strategic(original, two, schema));
  if (!bad.empty() || !row.contains("ThreeWay")) return bad;
  const Value& current = row["Current"];
  bad = same(
      "three-way", row["ThreeWay"], kube::three_way_strategic(original, modified, current, schema));
  if (!bad.empty()) return bad;
  return same(
      "result of three", row["Result"], kube::apply_strategic(current, row["ThreeWay"], schema));
}

std::string case_name(const Value& row) {
  return cat("patches/", row["case"].as_string());
}

Result<std::vector<Case>> load(const std::string& corpus) {
  std::vector<Case> cases;
  for (const char* file : {"own_json_patch", "own_merge_patch", "own_strategic"}) {
    Value table = TRY(read_table(corpus, file));
    for (const Value& row : table["rows"].items())
      cases.push_back({case_name(row), [row] { return run_own(row); }});
  }
  Value json_patch = TRY(read_table(corpus, "json_patch"));
  for (const data::Member& table : json_patch.members()) {
    for (const Value& row : table.value.items()) {
      if (!row.contains("case")) continue;
      cases.push_back({case_name(row), [row, name = std::string(name(table))] {
                         return run_json_patch(name, row);
                       }});
    }
  }
  Value strategic = TRY(read_table(corpus, "strategic_merge_patch"));
  auto schema = kube::patch_schema_of(schema_table(strategic["schema"]), "MergeItem");
  for (const Value& row : strategic["rows"].items())
    cases.push_back({case_name(row), [row, schema] { return run_strategic(row, *schema); }});
  TRY(load_structured_merge(corpus, cases));
  TRY(load_structured_tables(corpus, cases));
  return cases;
}

}  // namespace

void add_patches(Families& families) {
  families.add({"patches", load});
}

}  // namespace fleet::conformance
