// Reading values under a schema: validation, the set of fields, items to remove or keep.
#include "kube/merge/typed.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "data/json/print.h"
#include "kube/merge/problems.h"

namespace fleet::kube {
namespace {

std::string go_text(const data::Value& value) {
  if (value.is_string()) return quote(value.as_string());
  return json::print(value, json::Keys::Sorted, json::Html::Plain);
}

std::string_view go_type(const data::Value& value) {
  switch (value.type()) {
    case data::Type::Bool:
      return "bool";
    case data::Type::String:
      return "string";
    case data::Type::Array:
      return "[]interface {}";
    case data::Type::Object:
      return "map[string]interface {}";
    case data::Type::Null:
      return "<nil>";
    default:
      return "int64";
  }
}

class Validator {
 public:
  Validator(const Schema& schema, bool duplicates_allowed)
      : schema_(schema),
        duplicates_allowed_(duplicates_allowed) {}

  Problems run(const TypeRef& type, const data::Value& value) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return missing_type(type);
    const Atom chosen = deduce_atom(*atom, &value);
    if (chosen.map) return map(*chosen.map, value);
    if (chosen.scalar != Scalar::None) return validate_scalar(chosen.scalar, &value, "");
    if (chosen.list) return list(*chosen.list, value);
    return invalid_atom(type);
  }

 private:
  Problems map(const MapType& type, const data::Value& value) {
    Problems problems;
    if (value.is_null()) return problems;
    if (!value.is_object()) return problem(cat("expected map, got &{", go_text(value), "}"));
    for (const data::Member& member : value.members()) {
      const PathElement element = PathElement::field(name(member));
      const StructField* field = type.field(name(member));
      if (field == nullptr && type.element.empty()) {
        append(problems, problem("field not declared in schema"), element);
        return problems;
      }
      append(problems, run(field != nullptr ? field->type : type.element, member.value), element);
    }
    return problems;
  }

  Problems list(const ListType& type, const data::Value& value) {
    Problems problems;
    if (value.is_null()) return problems;
    if (!value.is_array()) return problem(cat("expected list, got &{", go_text(value), "}"));
    std::set<PathElement> seen;
    int64_t index = 0;
    for (const data::Value& item : value.items()) {
      PathElement element = PathElement::index(index++);
      if (type.relationship == Relationship::Associative) {
        auto found = item_element(schema_, type, item);
        if (!found.ok()) {
          append(problems, problem(cat("element ", index - 1, ": ", found.error().message())));
          return problems;
        }
        element = std::move(found).value();
        if (!seen.insert(element).second && !duplicates_allowed_) {
          append(problems, problem(cat("duplicate entries for key ", element.text())));
        }
      }
      append(problems, run(type.element, item), element);
    }
    return problems;
  }

  const Schema& schema_;
  bool duplicates_allowed_;
};

class FieldWalker {
 public:
  FieldWalker(const Schema& schema, FieldSet& out)
      : schema_(schema),
        out_(out) {}

  Problems run(const TypeRef& type, const data::Value& value) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return missing_type(type);
    const Atom chosen = deduce_atom(*atom, &value);
    if (chosen.map) return map(*chosen.map, value);
    if (chosen.scalar != Scalar::None) {
      out_.insert(path_);
      return {};
    }
    if (chosen.list) return list(*chosen.list, value);
    return invalid_atom(type);
  }

 private:
  Problems map(const MapType& type, const data::Value& value) {
    if (type.relationship == Relationship::Atomic) {
      out_.insert(path_);
      return {};
    }
    Problems problems;
    for (const data::Member& member : value.members()) {
      const StructField* field = type.field(name(member));
      path_.push_back(PathElement::field(name(member)));
      append(problems, run(field != nullptr ? field->type : type.element, member.value));
      const bool blank =
          member.value.is_null() || (member.value.is_object() && member.value.empty());
      if (blank || field == nullptr) out_.insert(path_);
      path_.pop_back();
    }
    return problems;
  }

  Problems list(const ListType& type, const data::Value& value) {
    if (type.relationship == Relationship::Atomic) {
      out_.insert(path_);
      return {};
    }
    Problems problems;
    std::map<PathElement, size_t> count;
    std::vector<PathElement> elements;
    for (const data::Value& item : value.items()) {
      auto element = item_element(schema_, type, item);
      elements.push_back(element.ok() ? *element : PathElement());
      count[elements.back()]++;
    }
    for (size_t i = 0; i < elements.size(); i++) {
      path_.push_back(elements[i]);
      if (count[elements[i]] == 1) append(problems, run(type.element, value[i]));
      out_.insert(path_);
      path_.pop_back();
    }
    return problems;
  }

