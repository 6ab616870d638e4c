#include "data/fields/schema.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"

namespace fleet::data {
namespace {

Value of_struct(const TypeInfo& type);

Value of_type(const TypeInfo& type) {
  switch (type.shape) {
    case Shape::Bool:
      return Value::object({{"type", "boolean"}});
    case Shape::Int:
    case Shape::UInt: {
      // controller-gen gives Go's plain int no format.
      Value out = Value::object({{"type", "integer"}});
      if (type.go_type.ends_with("64")) out.set("format", "int64");
      if (type.go_type.ends_with("32")) out.set("format", "int32");
      return out;
    }
    case Shape::Double:
      return Value::object({{"type", "number"}});
    case Shape::String:
      return Value::object({{"type", "string"}});
    case Shape::Optional:
      return of_type(type.element());
    case Shape::List:
      return Value::object({{"items", of_type(type.element())}, {"type", "array"}});
    case Shape::Map:
      return Value::object({{"additionalProperties", of_type(type.element())}, {"type", "object"}});
    case Shape::Struct:
      return of_struct(type);
    case Shape::Any:
      return Value::object({{"x-kubernetes-preserve-unknown-fields", true}});
    case Shape::Custom:
      return type.custom->schema();
  }
  return nullptr;
}

Value of_field(const Field& field) {
  const Value* whole = field.rules.find("");
  Value out = whole != nullptr ? *whole : of_type(field.type());
  for (const Member& rule : field.rules.members()) {
    std::string_view key = name(rule);
    if (key.empty()) continue;
    if (key.starts_with("items.")) {
      std::string_view below = out.contains("items") ? "items" : "additionalProperties";
      out.set({below, key.substr(6)}, rule.value);
    } else {
      out.set(key, rule.value);
    }
  }
  if (field.is_nullable) out.set("nullable", true);
  if (!field.doc.empty()) out.set("description", field.doc);
  return out;
}

Value of_struct(const TypeInfo& type) {
  Value properties = Value::object();
  std::vector<std::string_view> required;
  for (const Field& field : type.fields()) {
    if (field.is_hidden) continue;
    properties.set(field.name, of_field(field));
    if (field.is_required) required.push_back(field.name);
  }
  Value out = Value::object({{"type", "object"}});
  if (!properties.empty()) out.set("properties", std::move(properties));
  std::sort(required.begin(), required.end());
  for (std::string_view one : required) {
    out.edit("required").push_back(one);
  }
  if (type.rules != nullptr) {
    const Value rules = type.rules();
    for (const Member& rule : rules.members())
      out.set(name(rule), rule.value);
  }
  return out;
}

std::string words_for(const TypeInfo& type, bool plural) {
  auto pick = [plural](const char* one, const char* many) {
    return std::string(plural ? many : one);
  };
  switch (type.shape) {
    case Shape::Bool:
      return pick("true or false", "booleans");
    case Shape::Int:
    case Shape::UInt:
    case Shape::Double:
      return pick("number", "numbers");
    case Shape::String:
      return pick("text", "texts");
    case Shape::Optional:
      return words_for(type.element(), plural);
    case Shape::List:
      return pick("list of ", "lists of ") + words_for(type.element(), true);
    case Shape::Map:
      return pick("map of ", "maps of ") + words_for(type.element(), true);
    case Shape::Struct:
      return pick("object", "objects");
    case Shape::Any:
      return pick("anything", "anything");
    case Shape::Custom:
      return std::string(type.go_type.substr(type.go_type.rfind('.') + 1));
  }
  return {};
}

// The struct at the end of pointers, lists and maps, or null; `path` gets the marks passed.
const TypeInfo* struct_below(const TypeInfo& type, std::string& path) {
  const TypeInfo* at = &type;
  while (at->shape == Shape::Optional || at->shape == Shape::List || at->shape == Shape::Map) {
    if (at->shape == Shape::List) path += "[]";
    if (at->shape == Shape::Map) path += ".*";
    at = &at->element();
  }
  return at->shape == Shape::Struct ? at : nullptr;
}

void describe_into(const TypeInfo& type,
                   const std::string& prefix,
                   std::vector<const TypeInfo*>& open,
                   std::vector<FieldDoc>& out) {
  open.push_back(&type);
  for (const Field& field : type.fields()) {
    if (field.is_hidden) continue;
    std::string path = prefix.empty() ? std::string(field.name) : cat(prefix, ".", field.name);
    out.push_back(
        FieldDoc{path, words_for(field.type(), false), std::string(field.doc), field.is_required});
    const TypeInfo* below = struct_below(field.type(), path);
    if (below != nullptr && std::find(open.begin(), open.end(), below) == open.end()) {
      describe_into(*below, path, open, out);
    }
  }
  open.pop_back();
}

}  // namespace

Value schema_of(const TypeInfo& type) {
  return of_type(type).sorted();
}

std::vector<FieldDoc> describe(const TypeInfo& type) {
  std::vector<FieldDoc> out;
  std::vector<const TypeInfo*> open;
  if (type.shape == Shape::Struct) describe_into(type, "", open, out);
  return out;
}

}  // namespace fleet::data
