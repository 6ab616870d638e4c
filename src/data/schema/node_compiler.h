// NodeCompiler: the keywords of one schema object into its node. For this room's use.
#pragma once

#include <string>

#include "base/result.h"
#include "data/schema/compiler.h"

namespace fleet::schema {

class NodeCompiler {
 public:
  NodeCompiler(Compiler& compiler,
               Compiler::Document& document,
               const std::string& base,
               const data::Value& value,
               Node& node)
      : compiler_(compiler),
        document_(document),
        base_(base),
        value_(value),
        node_(node) {}

  Result<> run();

 private:
  Result<> references();
  Result<> applicators();
  void item_applicators();
  Result<> assertions();
  void limits();
  void dependencies();
  void conditions();

  Result<const Node*> reference(std::string_view keyword);
  const Node* child(std::string_view keyword);
  Node::Nodes list(std::string_view keyword);
  Node::ByName<const Node*> map(std::string_view keyword);
  Node::Additional additional(std::string_view keyword);
  std::optional<Decimal> number(std::string_view keyword) const;
  std::optional<int64_t> count(std::string_view keyword) const;
  bool flag(std::string_view keyword) const;
  Result<text::Regex> regex(const std::string& pattern, std::string_view keyword);
  std::string below(std::string_view keyword) const;
  bool asserts_format() const;

  Compiler& compiler_;
  Compiler::Document& document_;
  std::string base_;
  data::Value value_;
  Node& node_;
};

}  // namespace fleet::schema
