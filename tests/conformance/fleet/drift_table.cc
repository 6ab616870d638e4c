// Table drift: what the agent calls modified.
#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "fleet/monitor/compare.h"
#include "fleet/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<std::vector<api::ComparePatch>> patches_of(const Value& in) {
  std::vector<api::ComparePatch> out;
  for (const Value& patch : in["comparePatches"].items()) {
    out.push_back(TRY(data::decode<api::ComparePatch>(patch)));
  }
  return out;
}

// Numbers as an API server's reader has them, not as they were written.
Value plain(const Value& value) {
  auto parsed = json::parse(json::print(value, json::Keys::AsWritten));
  return parsed.ok() ? std::move(*parsed) : value;
}

Result<Value> run(const std::string& group, const Value& in) {
  auto patches = TRY(patches_of(in));
  if (group == "ignore-missing") {
    Value out = Value::array();
    for (const Value& missing : in["missing"].items()) {
      // The table names objects in short form, without metadata.
      kube::Key key{missing["namespace"].to_string(), missing["name"].to_string()};
      kube::Object object = kube::Object::make(kube::Object(missing).gvk(), key);
      if (monitor::is_ignored(object.value(), patches)) continue;
      out.push_back(cat(object.kind(), " ", object.key().str()));
    }
    return out;
  }
  auto patch = TRY(monitor::compare(plain(in["desired"]), plain(in["live"]), patches));
  if (!patch) return Value::object({{"modified", false}});
  return Value::object({{"modified", true}, {"patch", json::print(*patch, json::Keys::Sorted)}});
}

}  // namespace

void add_drift_table(Families& families) {
  add_table(families, "drift", run);
}

}  // namespace fleet::conformance
