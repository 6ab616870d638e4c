// Identities by content: of a bundle's files, of a deployment, of values kept in Secrets.
//
// Each is a SHA-256 over JSON as Go's encoder writes it. Another byte would deploy everything anew
// on every cluster, so these follow Fleet 0.16 exactly. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "fleet/api/bundle.h"

namespace fleet::api {

// The files of a bundle as they are stored: {"resources":[…]} and a newline.
struct Manifest {
  std::string json;
  std::string sha256;  // of json, 64 hex digits
  std::string id;      // name of the Content: "s-" and 61 of these digits
};
Manifest make_manifest(std::span<const BundleResource> resources);
// The id for a digest.
std::string manifest_id(std::string_view sha256);

// "<manifest id>:<digest of the options>", without diff and correctDrift. A bundle of a HelmOp has
// an empty manifest id.
std::string deployment_id(std::string_view manifest_id, const BundleDeploymentOptions& options);
// The text under that digest, without its newline: for tests and explanations.
std::string options_json(const BundleDeploymentOptions& options);

// Values of a BundleDeployment as its Secret holds them; "" for none. `hash` is "" when both are.
struct OptionsValues {
  std::string values;
  std::string staged_values;
  std::string hash;
};
OptionsValues extract_values(const BundleDeploymentOptions& options,
                             const BundleDeploymentOptions& staged);
std::string hash_options_values(std::string_view values, std::string_view staged_values);
// Takes values, and nothing else, out of the options.
void clear_values(BundleDeploymentOptions& options);
// Puts the JSON of values back; "" leaves none. Errors: BadRequest for other than a JSON object.
Result<> restore_values(BundleDeploymentOptions& options, std::string_view json);

// Values of a Bundle as its Secret holds them: key → JSON; the root's key is "values.yaml", a
// target's its name. `hash` is "" when there are none.
struct BundleValues {
  std::map<std::string, std::string> data;
  std::string hash;
};
// Errors: Invalid for a target with values but without a name.
Result<BundleValues> extract_values(const BundleSpec& spec);
std::string hash_bundle_values(const std::map<std::string, std::string>& data);
// Takes values and valuesFiles out of the root and all targets.
void clear_values(BundleSpec& spec);
// Puts them back; as Fleet 0.16 every target of a name gets that name's values.
Result<> restore_values(BundleSpec& spec, const std::map<std::string, std::string>& data);

}  // namespace fleet::api