  const Schema& schema_;
  FieldSet& out_;
  FieldPath path_;
};

// Removes the items of a set, or keeps them alone. A null pointer: nothing is left.
class ItemWalker {
 public:
  ItemWalker(const Schema& schema, bool keep)
      : schema_(schema),
        keep_(keep) {}

  data::Value run(const TypeRef& type, const data::Value& value, const FieldSet& items) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return {};
    const Atom chosen = deduce_atom(*atom, &value);
    if (chosen.map) return map(*chosen.map, value, items);
    if (chosen.scalar != Scalar::None) return value;
    if (chosen.list) return list(*chosen.list, value, items);
    return {};
  }

 private:
  // Something inside was removed: the empty container itself stays.
  data::Value inside(const TypeRef& type, const data::Value& value, const FieldSet& items) {
    data::Value out = run(type, value, items);
    if (!out.is_null() || keep_) return out;
    if (value.is_object()) return data::Value::object();
    return value.is_array() ? data::Value::array() : out;
  }

  data::Value map(const MapType& type, const data::Value& value, const FieldSet& items) {
    if (!value.is_object()) return {};
    if (value.empty() || type.relationship == Relationship::Atomic)
      return keep_ ? value : data::Value();
    data::Value out = data::Value::object();
    bool matched = false;
    for (const data::Member& member : value.members()) {
      const PathElement element = PathElement::field(name(member));
      const StructField* field = type.field(name(member));
      const TypeRef& below = field != nullptr ? field->type : type.element;
      if (items.has_member(element)) {
        if (keep_) out.set(member.key, run(below, member.value, items));
        continue;
      }
      const FieldSet* subset = items.child(element);
      if (subset != nullptr && !subset->empty()) {
        matched = true;
        out.set(member.key, inside(below, member.value, *subset));
      } else if (!keep_) {
        out.set(member.key, member.value);
      }
    }
    if (out.empty() && !(matched && !keep_)) return {};
    return out;
  }

  data::Value list(const ListType& type, const data::Value& value, const FieldSet& items) {
    if (!value.is_array()) return {};
    if (value.empty() || type.relationship == Relationship::Atomic)
      return keep_ ? value : data::Value();
    data::Value out = data::Value::array();
    bool matched = false;
    for (const data::Value& item : value.items()) {
      auto found = item_element(schema_, type, item);
      const PathElement element = found.ok() ? *found : PathElement();
      const FieldSet* subset = items.child(element);
      const bool prefix = subset != nullptr && !subset->empty();
      const bool exact = items.has_member(element);
      if (keep_) {
        if (prefix) {
          out.push_back(run(type.element, item, *subset));
        } else if (exact) {
          out.push_back(item);
        }
        continue;
      }
      if (exact) continue;
      matched = matched || prefix;
      out.push_back(prefix ? inside(type.element, item, *subset) : item);
    }
    if (out.empty() && !(matched && !keep_)) return {};
    return out;
  }

  const Schema& schema_;
  bool keep_;
};

PathElement guessed_element(const data::Value& item, size_t index) {
  PathElement::KeyFields fields;
  for (const char* name : {"id", "key", "name"}) {
    const data::Value* field = item.is_object() ? item.find(name) : nullptr;
    if (field == nullptr || field->is_null() || field->is_object() || field->is_array()) continue;
    fields.emplace_back(name, *field);
  }
  if (!fields.empty()) return PathElement::key(std::move(fields));
  return PathElement::index(static_cast<int64_t>(index));
}

void guess_fields(const data::Value& value, FieldPath& path, FieldSet& set) {
  if (value.is_object()) {
    for (const data::Member& member : value.members()) {
      path.push_back(PathElement::field(data::name(member)));
      guess_fields(member.value, path, set);
      path.pop_back();
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); i++) {
      path.push_back(guessed_element(value[i], i));
      guess_fields(value[i], path, set);
      path.pop_back();
    }
  } else if (!path.empty()) {
    set.insert(path);
  }
}

}  // namespace

Error to_error(const Problems& problems) {
  if (problems.size() == 1) return Error(Code::Invalid, problems[0].text());
  std::string text = "errors:";
  for (const Problem& one : problems)
    text += cat("\n  ", one.text());
  return Error(Code::Invalid, std::move(text));
}

