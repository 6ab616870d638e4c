// Where aliases point, and how much of them may be followed. Private to this room.
#pragma once

#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "data/yaml/node.h"

namespace fleet::yaml {

// Alias node → the node it names: the last one with that anchor before it in the document.
class AliasTargets {
 public:
  explicit AliasTargets(const Node& document) {
    if (document.kind() != Kind::None) visit(document);
  }
  const Node* of(const Node& alias) const;
  bool empty() const { return targets_.empty(); }

 private:
  void visit(const Node& node);

  std::unordered_map<std::string_view, const Node*> anchors_;
  std::unordered_map<const Node*, const Node*> targets_;
};

// Counts decoded nodes; refuses circles and documents that live of aliases (limits.h).
class AliasGuard {
 public:
  Result<> step();
  Result<> enter(const Node& alias);
  void leave(const Node& alias);
  bool inside() const { return depth_ > 0; }

 private:
  size_t decoded_ = 0;
  size_t aliased_ = 0;
  size_t depth_ = 0;
  std::vector<const Node*> open_;
};

}  // namespace fleet::yaml
