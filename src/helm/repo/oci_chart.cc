#include "helm/repo/oci_chart.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/strings.h"
#include "text/semver.h"
#include "wire/oci/registry.h"

namespace fleet::helm {

namespace {

constexpr std::string_view kChartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
constexpr std::string_view kOldChartLayer = "application/tar+gzip";

Result<std::unique_ptr<oci::Registry>> registry_for(const RepoAuth& auth) {
  oci::RegistryOptions options;
  // As Helm's login: only with both.
  if (!auth.username.empty() && !auth.password.empty()) {
    options.username = auth.username;
    options.password = auth.password;
  }
  options.ca_bundle = auth.ca_bundle;
  options.insecure_skip_tls_verify = auth.insecure_skip_verify;
  options.plain_http = auth.plain_http;
  return oci::Registry::make(std::move(options));
}

// The highest of the tags that are versions and satisfy the constraint.
std::optional<text::Version> highest(const std::vector<std::string>& tags,
                                     const text::Constraints& constraint) {
  std::optional<text::Version> best;
  for (const std::string& tag : tags) {
    const auto version = text::Version::parse_strict(oci::version_of_tag(tag));
    if (!version.ok() || !constraint.check(*version)) continue;
    if (!best || *best < *version) best = *version;
  }
  return best;
}

Result<std::string> choose(const Context& ctx,
                           oci::Registry& registry,
                           const oci::Reference& reference,
                           std::string_view wanted) {
  auto constraint = text::Constraints::parse(wanted);
  if (!constraint.ok()) {
    return Error{Code::Invalid,
                 cat("failed to compute version constraint from version ",
                     quote(wanted),
                     ": ",
                     constraint.error().message())};
  }
  const std::vector<std::string> tags = TRY(registry.tags(ctx, reference));
  const std::string exact = oci::tag_of_version(wanted);
  const bool is_version = text::Version::parse_strict(wanted).ok();
  if (is_version && std::find(tags.begin(), tags.end(), exact) != tags.end()) {
    return std::string(wanted);
  }
  const auto best = highest(tags, *constraint);
  if (best) return best->original();
  return Error{Code::NotFound,
               cat("could not find tag matching constraint ",
                   quote(wanted),
                   " in registry ",
                   reference.name(),
                   ": %!w(<nil>)")};
}

const oci::Descriptor* chart_layer(const oci::Manifest& manifest) {
  for (const std::string_view type : {kChartLayer, kOldChartLayer}) {
    for (const oci::Descriptor& layer : manifest.layers) {
      if (layer.media_type == type) return &layer;
    }
  }
  return nullptr;
}

}  // namespace

Result<std::string> oci_version(const Context& ctx,
                                std::string_view source,
                                std::string_view constraint,
                                const RepoAuth& auth) {
  const oci::Reference reference = TRY(oci::Reference::parse(source));
  auto registry = TRY(registry_for(auth));
  return choose(ctx.with_timeout(kDownloadTimeout), *registry, reference, constraint);
}

Result<OciChart> pull_oci_chart(const Context& ctx,
                                std::string_view source,
                                std::string_view version,
                                const RepoAuth& auth) {
  const Context bounded = ctx.with_timeout(kDownloadTimeout);
  oci::Reference reference = TRY(oci::Reference::parse(source));
  auto registry = TRY(registry_for(auth));
  std::string chosen = oci::version_of_tag(reference.tag);
  if (reference.tag.empty() && reference.digest.empty()) {
    const bool exact = text::Version::parse_strict(version).ok();
    chosen = exact ? std::string(version)
                   : TRY(choose(bounded, *registry, reference, version.empty() ? "*" : version));
    reference.tag = oci::tag_of_version(chosen);
  }
  const oci::Pulled pulled = TRY(registry->manifest(bounded, reference));
  const oci::Descriptor* layer = chart_layer(pulled.manifest);
  if (layer == nullptr) {
    return Error{Code::Invalid, cat(reference.text(), ": manifest does not contain a chart")};
  }
  OciChart chart;
  chart.archive = TRY(registry->blob(bounded, reference, *layer, kMaxDownloadBytes));
  const size_t slash = reference.repository.rfind('/');
  const std::string name = reference.repository.substr(slash == std::string::npos ? 0 : slash + 1);
  chart.file_name = chosen.empty() ? name + ".tgz" : cat(name, "-", chosen, ".tgz");
  return chart;
}

}  // namespace fleet::helm