Problems problem(std::string text) {
  return {Problem{"", std::move(text)}};
}
Problems missing_type(const TypeRef& type) {
  return problem(cat("schema error: no type found matching: ",
                     type.name.empty() ? "inlined type" : type.name));
}
Problems invalid_atom(const TypeRef& type) {
  return problem(cat("schema error: invalid atom: ",
                     type.name.empty() ? "inlined" : cat("named type: ", type.name)));
}
void append(Problems& to, Problems more) {
  for (Problem& one : more)
    to.push_back(std::move(one));
}
void append(Problems& to, Problems more, const PathElement& below) {
  for (Problem& one : more) {
    one.path.insert(0, below.text());
    to.push_back(std::move(one));
  }
}

Problems validate_scalar(Scalar scalar, const data::Value* value, std::string_view side) {
  if (value == nullptr || value->is_null()) return {};
  switch (scalar) {
    case Scalar::Numeric:
      if (value->is_number()) return {};
      return problem(cat(side, "expected numeric (int or float), got ", go_type(*value)));
    case Scalar::String:
      if (value->is_string()) return {};
      return problem(cat(side, "expected string, got &{", go_text(*value), "}"));
    case Scalar::Boolean:
      if (value->is_bool()) return {};
      return problem(cat(side, "expected boolean, got &{", go_text(*value), "}"));
    default:
      if (!value->is_array() && !value->is_object()) return {};
      return problem(cat(side, "expected any scalar, got &{", go_text(*value), "}"));
  }
}

Atom deduce_atom(const Atom& atom, const data::Value* value) {
  if (value == nullptr || value->is_null()) return atom;
  Atom only;
  if (value->is_object()) {
    if (!atom.map) return atom;
    only.map = atom.map;
  } else if (value->is_array()) {
    if (!atom.list) return atom;
    only.list = atom.list;
  } else {
    if (atom.scalar == Scalar::None) return atom;
    only.scalar = atom.scalar;
  }
  return only;
}

Result<PathElement> item_element(const Schema& schema,
                                 const ListType& list,
                                 const data::Value& item) {
  if (list.relationship != Relationship::Associative) {
    return Error(Code::Invalid, "invalid indexing of non-associative list");
  }
  if (list.keys.empty()) {
    if (item.is_object()) {
      return Error(Code::Invalid, "associative list without keys has an element that's a map type");
    }
    if (item.is_array()) {
      return Error(Code::Invalid, "not supported: associative list with lists as elements");
    }
    if (item.is_null()) {
      return Error(Code::Invalid,
                   "associative list without keys has an element that's an explicit null");
    }
    return PathElement::value(item);
  }
  if (item.is_null())
    return Error(Code::Invalid, "associative list with keys may not have a null element");
  if (!item.is_object()) {
    return Error(Code::Invalid, "associative list with keys may not have non-map elements");
  }
  PathElement::KeyFields fields;
  AtomRef element;
  for (const std::string& key : list.keys) {
    if (const data::Value* value = item.find(key)) {
      fields.emplace_back(key, *value);
      continue;
    }
    if (element == nullptr) element = schema.resolve(list.element);
    if (element == nullptr || !element->map) continue;
    const StructField* field = element->map->field(key);
    if (field != nullptr && !field->fallback.is_null()) fields.emplace_back(key, field->fallback);
  }
  if (fields.empty()) {
    std::vector<std::string> names;
    for (const std::string& key : list.keys)
      names.push_back(quote(key));
    return Error(Code::Invalid,
                 cat("associative list with keys has an element that omits all key fields [",
                     join(names, " "),
                     "] (and doesn't have default values for any key fields)"));
  }
  return PathElement::key(std::move(fields));
}

Result<> validate(const data::Value& value, const Type& type, DuplicateItems duplicates) {
  Problems problems =
      Validator(*type.schema, duplicates == DuplicateItems::Allowed).run(type.root, value);
  if (!problems.empty()) return to_error(problems);
  return {};
}

Result<FieldSet> to_field_set(const data::Value& value, const Type& type) {
  FieldSet set;
  Problems problems = FieldWalker(*type.schema, set).run(type.root, value);
  if (!problems.empty()) return to_error(problems);
  return set;
}

FieldSet guessed_field_set(const data::Value& value) {
  FieldSet set;
  FieldPath path;
  guess_fields(value, path, set);
  return set;
}

data::Value remove_items(const data::Value& value, const FieldSet& items, const Type& type) {
  return ItemWalker(*type.schema, false).run(type.root, value, items);
}

data::Value extract_items(const data::Value& value, const FieldSet& items, const Type& type) {
  return ItemWalker(*type.schema, true).run(type.root, value, items);
}

}  // namespace fleet::kube
