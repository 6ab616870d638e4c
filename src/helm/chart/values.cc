#include "helm/chart/values.h"

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "helm/chart/coalesce.h"
#include "helm/chart/table.h"

namespace fleet::helm {
namespace {

using data::Value;

// As decoding a JSON text of the wrong kind into a Go map fails.
Error not_a_map(const Value& value) {
  std::string_view kind = "number";
  if (value.is_array()) kind = "array";
  if (value.is_string()) kind = "string";
  if (value.is_bool()) kind = "bool";
  return Error(Code::Invalid,
               cat("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ",
                   kind,
                   " into Go value of type "));
}

Result<Value> read_map(std::string_view text, std::string_view go_type) {
  auto document = TRY(yaml::parse(text).within("error converting YAML to JSON"));
  if (document.is_null()) return Value::object();
  if (!document.is_object()) {
    return Error(Code::Invalid, cat(not_a_map(document).message(), go_type));
  }
  return as_doubles(document);
}

Error no_table(std::string_view name) {
  return Error(Code::NotFound, cat(quote(name), " is not a table"));
}

Error no_value(std::string_view name) {
  return Error(Code::NotFound, cat(quote(name), " is not a value"));
}

Result<Value> coalesce_with(const Chart& chart, const Value& values, Nulls nulls) {
  Table table(values);
  TRY(coalesce(chart, table, nulls));
  return table.freeze();
}

Value coalesce_two(const Value& over, const Value& under, Nulls nulls) {
  if (!under.is_object()) return over;
  if (!over.is_object()) return under;
  Table result(over);
  Table source(under);
  coalesce_tables(result, source, nulls, Source::Dropped);
  return result.freeze();
}

}  // namespace

Value as_doubles(const Value& document) {
  if (document.is_number()) {
    return document.type() == data::Type::Double ? document : Value(document.as_double());
  }
  Value out = document;
  if (document.is_array()) {
    for (size_t i = 0; i < document.size(); ++i) {
      Value inner = as_doubles(document[i]);
      if (!inner.same_node(document[i])) out.edit(i) = std::move(inner);
    }
  }
  for (const data::Member& member : document.members()) {
    Value inner = as_doubles(member.value);
    if (!inner.same_node(member.value)) out.set(member.key, std::move(inner));
  }
  return out;
}

Result<Value> read_values(std::string_view text) {
  return read_map(text, "common.Values");
}

Result<Value> load_values(std::string_view text) {
  Value out = Value::object();
  auto documents = TRY(yaml::split_documents(text).within("error reading yaml document"));
  for (std::string_view document : documents) {
    std::string lines(document);
    if (!lines.ends_with('\n')) lines += '\n';  // the original's reader ends every line
    Value read =
        TRY(read_map(lines, "map[string]interface {}").within("cannot unmarshal yaml document"));
    out = merge_maps(out, read);
  }
  return out;
}

Value merge_maps(const Value& a, const Value& b) {
  Value out = a.is_object() ? a : Value::object();
  for (const data::Member& member : b.members()) {
    const Value* old = out.find(name(member));
    if (old != nullptr && old->is_object() && member.value.is_object()) {
      out.set(member.key, merge_maps(*old, member.value));
    } else {
      out.set(member.key, member.value);
    }
  }
  return out;
}

Result<Value> coalesce_values(const Chart& chart, const Value& values) {
  return coalesce_with(chart, values, Nulls::Removed);
}

Result<Value> merge_values(const Chart& chart, const Value& values) {
  return coalesce_with(chart, values, Nulls::Kept);
}

Value coalesce_tables(const Value& over, const Value& under) {
  return coalesce_two(over, under, Nulls::Removed);
}

Value merge_tables(const Value& over, const Value& under) {
  return coalesce_two(over, under, Nulls::Kept);
}

Result<Value> find_table(const Value& values, std::string_view path) {
  Value table = values;
  for (std::string_view part : split(path, '.')) {
    const Value* next = table.find(part);
    if (next == nullptr || !next->is_object()) return no_table(part);
    Value found = *next;
    table = std::move(found);
  }
  return table;
}

Result<Value> find_path_value(const Value& values, std::string_view path) {
  if (path.empty()) return Error(Code::BadRequest, "YAML path cannot be empty");
  auto parts = cut_last(path, ".");
  std::string_view key = parts ? parts->after : path;
  Value table = values;
  if (parts) {
    auto found = find_table(values, parts->before);
    if (!found.ok()) return no_value(key);
    table = std::move(found).value();
  }
  const Value* value = table.find(key);
  if (value == nullptr || value->is_object()) return no_value(key);
  return *value;
}

}  // namespace fleet::helm
