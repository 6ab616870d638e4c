#include "kube/meta/object.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kube {
namespace {

StringMap strings_of(const data::Value& object) {
  StringMap out;
  for (const data::Member& member : object.members()) {
    if (member.value.is_string()) out.emplace(name(member), member.value.as_string());
  }
  return out;
}

data::Value value_of(const StringMap& strings) {
  data::Value out = data::Value::object();
  for (const auto& [key, value] : strings) {
    out.set(key, value);
  }
  return out;
}

// Removes metadata.<map>.<key>, and the map when it is empty then.
bool remove_from(data::Value& object, std::string_view map, std::string_view key) {
  if (!object.at({"metadata", map}).contains(key)) return false;
  data::Value& strings = object.edit({"metadata", map});
  strings.erase(key);
  if (strings.empty()) object.edit("metadata").erase(map);
  return true;
}

}  // namespace

OwnerReference OwnerReference::from(const data::Value& value) {
  return {value["apiVersion"].to_string(),
          value["kind"].to_string(),
          value["name"].to_string(),
          value["uid"].to_string(),
          value["controller"].as_bool(),
          value["blockOwnerDeletion"].as_bool()};
}

data::Value OwnerReference::to_value() const {
  data::Value out = data::Value::object(
      {{"apiVersion", api_version}, {"kind", kind}, {"name", name}, {"uid", uid}});
  if (controller) out.set("controller", true);
  if (block_owner_deletion) out.set("blockOwnerDeletion", true);
  return out;
}

Object Object::make(const GroupVersionKind& gvk, const Key& key) {
  Object out;
  out.set_gvk(gvk);
  out.value_.set("metadata", data::Value::object());
  out.set_name(key.name);
  out.set_ns(key.ns);
  return out;
}

void Object::set_gvk(const GroupVersionKind& gvk) {
  value_.set("apiVersion", gvk.api_version());
  value_.set("kind", gvk.kind);
}

void Object::set_meta(std::string_view field, std::string_view text) {
  if (!text.empty()) {
    value_.set({"metadata", field}, text);
  } else if (metadata().contains(field)) {
    value_.edit("metadata").erase(field);
  }
}

std::optional<TimePoint> Object::time(std::string_view field) const {
  return parse_rfc3339(meta(field));
}

std::string_view Object::label(std::string_view key) const {
  return metadata()["labels"][key].as_string();
}

std::string_view Object::annotation(std::string_view key) const {
  return metadata()["annotations"][key].as_string();
}

bool Object::has_label(std::string_view key) const {
  return metadata()["labels"].contains(key);
}

bool Object::has_annotation(std::string_view key) const {
  return metadata()["annotations"].contains(key);
}

StringMap Object::labels() const {
  return strings_of(metadata()["labels"]);
}

StringMap Object::annotations() const {
  return strings_of(metadata()["annotations"]);
}

void Object::set_label(std::string_view key, std::string_view value) {
  value_.set({"metadata", "labels", key}, value);
}

void Object::set_annotation(std::string_view key, std::string_view value) {
  value_.set({"metadata", "annotations", key}, value);
}

bool Object::remove_label(std::string_view key) {
  return remove_from(value_, "labels", key);
}

bool Object::remove_annotation(std::string_view key) {
  return remove_from(value_, "annotations", key);
}

void Object::set_labels(const StringMap& labels) {
  if (!labels.empty()) {
    value_.set({"metadata", "labels"}, value_of(labels));
  } else if (metadata().contains("labels")) {
    value_.edit("metadata").erase("labels");
  }
}

void Object::set_annotations(const StringMap& annotations) {
  if (!annotations.empty()) {
    value_.set({"metadata", "annotations"}, value_of(annotations));
  } else if (metadata().contains("annotations")) {
    value_.edit("metadata").erase("annotations");
  }
}

std::vector<std::string> Object::finalizers() const {
  std::vector<std::string> out;
  for (const data::Value& item : metadata()["finalizers"].items()) {
    out.push_back(item.to_string());
  }
  return out;
}

bool Object::has_finalizer(std::string_view name) const {
  auto items = metadata()["finalizers"].items();
  return std::any_of(items.begin(), items.end(), [name](const data::Value& item) {
    return item.is_string() && item.as_string() == name;
  });
}

bool Object::add_finalizer(std::string_view name) {
  if (has_finalizer(name)) return false;
  value_.edit({"metadata", "finalizers"}).push_back(name);
  return true;
}

bool Object::remove_finalizer(std::string_view name) {
  if (!has_finalizer(name)) return false;
  data::Value rest = data::Value::array();
  for (const data::Value& item : metadata()["finalizers"].items()) {
    if (!(item.is_string() && item.as_string() == name)) rest.push_back(item);
  }
  if (rest.empty()) {
    value_.edit("metadata").erase("finalizers");
  } else {
    value_.set({"metadata", "finalizers"}, std::move(rest));
  }
  return true;
}

std::vector<OwnerReference> Object::owner_references() const {
  std::vector<OwnerReference> out;
  for (const data::Value& item : metadata()["ownerReferences"].items()) {
    out.push_back(OwnerReference::from(item));
  }
  return out;
}

std::optional<OwnerReference> Object::controller() const {
  for (const data::Value& item : metadata()["ownerReferences"].items()) {
    if (item["controller"].as_bool()) return OwnerReference::from(item);
  }
  return std::nullopt;
}

void Object::add_owner(const OwnerReference& owner) {
  data::Value& owners = value_.edit({"metadata", "ownerReferences"});
  for (size_t i = 0; i < owners.size(); ++i) {
    if (owners[i]["uid"].as_string() == owner.uid) {
      owners.edit(i) = owner.to_value();
      return;
    }
  }
  owners.push_back(owner.to_value());
}

OwnerReference controller_reference(const Object& owner) {
  return {std::string(owner.api_version()),
          std::string(owner.kind()),
          std::string(owner.name()),
          std::string(owner.uid()),
          true,
          true};
}

}  // namespace fleet::kube
