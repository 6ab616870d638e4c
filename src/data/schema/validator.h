// Validator: one value against one node. For this room's use.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema/node.h"
#include "data/schema/problem.h"

namespace fleet::schema {

inline constexpr int64_t kMaxSchemaSteps = 2'000'000;  // values held against nodes, in one document

inline constexpr size_t kMaxProblems = 200'000;  // found on the way, also those that decide nothing

// What no keyword has looked at yet.
struct Unevaluated {
  std::set<std::string_view> properties;
  std::set<size_t> items;
  bool empty() const { return properties.empty() && items.empty(); }
};

// What all validators of one document share.
struct Session {
  int64_t steps = 0;
  size_t problems = 0;
  int depth = 0;
  const MetaByPointer* metas = nullptr;
};

// The way from the root schema to a node, for dynamic references and against cycles.
struct Scope {
  const Node* node = nullptr;
  std::string_view keyword = {};  // of a jump: "$ref"
  int value = 0;                  // number of the value: equal for the same value
  const Scope* parent = nullptr;
};

enum class Detail { Problems, YesOrNo };

class Validator {
 public:
  Validator(Session& session,
            const data::Value& value,
            const Scope& scope,
            std::vector<std::string>& path)
      : session_(session),
        value_(value),
        node_(scope.node),
        scope_(scope),
        path_(path) {}

  std::optional<Problem> run();

  const Node* meta = nullptr;  // set while checking schemas
  Detail detail = Detail::Problems;
  Unevaluated unevaluated;

 private:
  std::optional<Problem> check_value();
  std::optional<Problem> check_cycle() const;
  std::optional<Problem> too_many_steps() const;
  std::optional<Problem> finish();

  void check_object();
  void check_properties();
  void check_property(std::string_view name,
                      const data::Value& inner,
                      std::vector<std::string>& extra);
  void check_property_names();
  void check_dependencies();
  void check_array();
  void check_items();
  void check_contains();
  void check_string();
  void check_number();
  void check_references();
  void check_combined();
  void check_one_of();
  void check_condition();
  void check_unevaluated();

  std::optional<Problem> same_value(const Node* node,
                                    std::string_view keyword = {},
                                    Detail wanted = Detail::Problems);
  std::optional<Problem> inner_value(const Node* node, const data::Value& value, std::string token);
  std::optional<Problem> referred(const Node* node, std::string_view keyword);
  std::vector<std::string> missing(const std::vector<std::string>& names) const;

  void add(std::optional<Problem> problem);
  void fail(std::string text, std::vector<Problem> causes = {});
  Problem problem(std::string text) const;

  Session& session_;
  const data::Value& value_;
  const Node* node_;
  const Scope& scope_;
  std::vector<std::string>& path_;
  std::vector<Problem> problems_;
};

Unevaluated unevaluated_of(const data::Value& value, const Node& node, bool caller_needs);

}  // namespace fleet::schema
