#include "kube/merge/schema.h"

#include <unordered_map>

#include "base/strings.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kAtomicName = "__untyped_atomic_";
constexpr std::string_view kDeducedName = "__untyped_deduced_";

// The two types that every schema may speak of: what is known of unknown values.
AtomRef untyped_atom(std::string_view name) {
  auto atom = std::make_shared<Atom>();
  atom->scalar = Scalar::Untyped;
  atom->list =
      ListType{.element = {.name = std::string(kAtomicName), .inlined = {}, .relationship = {}},
               .relationship = Relationship::Atomic,
               .keys = {}};
  const bool atomic = name == kAtomicName;
  atom->map = MapType{.fields = {},
                      .element = {.name = std::string(name), .inlined = {}, .relationship = {}},
                      .relationship = atomic ? Relationship::Atomic : Relationship::Separable};
  return atom;
}

class NamedSchema : public Schema {
 public:
  NamedSchema() {
    for (std::string_view name : {kAtomicName, kDeducedName})
      types_[std::string(name)] = untyped_atom(name);
  }
  void add(std::string name, AtomRef atom) { types_[std::move(name)] = std::move(atom); }

 protected:
  AtomRef named(std::string_view name) const override {
    auto found = types_.find(std::string(name));
    return found == types_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string, AtomRef> types_;
};

Relationship relationship_of(std::string_view word, Relationship otherwise) {
  if (word == "atomic") return Relationship::Atomic;
  if (word == "associative") return Relationship::Associative;
  if (word == "separable") return Relationship::Separable;
  return otherwise;
}

Scalar scalar_of(std::string_view word) {
  if (word == "string") return Scalar::String;
  if (word == "numeric") return Scalar::Numeric;
  if (word == "boolean") return Scalar::Boolean;
  return word == "untyped" ? Scalar::Untyped : Scalar::None;
}

TypeRef read_ref(const data::Value& value);

Atom read_atom(const data::Value& value) {
  Atom atom;
  atom.scalar = scalar_of(value["scalar"].as_string());
  if (const data::Value& list = value["list"]; list.is_object()) {
    ListType type;
    type.element = read_ref(list["elementType"]);
    type.relationship =
        relationship_of(list["elementRelationship"].as_string(), Relationship::Atomic);
    for (const data::Value& key : list["keys"].items())
      type.keys.push_back(key.to_string());
    atom.list = std::move(type);
  }
  if (const data::Value& map = value["map"]; map.is_object()) {
    MapType type;
    type.element = read_ref(map["elementType"]);
    type.relationship =
        relationship_of(map["elementRelationship"].as_string(), Relationship::Separable);
    for (const data::Value& field : map["fields"].items()) {
      type.fields[field["name"].to_string()] = {read_ref(field["type"]), field["default"]};
    }
    atom.map = std::move(type);
  }
  return atom;
}

TypeRef read_ref(const data::Value& value) {
  TypeRef ref;
  if (!value.is_object()) return ref;
  ref.name = value["namedType"].to_string();
  if (const data::Value* word = value.find("elementRelationship");
      word != nullptr && !ref.name.empty()) {
    ref.relationship = relationship_of(word->as_string(), Relationship::Separable);
  }
  if (ref.name.empty() && !value.empty())
    ref.inlined = std::make_shared<const Atom>(read_atom(value));
  return ref;
}

}  // namespace

AtomRef Schema::resolve(const TypeRef& ref) const {
  static const AtomRef kNone = std::make_shared<const Atom>();
  AtomRef atom =
      ref.name.empty() ? (ref.inlined != nullptr ? ref.inlined : kNone) : named(ref.name);
  if (atom == nullptr || !ref.relationship) return atom;
  auto copy = std::make_shared<Atom>(*atom);
  if (copy->map) {
    copy->map->relationship = *ref.relationship;
  } else if (copy->list) {
    copy->list->relationship = *ref.relationship;
  }
  return copy;
}

Type deduced_type() {
  static const auto kSchema = std::make_shared<const NamedSchema>();
  return Type{kSchema,
              TypeRef{.name = std::string(kDeducedName), .inlined = {}, .relationship = {}}};
}

Result<Type> schema_type(const data::Value& schema, std::string_view root) {
  if (!schema["types"].is_array()) return Error(Code::Invalid, "schema: types must be a list");
  auto named = std::make_shared<NamedSchema>();
  for (const data::Value& type : schema["types"].items()) {
    named->add(type["name"].to_string(), std::make_shared<const Atom>(read_atom(type)));
  }
  return Type{named, TypeRef{.name = std::string(root), .inlined = {}, .relationship = {}}};
}

}  // namespace fleet::kube
