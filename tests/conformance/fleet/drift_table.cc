// Table drift: what the agent finds modified or missing.
#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/json/print.h"
#include "fleet/api/options.h"
#include "fleet/monitor/compare.h"
#include "fleet/parts.h"
#include "kube/meta/object.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> drift_row(const std::string& group, const Value& in) {
  auto patches = TRY(data::decode<std::vector<api::ComparePatch>>(in["comparePatches"]));
  if (group == "ignore-missing") {
    Value missing = Value::array();
    for (const Value& one : in["missing"].items()) {
      Value object = one;
      object.set({"metadata", "name"}, one["name"]);
      if (one.contains("namespace")) object.set({"metadata", "namespace"}, one["namespace"]);
      if (monitor::is_ignored(object, patches)) continue;
      kube::Object named(object);
      missing.push_back(cat(named.kind(), " ", named.key().str()));
    }
    return missing;
  }
  auto patch = TRY(monitor::compare(in["desired"], in["live"], patches));
  if (!patch || patch->empty()) return Value::object({{"modified", false}});
  return Value::object({{"modified", true}, {"patch", json::print(*patch, json::Keys::Sorted)}});
}

}  // namespace

void add_drift_table(Families& families) {
  add_table(families, "drift", drift_row);
}

}  // namespace fleet::conformance
