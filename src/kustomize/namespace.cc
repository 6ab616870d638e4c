// The namespace of objects, and of what names it inside them.
#include <utility>

#include "base/strings.h"
#include "kustomize/output.h"
#include "kustomize/transform.h"
#include "kustomize/walk.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

class NamespaceSetter {
 public:
  explicit NamespaceSetter(const NamespaceOptions& options)
      : options_(options),
        specs_(options.specs) {}

  Result<> run(Resource& resource) {
    if (!resource.is_cluster_scoped()) {
      Node* metadata = resource.metadata();
      if (metadata == nullptr || !metadata->is_mapping()) return {};
      Node* current = metadata->find("namespace");
      if (current == nullptr) {
        metadata->set("namespace", Node::string(options_.ns));
      } else {
        TRY(set(*current));
      }
    }
    if (resource.kind() == "RoleBinding" || resource.kind() == "ClusterRoleBinding")
      TRY(subjects(resource));
    for (const ReadySpec* ready : specs_.of(resource)) {
      const FieldSpec& spec = *ready->spec;
      if (spec.path == "metadata/namespace") continue;  // done above
      // Only the core group's Namespace is renamed.
      if (spec.path == "metadata/name" && spec.kind == "Namespace" &&
          resource.node.member_text("apiVersion") != "v1") {
        continue;
      }
      if (spec.path == "subjects/namespace" &&
          (resource.kind() == "RoleBinding" || resource.kind() == "ClusterRoleBinding")) {
        continue;
      }
      TRY(apply_spec(resource, *ready, Make::Scalar, [&](Node& node) {
            return set(node);
          }).within("namespace field specs must target scalar nodes"));
    }
    return {};
  }

 private:
  Result<> set(Node& node) const {
    if (!node.is_scalar()) {
      return Error(Code::Invalid,
                   cat("wrong node kind: expected ScalarNode but got ",
                       node.is_mapping() ? "MappingNode" : "SequenceNode",
                       ": node contents:\n",
                       yaml::emit(node, yaml::Sequences::Compact).value_or("")));
    }
    if (options_.unset_only && !node.text().empty() && !node.is_null()) return {};
    const yaml::Style quotes = node.style() & yaml::kQuoted;
    node = Node::scalar(options_.ns, yaml::Tag::Str, quotes);
    return {};
  }

  Result<> subjects(Resource& resource) const {
    if (options_.subjects == SubjectMode::None) return {};
    Node* list = resource.node.find("subjects");
    if (list == nullptr || !list->is_sequence()) return {};
    for (Node& subject : list->children()) {
      if (!subject.is_mapping()) continue;
      const bool wanted = options_.subjects == SubjectMode::DefaultOnly
                              ? subject.member_text("name") == "default"
                              : subject.member_text("kind") == "ServiceAccount";
      if (!wanted) continue;
      Node* current = subject.find("namespace");
      if (current == nullptr) {
        subject.set("namespace", Node::string(options_.ns));
      } else {
        TRY(set(*current));
      }
    }
    return {};
  }

  const NamespaceOptions& options_;
  ReadySpecs specs_;
};

}  // namespace

Result<> set_namespace(ResMap& resources, const NamespaceOptions& options) {
  if (options.ns.empty()) return {};
  NamespaceSetter setter(options);
  auto& all = resources.all();
  for (Resource& resource : all) {
    if (resource.is_empty()) continue;
    resource.record();
    TRY(setter.run(resource));
  }
  resources.forget_index();
  const auto twins = resources.first_twins();
  if (!twins) return {};
  // The original meets the conflict when it moves the first; one that already was where it belongs
  // has not been touched then.
  Resource second = all[twins->second];
  if (second.previous_id(second.history.back()).same_as(second.current_id()))
    second.history.pop_back();
  return Error(Code::Invalid,
               cat("namespace transformation produces ID conflict: [",
                   json_text(all[twins->first]),
                   " ",
                   json_text(second),
                   "]"));
}

}  // namespace fleet::kustomize
