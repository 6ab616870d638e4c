#include "fleet/api/hashes.h"

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::api {

namespace {

constexpr std::string_view kRootValuesKey = "values.yaml";
constexpr size_t kManifestIdBytes = 63;

std::string values_json(const GenericMap& values) {
  return json::print(values.data, json::Keys::Sorted);
}

std::string own_values_json(const BundleDeploymentOptions& options) {
  bool has_values = options.helm && options.helm->values && !options.helm->values->data.empty();
  return has_values ? values_json(*options.helm->values) : std::string();
}

Result<> put_values(BundleDeploymentOptions& options, std::string_view text) {
  if (text.empty()) return {};
  data::Value parsed = TRY(json::parse(text, {.numbers = json::Numbers::Double}));
  if (!parsed.is_object()) return Error{Code::BadRequest, "values are no JSON object"};
  if (!options.helm) options.helm.emplace();
  options.helm->values = GenericMap{std::move(parsed)};
  return {};
}

}  // namespace

Manifest make_manifest(std::span<const BundleResource> resources) {
  data::Value root = data::Value::object();
  if (!resources.empty()) {
    data::Value list = data::Value::array();
    list.reserve(resources.size());
    for (const BundleResource& resource : resources) {
      list.push_back(data::encode(resource));
    }
    root.set("resources", std::move(list));
  }
  Manifest out;
  out.json = json::print(root, json::Keys::AsWritten) + "\n";
  out.sha256 = codec::sha256_hex(out.json);
  out.id = manifest_id(out.sha256);
  return out;
}

std::string manifest_id(std::string_view sha256) {
  return cat("s-", sha256).substr(0, kManifestIdBytes);
}

std::string options_json(const BundleDeploymentOptions& options) {
  BundleDeploymentOptions plain = options;
  plain.diff.reset();
  plain.correct_drift.reset();
  return json::print(data::encode(plain), json::Keys::AsWritten);
}

std::string deployment_id(std::string_view manifest_id, const BundleDeploymentOptions& options) {
  return cat(manifest_id, ":", codec::sha256_hex(options_json(options) + "\n"));
}

OptionsValues extract_values(const BundleDeploymentOptions& options,
                             const BundleDeploymentOptions& staged) {
  OptionsValues out;
  out.values = own_values_json(options);
  out.staged_values = own_values_json(staged);
  if (!out.values.empty() || !out.staged_values.empty()) {
    out.hash = hash_options_values(out.values, out.staged_values);
  }
  return out;
}

std::string hash_options_values(std::string_view values, std::string_view staged_values) {
  return codec::sha256_hex(cat(values, staged_values));
}

void clear_values(BundleDeploymentOptions& options) {
  if (options.helm) options.helm->values.reset();
}

Result<> restore_values(BundleDeploymentOptions& options, std::string_view json) {
  return put_values(options, json);
}

Result<BundleValues> extract_values(const BundleSpec& spec) {
  BundleValues out;
  std::string root = own_values_json(spec.options);
  if (!root.empty()) out.data.emplace(kRootValuesKey, std::move(root));
  for (const BundleTarget& target : spec.targets) {
    std::string own = own_values_json(target.options);
    if (own.empty()) continue;
    if (target.name.empty()) return Error{Code::Invalid, "target name is required"};
    out.data.insert_or_assign(target.name, std::move(own));
  }
  if (!out.data.empty()) out.hash = hash_bundle_values(out.data);
  return out;
}

std::string hash_bundle_values(const std::map<std::string, std::string>& data) {
  data::Value encoded = data::Value::object();
  for (const auto& [key, value] : data) {
    encoded.set(key, codec::base64_encode(value));
  }
  return codec::sha256_hex(json::print(encoded, json::Keys::Sorted));
}

void clear_values(BundleSpec& spec) {
  auto clear = [](BundleDeploymentOptions& options) {
    if (!options.helm) return;
    options.helm->values.reset();
    options.helm->values_files.clear();
  };
  clear(spec.options);
  for (BundleTarget& target : spec.targets) {
    clear(target.options);
  }
}

Result<> restore_values(BundleSpec& spec, const std::map<std::string, std::string>& data) {
  if (auto root = data.find(std::string(kRootValuesKey)); root != data.end()) {
    TRY(put_values(spec.options, root->second).within(kRootValuesKey));
  }
  for (BundleTarget& target : spec.targets) {
    auto own = data.find(target.name);
    if (target.name.empty() || own == data.end()) continue;
    TRY(put_values(target.options, own->second).within(target.name));
  }
  return {};
}

}  // namespace fleet::api
