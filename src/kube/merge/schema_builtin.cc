// The built-in kinds, from the packed table in smd_table.cc.
#include <map>
#include <unordered_map>
#include <utility>

#include "base/strings.h"
#include "codec/gzip.h"
#include "data/json/parse.h"
#include "kube/merge/schema.h"
#include "kube/merge/tables.h"

namespace fleet::kube {
namespace {

TypeRef ref_of(const data::Value& value);

// The table's words: "s" "n" "b" "u" are scalars, "$X" is type X; {list, keys}, {map, f, atomic},
// {any: [...]} are alternatives.
void read_alternative(const data::Value& value, const data::Value& defaults, Atom& atom) {
  if (value.is_string()) {
    std::string_view word = value.as_string();
    atom.scalar = word == "s"   ? Scalar::String
                  : word == "n" ? Scalar::Numeric
                  : word == "b" ? Scalar::Boolean
                                : Scalar::Untyped;
    return;
  }
  for (const data::Value& part : value["any"].items())
    read_alternative(part, defaults, atom);
  if (const data::Value* list = value.find("list")) {
    ListType type;
    type.element = ref_of(*list);
    if (const data::Value* keys = value.find("keys")) {
      type.relationship = Relationship::Associative;
      for (const data::Value& key : keys->items())
        type.keys.push_back(key.to_string());
    }
    atom.list = std::move(type);
  }
  if (value.contains("f") || value.contains("map")) {
    MapType type;
    if (const data::Value* element = value.find("map")) type.element = ref_of(*element);
    for (const data::Member& member : value["f"].members()) {
      type.fields[std::string(name(member))] = {ref_of(member.value), value["def"][name(member)]};
    }
    if (value["atomic"].as_bool()) type.relationship = Relationship::Atomic;
    atom.map = std::move(type);
  }
}

TypeRef ref_of(const data::Value& value) {
  TypeRef ref;
  if (value.is_string() && value.as_string().starts_with('$')) {
    ref.name = value.as_string().substr(1);
    return ref;
  }
  Atom atom;
  read_alternative(value, data::Value(), atom);
  ref.inlined = std::make_shared<const Atom>(std::move(atom));
  return ref;
}

class BuiltinSchema : public Schema {
 public:
  BuiltinSchema() {
    auto text = codec::gunzip(packed_smd_schema());
    CHECK(text.ok());
    auto table = json::parse(*text);
    CHECK(table.ok());
    for (const data::Member& member : (*table)["types"].members()) {
      Atom atom;
      read_alternative(member.value, data::Value(), atom);
      types_[std::string(name(member))] = std::make_shared<const Atom>(std::move(atom));
    }
  }

 protected:
  AtomRef named(std::string_view name) const override {
    auto found = types_.find(std::string(name));
    return found == types_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string, AtomRef> types_;
};

// The Go package of a group: "apps", "rbac" for rbac.authorization.k8s.io, "core" for "".
std::string_view package_of(std::string_view group) {
  if (group.empty()) return "core";
  if (group == "internal.apiserver.k8s.io") return "apiserverinternal";
  return group.substr(0, group.find('.'));
}

}  // namespace

std::shared_ptr<const Schema> builtin_schema() {
  static const std::shared_ptr<const Schema> kSchema = std::make_shared<const BuiltinSchema>();
  return kSchema;
}

std::optional<Type> builtin_type(const GroupVersionKind& gvk) {
  const std::string_view group = gvk.group;
  if (group.find('.') != std::string_view::npos && !group.ends_with(".k8s.io")) return std::nullopt;
  TypeRef ref{.name = cat("io.k8s.api.", package_of(group), ".", gvk.version, ".", gvk.kind),
              .inlined = {},
              .relationship = {}};
  auto schema = builtin_schema();
  AtomRef atom = schema->resolve(ref);
  // Parts of kinds, a PodSpec say, stand in the table too: a kind has metadata.
  if (atom == nullptr || !atom->map || atom->map->field("metadata") == nullptr ||
      atom->map->field("kind") == nullptr) {
    return std::nullopt;
  }
  return Type{std::move(schema), std::move(ref)};
}

}  // namespace fleet::kube
