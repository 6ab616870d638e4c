// Tables fleet-names and fleet-hashes: names and identities derived from texts and options.
#include <string>
#include <vector>

#include "data/json/print.h"
#include "fleet/api/hashes.h"
#include "fleet/api/names.h"
#include "fleet/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> name_row(const std::string& group, const Value& in) {
  std::string s = recorded_bytes(in["s"]);
  auto n = static_cast<size_t>(in["n"].as_int());
  if (group == "limit") return record_bytes(api::limit_name(s, n));
  if (group == "hex") return record_bytes(api::hex(s, n));
  if (group == "key-hash") return record_bytes(api::key_hash(s));
  if (group == "helm-release-name") return record_bytes(api::helm_release_name(s));
  if (group == "cluster-from-client-id") {
    return record_bytes(api::cluster_name_from_client_id(recorded_bytes(in["clientID"])));
  }
  if (group == "cluster-namespace") {
    return record_bytes(
        api::cluster_namespace(recorded_bytes(in["namespace"]), recorded_bytes(in["cluster"])));
  }
  if (group == "bundle-name") {
    return record_bytes(api::bundle_name(
        recorded_bytes(in["repo"]), recorded_bytes(in["dir"]), recorded_bytes(in["file"])));
  }
  if (group == "safe-concat") {
    std::vector<std::string> parts;
    for (const Value& part : in["parts"].items()) {
      parts.push_back(recorded_bytes(part));
    }
    std::vector<std::string_view> views(parts.begin(), parts.end());
    return record_bytes(api::safe_concat_name(views));
  }
  return Error{Code::Unsupported, "unknown group " + group};
}

Result<Value> content_row(const Value& in) {
  std::vector<api::BundleResource> resources;
  for (const Value& resource : in["resources"].items()) {
    resources.push_back({.name = recorded_bytes(resource["name"]),
                         .content = recorded_bytes(resource["content"]),
                         .encoding = recorded_bytes(resource["encoding"])});
  }
  api::Manifest manifest = api::make_manifest(resources);
  return Value::object(
      {{"json", record_bytes(manifest.json)}, {"name", manifest.id}, {"sha256", manifest.sha256}});
}

Result<api::BundleDeploymentOptions> with_values(const Value& values) {
  api::BundleDeploymentOptions out;
  out.helm.emplace();
  if (!values.is_null()) out.helm->values = api::GenericMap{api::with_float_numbers(values)};
  return out;
}

Result<Value> hash_row(const std::string& group, const Value& in) {
  if (group == "content") return content_row(in);
  if (group == "deployment-id") {
    auto options = TRY(data::decode<api::BundleDeploymentOptions>(in["options"]));
    return Value::object(
        {{"id", api::deployment_id(in["manifestID"].to_string(), options)},
         {"json", record_bytes(json::print(data::encode(options), json::Keys::AsWritten))}});
  }
  if (group == "options-secret") {
    auto options = TRY(with_values(in["values"]));
    auto staged = TRY(with_values(in["stagedValues"]));
    api::OptionsValues out = api::extract_values(options, staged);
    return Value::object({{"hash", out.hash},
                          {"values", record_bytes(out.values)},
                          {"stagedValues", record_bytes(out.staged_values)}});
  }
  api::BundleSpec spec;
  spec.options = TRY(with_values(in["helm"]));
  api::BundleTarget target;
  target.name = "t1";
  target.options = TRY(with_values(in["target"]));
  spec.targets.push_back(std::move(target));
  api::BundleValues out = TRY(api::extract_values(spec));
  Value data = Value::object();
  for (const auto& [key, text] : out.data) {
    data.set(key, record_bytes(text));
  }
  return Value::object({{"data", data}, {"hash", out.hash}});
}

}  // namespace

void add_name_tables(Families& families) {
  add_table(families, "fleet-names", name_row);
  add_table(families, "fleet-hashes", hash_row);
}

}  // namespace fleet::conformance
