// Table gotemplate: text/template with its builtins alone, on values of many Go types.
#include "base/strings.h"
#include "data/json/parse.h"
#include "gotemplate/exec.h"
#include "template/parts.h"

namespace fleet::conformance {
namespace {

using gotemplate::Heap;
using gotemplate::Kind;
using gotemplate::MissingKey;
namespace types = gotemplate::types;
using Document = data::Value;

gotemplate::Value make(Heap& heap, const Document& in);

gotemplate::Value make_list(Heap& heap, const Document& in, const gotemplate::Type& type) {
  std::vector<gotemplate::Value> items;
  for (const auto& item : in.items()) {
    items.push_back(&type == &types::kIntList ? gotemplate::Value::integer(item.as_int())
                                              : make(heap, item));
  }
  return gotemplate::make_list(heap, items, type);
}

gotemplate::Value make_map(Heap& heap, const Document& in, const gotemplate::Type& type) {
  auto* node = gotemplate::new_map(heap, type);
  for (const auto& member : in.members()) {
    gotemplate::map_set(heap, node, heap.copy(member.key.view()), make(heap, member.value));
  }
  return gotemplate::Value::map(node);
}

// {"$int": "5"} and its like.
std::optional<gotemplate::Value> make_tagged(Heap& heap, const Document& in) {
  if (in.size() != 1) return std::nullopt;
  std::string_view tag = in.members()[0].key.view();
  const Document& value = in.members()[0].value;
  if (tag == "$int") return gotemplate::Value::integer(*parse_int(value.as_string()));
  if (tag == "$int64") {
    return gotemplate::Value::integer(*parse_int(value.as_string()), Kind::Int64);
  }
  if (tag == "$uint64") return gotemplate::Value::unsigned_integer(*parse_uint(value.as_string()));
  if (tag == "$number") {
    return gotemplate::Value::named(gotemplate::Value::string(heap.copy(value.as_string())),
                                    types::kNumber);
  }
  if (tag == "$bytes") return gotemplate::Value::bytes(heap.copy(value.as_string()));
  if (tag == "$ints") return make_list(heap, value, types::kIntList);
  if (tag == "$strings") return make_list(heap, value, types::kStringList);
  if (tag == "$stringmap") return make_map(heap, value, types::kStringMap);
  return std::nullopt;
}

gotemplate::Value make(Heap& heap, const Document& in) {
  if (in.is_number()) return gotemplate::Value::float64(in.as_double());
  if (in.is_string()) return gotemplate::Value::string(heap.copy(in.as_string()));
  if (in.is_array()) return make_list(heap, in, types::kAnyList);
  if (!in.is_object()) return gotemplate::wrap(heap, in);
  if (auto tagged = make_tagged(heap, in)) return *tagged;
  return make_map(heap, in, types::kAnyMap);
}

MissingKey missing_key(const Document& option) {
  if (option.as_string() == "zero") return MissingKey::Zero;
  return option.as_string() == "error" ? MissingKey::Error : MissingKey::Default;
}

Result<Document> run(const Document& root, const Document& in) {
  auto set = std::make_shared<gotemplate::TemplateSet>(gotemplate::builtin_functions(),
                                                       missing_key(in["missingkey"]));
  TRY(set->parse("t", recorded_bytes(in["text"])));
  gotemplate::PureHost host;
  gotemplate::Execution execution(set, host);
  std::string out;
  if (!execution.execute("t", make(execution.heap(), root), out)) {
    return Error(Code::Invalid, execution.failure().text());
  }
  return record_bytes(out);
}

}  // namespace

void add_gotemplate_table(Families& families) {
  add_table_with_data(families, "gotemplate", [](const std::string& corpus) -> Result<TableRow> {
    std::string text = TRY(read_file(corpus + "/tables/gotemplate.data.json"));
    Document data = TRY(json::parse(text, {json::Numbers::Double}))["std"];
    return TableRow([data](const std::string&, const Document& in) { return run(data, in); });
  });
}

}  // namespace fleet::conformance
