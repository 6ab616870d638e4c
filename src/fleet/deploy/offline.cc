// Without a cluster: what `fleet deploy --dry-run` and `fleet test` assume and print.
#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "fleet/deploy/prepare.h"
#include "text/semver.h"

namespace fleet::deploy {

namespace {

constexpr std::string_view kKubeVersion = "v1.25.0";

}  // namespace

Result<Objects> objects_of(const helm::Rendered& rendered) {
  Objects out;
  out.manifests = TRY(yaml::to_objects(rendered.manifest));
  for (const helm::Hook& hook : rendered.hooks) {
    for (data::Value& object : TRY(yaml::to_objects(hook.manifest))) {
      out.hooks.push_back(std::move(object));
    }
  }
  return out;
}

Result<helm::Capabilities> offline_capabilities(std::string_view kube_version) {
  std::string_view wanted = kube_version.empty() ? kKubeVersion : kube_version;
  Result<text::Version> version = text::Version::parse(wanted);
  if (!version.ok()) return Error{Code::Invalid, cat("invalid kubeVersion: ", wanted)};
  helm::Capabilities out = helm::default_capabilities();
  // As upstream the version has no "v" in front here.
  out.kube_version = {.version = version->text(),
                      .normalized = {},
                      .major = std::to_string(version->major()),
                      .minor = std::to_string(version->minor())};
  return out;
}

}  // namespace fleet::deploy
