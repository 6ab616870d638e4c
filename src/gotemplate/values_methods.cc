#include "gotemplate/values_methods.h"

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "gotemplate/exec.h"

namespace fleet::gotemplate {
namespace {

Error no_table(std::string_view name) {
  return Error(Code::NotFound, cat(quote(name), " is not a table"));
}

Error no_value(std::string_view name) {
  return Error(Code::NotFound, cat(quote(name), " is not a value"));
}

Result<Value> find_table(Heap& heap, Value table, std::string_view path) {
  for (std::string_view part : split(path, '.')) {
    Value next = map_find(heap, table, part);
    if (!next.is_map()) return no_table(part);
    table = next;
  }
  return table;
}

Result<Value> as_map(Execution& run, std::span<const Value> arguments) {
  MapNode* node = arguments[0].as_map();
  return node == nullptr ? make_map(run.heap()) : Value::map(node);
}

Result<Value> table(Execution& run, std::span<const Value> arguments) {
  Value found = TRY(find_table(run.heap(), arguments[0], arguments[1].as_string()));
  return Value::named(found, types::kValues);
}

Result<Value> path_value(Execution& run, std::span<const Value> arguments) {
  std::string_view path = arguments[1].as_string();
  if (path.empty()) return Error(Code::BadRequest, "YAML path cannot be empty");
  auto parts = cut_last(path, ".");
  std::string_view key = parts ? parts->after : path;
  Value holder = arguments[0];
  if (parts) {
    auto found = find_table(run.heap(), holder, parts->before);
    if (!found.ok()) return no_value(key);
    holder = *found;
  }
  if (!map_has(holder, key)) return no_value(key);
  Value out = map_find(run.heap(), holder, key);
  if (out.is_map()) return no_value(key);
  return out.boxed();
}

Result<Value> as_yaml(Execution& run, std::span<const Value> arguments) {
  return Value::string(run.heap().copy(yaml::print(TRY(document(arguments[0])))));
}

constexpr Function kMethods[] = {{"AsMap", "V", &as_map},
                                 {"Table", "Vs", &table},
                                 {"PathValue", "Vs", &path_value},
                                 {"YAML", "V", &as_yaml}};

}  // namespace

std::span<const Function> values_methods() {
  return kMethods;
}

}  // namespace fleet::gotemplate
