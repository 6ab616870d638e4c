#include "kustomize/resource.h"

#include <algorithm>

#include "base/strings.h"
#include "data/value/value.h"
#include "data/yaml/yaml.h"

namespace fleet::kustomize {
namespace {

std::string_view metadata_text(const yaml::Node& node, std::string_view key) {
  const yaml::Node* metadata = node.find("metadata");
  return metadata == nullptr ? std::string_view() : metadata->member_text(key);
}

std::string_view map_text(const yaml::Node& node, std::string_view map, std::string_view key) {
  const yaml::Node* metadata = node.find("metadata");
  const yaml::Node* found = metadata == nullptr ? nullptr : metadata->find(map);
  return found == nullptr ? std::string_view() : found->member_text(key);
}

}  // namespace

Behavior behavior_of(std::string_view word) {
  if (word == "replace") return Behavior::Replace;
  if (word == "merge") return Behavior::Merge;
  if (word == "create") return Behavior::Create;
  return Behavior::Unspecified;
}

std::string_view behavior_text(Behavior behavior) {
  switch (behavior) {
    case Behavior::Replace:
      return "replace";
    case Behavior::Merge:
      return "merge";
    case Behavior::Create:
      return "create";
    case Behavior::Unspecified:
      break;
  }
  return "unspecified";
}

std::string Origin::yaml() const {
  std::string out;
  auto line = [&](std::string_view indent, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    std::string printed = yaml::print(data::Value(value));
    out += cat(indent, key, ": ", printed);
  };
  line("", "path", path);
  line("", "configuredIn", configured_in);
  if (!by_api_version.empty() || !by_kind.empty() || !by_name.empty()) {
    out += "configuredBy:\n";
    line("  ", "apiVersion", by_api_version);
    line("  ", "kind", by_kind);
    line("  ", "name", by_name);
    line("  ", "namespace", by_namespace);
  }
  return out.empty() ? "{}\n" : out;
}

Gvk Resource::gvk() const {
  return Gvk::of(node.member_text("apiVersion"), node.member_text("kind"));
}
std::string_view Resource::name() const {
  return metadata_text(node, "name");
}
std::string_view Resource::ns() const {
  return metadata_text(node, "namespace");
}

Id Resource::current_id() const {
  Id id;
  id.gvk = gvk();
  id.name = name();
  id.ns = ns();
  id.cluster_scoped = is_cluster_scoped();
  return id;
}

bool Resource::was_named(std::string_view wanted) const {
  return name() == wanted ||
         std::ranges::any_of(history, [&](const Earlier& one) { return one.name == wanted; });
}

Id Resource::original_id() const {
  return history.empty() ? current_id() : previous_id(history.front());
}

Id Resource::previous_id(const Earlier& earlier) const {
  Id id;
  id.gvk = gvk();
  id.gvk.kind = earlier.kind;
  id.name = earlier.name;
  id.ns = earlier.ns;
  id.cluster_scoped = cluster_scoped_extra ||
                      kustomize::is_cluster_scoped(node.member_text("apiVersion"), earlier.kind);
  return id;
}

std::vector<Id> Resource::previous_ids() const {
  std::vector<Id> ids;
  ids.reserve(history.size() + 1);
  for (const Earlier& earlier : history)
    ids.push_back(previous_id(earlier));
  return ids;
}

std::vector<Id> Resource::all_ids() const {
  std::vector<Id> ids = previous_ids();
  ids.push_back(current_id());
  return ids;
}

void Resource::record() {
  const std::string_view effective = is_cluster_scoped() ? kNoNamespace
                                     : ns().empty()      ? kDefaultNamespace
                                                         : ns();
  history.push_back({std::string(name()), std::string(effective), std::string(kind())});
}

yaml::Node* Resource::metadata() {
  if (!node.is_mapping()) return nullptr;
  yaml::Node* found = node.find("metadata");
  if (found != nullptr) return found;
  return &node.set("metadata", yaml::Node::mapping());
}

void Resource::set_name(std::string_view name) {
  if (yaml::Node* found = metadata()) found->set("name", yaml::Node::string(name));
}

void Resource::set_ns(std::string_view ns) {
  yaml::Node* found = metadata();
  if (found == nullptr) return;
  if (ns.empty()) {
    found->remove("namespace");
  } else {
    found->set("namespace", yaml::Node::string(ns));
  }
}

std::string_view Resource::label(std::string_view key) const {
  return map_text(node, "labels", key);
}
std::string_view Resource::annotation(std::string_view key) const {
  return map_text(node, "annotations", key);
}

}  // namespace fleet::kustomize
