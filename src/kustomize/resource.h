// Resource: one object on its way through a build, with what it was called before.
//
// The original keeps this history in annotations of the object; here it stands beside the node.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/yaml/node.h"
#include "kustomize/id.h"

namespace fleet::kustomize {

enum class Behavior : uint8_t { Unspecified, Create, Merge, Replace };
Behavior behavior_of(std::string_view word);
std::string_view behavior_text(Behavior behavior);

// Where a resource or a change came from, for build metadata. Printed in this order.
struct Origin {
  std::string path;
  std::string configured_in;
  std::string by_api_version;
  std::string by_kind;
  std::string by_name;
  std::string by_namespace;

  std::string yaml() const;
};

struct Earlier {
  std::string name;
  std::string ns;  // effective
  std::string kind;
};

// Additional cluster-scoped kinds of a custom schema: "group/version Kind".
struct Scoping {
  std::vector<std::string> extra_cluster;
  std::vector<std::string> extra_namespaced;
};

struct Resource {
  yaml::Node node;  // a mapping; a None node once it is deleted
  std::vector<Earlier> history;
  std::vector<std::string> prefixes;
  std::vector<std::string> suffixes;
  Behavior behavior = Behavior::Unspecified;
  bool generated = false;  // by a field of a kustomization
  bool needs_hash = false;
  bool allow_name_change = false;
  bool allow_kind_change = false;
  bool cluster_scoped_extra = false;     // by a custom schema
  std::shared_ptr<const Origin> origin;  // null: not tracked
  std::vector<Origin> transformations;
  uint16_t shared_groups = 1;     // see transform.cc
  std::vector<std::string> vars;  // names of vars whose values it gives

  Gvk gvk() const;
  std::string_view name() const;
  std::string_view ns() const;
  std::string_view kind() const { return node.member_text("kind"); }
  bool is_empty() const {
    return node.is_none() || node.is_null() || (node.is_mapping() && node.empty());
  }
  bool is_cluster_scoped() const {
    return cluster_scoped_extra ||
           kustomize::is_cluster_scoped(node.member_text("apiVersion"), kind());
  }

  // The kind that the first remembered id has.
  std::string_view original_kind() const {
    return history.empty() ? kind() : std::string_view(history.front().kind);
  }
  // True if the name is, or was, this.
  bool was_named(std::string_view wanted) const;

  Id current_id() const;
  // The first remembered id, or the current one.
  Id original_id() const;
  Id previous_id(const Earlier& earlier) const;
  std::vector<Id> previous_ids() const;
  // Earlier ids, then the current one.
  std::vector<Id> all_ids() const;

  // Remembers the current id.
  void record();
  void set_name(std::string_view name);
  void set_ns(std::string_view ns);  // empty: removes it

  // Labels and annotations as the original reads them: texts of scalars.
  std::string_view label(std::string_view key) const;
  std::string_view annotation(std::string_view key) const;
  yaml::Node* metadata();
  const yaml::Node* metadata() const { return node.find("metadata"); }
};

}  // namespace fleet::kustomize
