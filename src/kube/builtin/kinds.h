// The built-in kinds that an API server of ours serves: names, scope, verbs, subresources.
//
// All tables are constants; what is worked out from them is made at first use and never changes.
// Pure. Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/meta/gvk.h"

namespace fleet::kube::builtin {

struct Kind {
  std::string_view group{};
  std::string_view version{};
  std::string_view kind{};
  std::string_view plural{};
  std::string_view singular{};
  bool namespaced = true;
  // Words with blanks between: "po", "all", "create delete get list".
  std::string_view short_names{};
  std::string_view categories{};
  std::string_view verbs{};         // as discovery prints them, sorted
  std::string_view subresources{};  // beside status and scale: "eviction token finalize"
  std::string_view schema{};        // its type in schema.h: "core.v1.Pod"
  bool has_status = false;
  bool has_scale = false;
  // Kept only while a request runs: reviews.
  bool is_virtual = false;

  Resource resource() const;
  GroupVersionKind gvk() const;
};

// In the order of discovery: by group as kube-apiserver orders them, then by name.
std::span<const Kind> kinds();
const Kind* find_kind(const GroupVersionKind& gvk);
const Kind* find_resource(std::string_view group,
                          std::string_view version,
                          std::string_view plural);

// The kinds that share storage with another version: autoscaling/v1 is kept as autoscaling/v2,
// events.k8s.io/v1 as core/v1. The kind itself for all others.
const Kind& storage_kind(const Kind& kind);

std::vector<std::string> words(std::string_view blank_separated);

}  // namespace fleet::kube::builtin
