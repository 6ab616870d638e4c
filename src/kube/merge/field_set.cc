#include "kube/merge/field_set.h"

#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::kube {
namespace {

int rank(const data::Value& value) {
  if (value.is_number()) return 0;
  if (value.is_string()) return 1;
  if (value.is_bool()) return 2;
  if (value.is_array()) return 3;
  if (value.is_object()) return 4;
  return 5;
}

std::strong_ordering order(double a, double b) {
  return a < b   ? std::strong_ordering::less
         : b < a ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::strong_ordering compare_objects(const data::Value& a, const data::Value& b) {
  const data::Value left = a.sorted();
  const data::Value right = b.sorted();
  const size_t shared = std::min(left.size(), right.size());
  for (size_t i = 0; i < shared; i++) {
    const data::Member& x = left.members()[i];
    const data::Member& y = right.members()[i];
    if (auto by_name = name(x) <=> name(y); by_name != 0) return by_name;
    if (auto by_value = compare_values(x.value, y.value); by_value != 0) return by_value;
  }
  return left.size() <=> right.size();
}

std::string json_text(const data::Value& value) {
  return json::print(value, json::Keys::Sorted, json::Html::Plain);
}

}  // namespace

std::strong_ordering compare_values(const data::Value& a, const data::Value& b) {
  const int kind = rank(a);
  if (auto by_kind = kind <=> rank(b); by_kind != 0) return by_kind;
  switch (kind) {
    case 0:
      if (a.is_integer() && b.is_integer()) {
        if (a.type() == b.type() && a.type() == data::Type::Int) return a.as_int() <=> b.as_int();
      }
      return order(a.as_double(), b.as_double());
    case 1:
      return a.as_string() <=> b.as_string();
    case 2:
      return a.as_bool() <=> b.as_bool();
    case 3: {
      const size_t shared = std::min(a.size(), b.size());
      for (size_t i = 0; i < shared; i++) {
        if (auto by_item = compare_values(a[i], b[i]); by_item != 0) return by_item;
      }
      return a.size() <=> b.size();
    }
    case 4:
      return compare_objects(a, b);
    default:
      return std::strong_ordering::equal;
  }
}

PathElement PathElement::field(std::string_view name) {
  PathElement element;
  element.name_ = name;
  return element;
}
PathElement PathElement::key(KeyFields fields) {
  PathElement element;
  element.kind_ = Kind::Key;
  std::ranges::sort(fields, {}, &std::pair<std::string, data::Value>::first);
  element.fields_ = std::move(fields);
  return element;
}
PathElement PathElement::value(data::Value value) {
  PathElement element;
  element.kind_ = Kind::Value;
  element.value_ = std::move(value);
  return element;
}
PathElement PathElement::index(int64_t index) {
  PathElement element;
  element.kind_ = Kind::Index;
  element.index_ = index;
  return element;
}

Result<PathElement> PathElement::parse(std::string_view text) {
  if (text.size() < 2) return Error(Code::Invalid, cat("key must be 2 characters long: ", text));
  if (text[1] != ':') return Error(Code::Invalid, cat("missing colon: ", text));
  std::string_view rest = text.substr(2);
  switch (text[0]) {
    case 'f':
      return field(rest);
    case 'v':
      return value(TRY(json::parse(rest)));
    case 'k': {
      auto object = TRY(json::parse(rest));
      if (!object.is_object()) return Error(Code::Invalid, cat("key is no object: ", text));
      KeyFields fields;
      for (const data::Member& member : object.members()) {
        fields.emplace_back(std::string(data::name(member)), member.value);
      }
      return key(std::move(fields));
    }
    case 'i': {
      auto number = parse_int(rest);
      if (!number) return Error(Code::Invalid, cat("index is no number: ", text));
      return index(*number);
    }
    default:
      return Error(Code::Unsupported, cat("unknown path element type: ", text));
  }
}

std::string PathElement::serialized() const {
  switch (kind_) {
    case Kind::Field:
      return cat("f:", name_);
    case Kind::Value:
      return cat("v:", json_text(value_));
    case Kind::Index:
      return cat("i:", index_);
    case Kind::Key:
      break;
  }
  data::Value object = data::Value::object();
  for (const auto& [name, value] : fields_)
    object.set(name, value);
  return cat("k:", json_text(object));
}

std::string PathElement::text() const {
  switch (kind_) {
    case Kind::Field:
      return cat(".", name_);
    case Kind::Value:
      return cat("[=", json_text(value_), "]");
    case Kind::Index:
      return cat("[", index_, "]");
    case Kind::Key:
      break;
  }
  std::vector<std::string> parts;
  for (const auto& [name, value] : fields_)
    parts.push_back(cat(name, "=", json_text(value)));
  return cat("[", join(parts, ","), "]");
}

std::strong_ordering operator<=>(const PathElement& a, const PathElement& b) {
  if (auto by_kind = a.kind_ <=> b.kind_; by_kind != 0) return by_kind;
  switch (a.kind_) {
    case PathElement::Kind::Field:
      return a.name_ <=> b.name_;
    case PathElement::Kind::Value:
      return compare_values(a.value_, b.value_);
    case PathElement::Kind::Index:
      return a.index_ <=> b.index_;
    case PathElement::Kind::Key:
      break;
  }
  const size_t shared = std::min(a.fields_.size(), b.fields_.size());
  for (size_t i = 0; i < shared; i++) {
    if (auto by_name = a.fields_[i].first <=> b.fields_[i].first; by_name != 0) return by_name;
    if (auto by_value = compare_values(a.fields_[i].second, b.fields_[i].second); by_value != 0) {
      return by_value;
    }
  }
  return a.fields_.size() <=> b.fields_.size();
}

std::string path_text(const FieldPath& path) {
  std::string text;
  for (const PathElement& element : path)
    text += element.text();
  return text;
}

FieldSet FieldSet::of(std::initializer_list<FieldPath> paths) {
  FieldSet set;
  for (const FieldPath& path : paths)
    set.insert(path);
  return set;
}

void FieldSet::insert(const FieldPath& path) {
  if (path.empty()) return;  // the root is always there
  FieldSet* at = this;
  for (size_t i = 0; i + 1 < path.size(); i++)
    at = &at->children_[path[i]];
  at->members_.insert(path.back());
}

bool FieldSet::has(const FieldPath& path) const {
  if (path.empty()) return false;  // nobody owns the whole object
  const FieldSet* at = this;
  for (size_t i = 0; i + 1 < path.size(); i++) {
    at = at->child(path[i]);
    if (at == nullptr) return false;
  }
  return at->members_.contains(path.back());
}

const FieldSet* FieldSet::child(const PathElement& element) const {
  auto found = children_.find(element);
  return found == children_.end() ? nullptr : &found->second;
}

bool FieldSet::empty() const {
  return members_.empty() &&
         std::ranges::all_of(children_, [](const auto& child) { return child.second.empty(); });
}

size_t FieldSet::size() const {
  size_t count = members_.size();
  for (const auto& [element, child] : children_)
    count += child.size();
  return count;
}

FieldSet FieldSet::united(const FieldSet& other) const {
  FieldSet out = *this;
  out.members_.insert(other.members_.begin(), other.members_.end());
  for (const auto& [element, child] : other.children_) {
    auto [at, fresh] = out.children_.try_emplace(element, child);
    if (!fresh) at->second = at->second.united(child);
  }
  return out;
}

FieldSet FieldSet::intersection(const FieldSet& other) const {
  FieldSet out;
  for (const PathElement& member : members_) {
    if (other.members_.contains(member)) out.members_.insert(member);
  }
  for (const auto& [element, mine] : children_) {
    const FieldSet* theirs = other.child(element);
    if (theirs == nullptr) continue;
    FieldSet shared = mine.intersection(*theirs);
    if (!shared.empty()) out.children_.emplace(element, std::move(shared));
  }
  return out;
}

FieldSet FieldSet::difference(const FieldSet& other) const {
  FieldSet out;
  for (const PathElement& member : members_) {
    if (!other.members_.contains(member)) out.members_.insert(member);
  }
  for (const auto& [element, mine] : children_) {
    const FieldSet* theirs = other.child(element);
    FieldSet rest = theirs == nullptr ? mine : mine.difference(*theirs);
    if (!rest.empty()) out.children_.emplace(element, std::move(rest));
  }
  return out;
}

FieldSet FieldSet::recursive_difference(const FieldSet& other) const {
  FieldSet out;
  for (const PathElement& member : members_) {
    if (!other.members_.contains(member)) out.members_.insert(member);
  }
  for (const auto& [element, mine] : children_) {
    if (other.members_.contains(element)) continue;
    const FieldSet* theirs = other.child(element);
    FieldSet rest = theirs == nullptr ? mine : mine.recursive_difference(*theirs);
    if (!rest.empty()) out.children_.emplace(element, std::move(rest));
  }
  return out;
}

FieldSet FieldSet::with_named_fields(const Schema& schema, const TypeRef& type) const {
  FieldSet out;
  out.members_ = members_;
  AtomRef atom = schema.resolve(type);
  for (const auto& [element, child] : children_) {
    TypeRef below;
    if (atom != nullptr) {
      if (element.kind() == PathElement::Kind::Field) {
        if (atom->map) {
          const StructField* field = atom->map->field(element.name());
          if (field != nullptr) out.members_.insert(element);
          below = field != nullptr ? field->type : atom->map->element;
        }
      } else if (atom->list) {
        below = atom->list->element;
      }
    }
    out.children_.emplace(element, child.with_named_fields(schema, below));
  }
  return out;
}

FieldSet FieldSet::leaves() const {
  FieldSet out;
  for (const PathElement& member : members_) {
    if (!children_.contains(member)) out.members_.insert(member);
  }
  for (const auto& [element, child] : children_)
    out.children_.emplace(element, child.leaves());
  return out;
}

void FieldSet::each(const std::function<void(const FieldPath&)>& visit) const {
  FieldPath path;
  each_below(path, visit);
}

void FieldSet::each_below(FieldPath& path,
                          const std::function<void(const FieldPath&)>& visit) const {
  for (const PathElement& member : members_) {
    path.push_back(member);
    visit(path);
    path.pop_back();
  }
  for (const auto& [element, child] : children_) {
    path.push_back(element);
    child.each_below(path, visit);
    path.pop_back();
  }
}

data::Value FieldSet::to_fields_v1() const {
  data::Value out = data::Value::object();
  auto member = members_.begin();
  auto child = children_.begin();
  while (member != members_.end() || child != children_.end()) {
    const bool take_member =
        child == children_.end() || (member != members_.end() && *member < child->first);
    if (take_member) {
      out.set(member->serialized(), data::Value::object());
      ++member;
      continue;
    }
    data::Value below = child->second.to_fields_v1();
    if (member != members_.end() && *member == child->first) {
      data::Value both = data::Value::object({{".", data::Value::object()}});
      for (const data::Member& part : below.members())
        both.set(part.key, part.value);
      below = std::move(both);
      ++member;
    }
    out.set(child->first.serialized(), std::move(below));
    ++child;
  }
  return out;
}

Result<FieldSet> FieldSet::from_fields_v1(const data::Value& fields) {
  FieldSet out;
  if (fields.is_null()) return out;
  if (!fields.is_object()) return Error(Code::Invalid, "fieldsV1 must be an object");
  for (const data::Member& member : fields.members()) {
    std::string_view text = data::name(member);
    if (text == ".") continue;  // read by the level above
    auto element = PathElement::parse(text);
    if (!element.ok()) {
      if (element.error().code() == Code::Unsupported) continue;  // from a newer server
      return std::move(element).error();
    }
    const data::Value& below = member.value;
    if (!below.is_object() || below.empty() || below.contains(".")) out.members_.insert(*element);
    FieldSet child = TRY(from_fields_v1(below));
    if (!child.empty()) out.children_.emplace(*element, std::move(child));
  }
  return out;
}

std::string FieldSet::text() const {
  std::vector<std::string> lines;
  each([&](const FieldPath& path) { lines.push_back(path_text(path)); });
  return join(lines, "\n");
}

}  // namespace fleet::kube
