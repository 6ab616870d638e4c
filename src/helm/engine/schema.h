// values.schema.json of every chart of a tree, against the coalesced values.
//
// As Helm 4.2.3, pkg/chart/common/util/jsonschema.go. A checker compiles a chart's schema once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "data/value/value.h"
#include "helm/chart/chart.h"

namespace fleet::helm {

class SchemaChecker {
 public:
  SchemaChecker();
  ~SchemaChecker();
  SchemaChecker(const SchemaChecker&) = delete;
  SchemaChecker& operator=(const SchemaChecker&) = delete;

  // Errors: Invalid, "values don't meet the specifications of the schema(s) in the following
  // chart(s):\nNAME:\n- at '/x': …\n".
  Result<> check(const Chart& chart, const data::Value& values);
  // The same without its first line.
  Result<> check_charts(const Chart& chart, const data::Value& values);
  // One schema text.
  Result<> check_one(const std::shared_ptr<const std::string>& schema, const data::Value& values);

 private:
  struct Compiled;
  void collect(const Chart& chart, const data::Value& values, std::string& out);

  std::map<const std::string*, std::unique_ptr<Compiled>> compiled_;
};

}  // namespace fleet::helm
