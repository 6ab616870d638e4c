#include "kustomize/recorded_sets.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::conformance {

using data::Value;
using kube::FieldPath;
using kube::FieldSet;
using kube::Owners;
using kube::PathElement;

namespace {

PathElement key_of(const Value& recorded) {
  PathElement::KeyFields fields;
  for (size_t i = 0; i + 1 < recorded.size(); i += 2)
    fields.emplace_back(recorded[i].to_string(), recorded[i + 1]);
  return PathElement::key(std::move(fields));
}

}  // namespace

Result<Value> indented_document(std::string_view text) {
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

PathElement element_of(const Value& recorded) {
  if (recorded.is_string()) return PathElement::field(recorded.as_string());
  if (const Value* field = recorded.find("@FieldNameElement"))
    return PathElement::field((*field)[0].as_string());
  if (const Value* key = recorded.find("@KeyByFields")) return key_of(*key);
  if (const Value* key = recorded.find("@KeyElementByFields")) return key_of(*key);
  if (const Value* value = recorded.find("@value")) return PathElement::value(*value);
  if (const Value* value = recorded.find("@ValueElement")) {
    const Value& plain = (*value)[0];
    return PathElement::value(plain.contains("@value") ? plain["@value"] : plain);
  }
  if (const Value* index = recorded.find("@IndexElement"))
    return PathElement::index((*index)[0].as_int());
  if (recorded.is_object()) return PathElement::field("");  // an element that selects nothing
  return PathElement::index(recorded.as_int());
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

Result<kube::Type> type_in(std::string_view schema, std::string_view root) {
  return kube::schema_type(TRY(yaml::parse(schema)), root);
}

}  // namespace fleet::conformance
