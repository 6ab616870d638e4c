#include "agent/deployer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/yaml.h"
#include "fleet/api/content.h"
#include "fleet/api/hashes.h"
#include "fleet/api/labels.h"
#include "fleet/bundle/content.h"
#include "fleet/deploy/prepare.h"
#include "helm/action/action.h"
#include "helm/chart/values.h"
#include "helm/host/host.h"
#include "kube/controller/write.h"

namespace fleet::agent {
namespace {

using data::Value;
using kube::Object;

constexpr int kMaxHistory = 2;
constexpr std::string_view kFieldManager = "fleetagent";
constexpr std::string_view kDefaultAccount = "fleet-default";
constexpr std::string_view kAgentBundle = "fleet-agent";
// Charts are packed without times.
constexpr std::string_view kFileTime = "1970-01-01T00:00:00Z";

kube::Resource secrets() {
  return {{"", "v1", "secrets"}, "Secret", true};
}
kube::Resource config_maps() {
  return {{"", "v1", "configmaps"}, "ConfigMap", true};
}
kube::Resource service_accounts() {
  return {{"", "v1", "serviceaccounts"}, "ServiceAccount", true};
}

// Later sources win; maps are merged, everything else is replaced.
Value merge(const Value& base, const Value& over) {
  if (!base.is_object() || !over.is_object()) return over;
  Value out = base;
  for (const data::Member& member : over.members()) {
    out.set(member.key, merge(out[member.key.view()], member.value));
  }
  return out;
}

bool is_downstream(const api::BundleDeploymentOptions& options,
                   std::string_view kind,
                   const std::string& name) {
  return std::any_of(
      options.downstream_resources.begin(),
      options.downstream_resources.end(),
      [&](const api::DownstreamResource& r) { return equal_fold(r.kind, kind) && r.name == name; });
}

int max_history(const api::BundleDeploymentOptions& options) {
  return options.helm && options.helm->max_history > 0 ? options.helm->max_history : kMaxHistory;
}

bool wants_replace(const api::BundleDeploymentOptions& options) {
  return (options.helm && options.helm->force) ||
         (options.correct_drift && options.correct_drift->force);
}

helm::DeployOptions deploy_options(const deploy::Request& request) {
  const api::BundleDeploymentOptions& options = request.options;
  const api::HelmOptions helm = options.helm.value_or(api::HelmOptions{});
  helm::DeployOptions out;
  out.name = deploy::release_name(request);
  out.ns = deploy::release_namespace(request);
  out.take_ownership = helm.take_ownership;
  out.force_replace = wants_replace(options);
  out.rollback_on_failure = helm.atomic;
  out.max_history = max_history(options);
  out.timeout = std::chrono::seconds(std::max(0, helm.timeout_seconds));
  out.wait = helm.timeout_seconds > 0 ? helm::WaitMode::Watcher : helm::WaitMode::HooksOnly;
  out.wait_for_jobs = helm.wait_for_jobs;
  out.skip_schema_validation = helm.skip_schema_validation;
  out.create_namespace = options.create_namespace.value_or(true);
  out.replace = true;
  out.file_time = std::string(kFileTime);
  return out;
}

}  // namespace

struct Deployer::Account {
  std::unique_ptr<kube::Client> own;
  kube::Client* client = nullptr;
};

std::string ReleaseId::str() const {
  return cat(ns, "/", name, ":", revision);
}

Result<ReleaseId> ReleaseId::parse(std::string_view text) {
  if (text.empty()) return Error(Code::NotFound, "no resource ID available");
  auto head = cut(text, "/");
  auto tail = head ? cut_last(head->after, ":") : std::nullopt;
  auto revision = tail ? parse_int(tail->after) : std::nullopt;
  if (!revision)
    return Error(Code::Invalid, cat("release ", quote(text), " is not namespace/name:revision"));
  return ReleaseId{
      std::string(head->before), std::string(tail->before), static_cast<int>(*revision)};
}

ReleaseId ReleaseId::of(const helm::Release& release) {
  return ReleaseId{release.ns, release.name, release.version};
}

std::string Deployer::release_key(const api::BundleDeployment& deployment) {
  deploy::Request request;
  request.bundle_id = deployment.metadata.name;
  request.options = deployment.spec.options;
  return cat(deploy::release_namespace(request), "/", deploy::release_name(request));
}

Result<Deployer::Account> Deployer::account_of(const Context& ctx,
                                               const std::string& service_account) {
  Account account;
  account.client = &around_.local;
  const std::string name = service_account.empty() ? std::string(kDefaultAccount) : service_account;
  Result<Object> found =
      around_.local.get(ctx, service_accounts(), {around_.agent_namespace, name});
  if (!found.ok()) {
    if (service_account.empty() && found.error().code() == Code::NotFound) return account;
    return std::move(found).error().within(
        cat("looking up service account ", around_.agent_namespace, "/", name));
  }
  account.own =
      TRY(around_.impersonate(cat("system:serviceaccount:", around_.agent_namespace, ":", name)));
  account.client = account.own.get();
  return account;
}

Result<std::vector<api::BundleResource>> Deployer::read_files(
    const Context& ctx, const api::BundleDeployment& deployment) {
  if (deployment.spec.oci_contents) {
    return Error(Code::Unsupported, "contents in an OCI registry are not read by this agent");
  }
  if (deployment.spec.helm_chart_options) {
    return Error(Code::Unsupported, "charts of a HelmOp are not downloaded by this agent");
  }
  auto parts = cut(deployment.spec.deployment_id, ":");
  if (!parts)
    return Error(Code::Invalid,
                 cat("deployment id ", quote(deployment.spec.deployment_id), " has no \":\""));
  Object object =
      TRY(around_.hub.get(ctx, api::Content::kKind.resource(), {"", std::string(parts->before)}));
  return bundle::read_content(TRY(api::from_object<api::Content>(object)));
}

Result<> Deployer::load_values(const Context& ctx, api::BundleDeployment& deployment) {
  if (deployment.spec.values_hash.empty()) return {};
  Object secret = TRY(around_.hub.get(ctx, secrets(), deployment.metadata.key()));
  const std::string values = TRY(codec::base64_decode(secret.at({"data", "values"}).as_string()));
  const std::string staged =
      TRY(codec::base64_decode(secret.at({"data", "stagedValues"}).as_string()));
  const std::string hash = api::hash_options_values(values, staged);
  if (hash != deployment.spec.values_hash) {
    return Error(Code::ServiceUnavailable,
                 cat("retrying, hash mismatch between secret and bundledeployment: actual ",
                     hash,
                     " != expected ",
                     deployment.spec.values_hash));
  }
  TRY(api::restore_values(deployment.spec.options, values));
  return api::restore_values(deployment.spec.staged_options, staged);
}

Result<Value> Deployer::values_from(const Context& ctx,
                                    kube::Client& client,
                                    const api::BundleDeploymentOptions& options,
                                    const std::string& ns,
                                    Value values) {
  if (!options.helm) return values;
  auto read = [&](const api::KeySelector& from, bool is_secret) -> Result<> {
    const char* kind = is_secret ? "secret" : "configmap";
    const bool own = from.namespace_.empty() || is_downstream(options, kind, from.name);
    const kube::Key key{own ? ns : from.namespace_, from.name};
    const std::string name = from.key.empty() ? "values.yaml" : from.key;
    Object object = TRY(client.get(ctx, is_secret ? secrets() : config_maps(), key));
    const Value* text = object["data"].find(name);
    if (text == nullptr) {
      return Error(Code::NotFound,
                   cat("key ",
                       name,
                       " is missing from ",
                       kind,
                       " ",
                       key.str(),
                       ", can't use it in valuesFrom"));
    }
    const std::string plain =
        is_secret ? TRY(codec::base64_decode(text->as_string())) : text->to_string();
    values = merge(values, TRY(helm::read_values(plain)));
    return {};
  };
  for (const api::ValuesFrom& from : options.helm->values_from) {
    if (from.config_map_key_ref) TRY(read(*from.config_map_key_ref, false));
    if (from.secret_key_ref) TRY(read(*from.secret_key_ref, true));
  }
  return values;
}

Result<ReleaseId> Deployer::deploy(const Context& ctx, const api::BundleDeployment& deployment) {
  deploy::Request request;
  request.bundle_id = deployment.metadata.name;
  request.resources = TRY(read_files(ctx, deployment));
  request.commit = deployment.metadata.label(api::label::kCommit);
  request.options = deployment.spec.options;
  request.agent_namespace = around_.agent_namespace;
  request.label_suffix = around_.scope;
  request.is_cluster_scoped = [&](std::string_view version, std::string_view kind) -> Result<bool> {
    return !TRY(around_.mapper.resource_for(ctx, kube::GroupVersionKind::of(version, kind)))
                .namespaced;
  };
  Account account = TRY(account_of(ctx, request.options.service_account));
  const helm::Chart chart = TRY(deploy::make_chart(request));
  const std::string ns = deploy::release_namespace(request);
  const Value values =
      TRY(values_from(ctx, *account.client, request.options, ns, deploy::values_of(request)));
  helm::ClusterHost host(ctx, *account.client, around_.mapper);
  helm::Actions actions(*account.client, around_.mapper, host, ns, std::string(kFieldManager));
  helm::DeployOptions options = deploy_options(request);
  options.rewrite_files = deploy::post_renderer(request, chart);
  Result<helm::Release> last = actions.storage().last(ctx, options.name);
  if (last.ok() && last->status() == helm::status::kUninstalling) {
    TRY(actions.uninstall(ctx, {options.name, false, options.timeout, options.wait}));
    last = Error(Code::NotFound, "release: not found");
  }
  if (!last.ok()) {
    if (last.error().code() != Code::NotFound) return std::move(last).error();
    options.apply = options.take_ownership || options.force_replace ? helm::ApplyMode::ClientSide
                                                                    : helm::ApplyMode::ServerSide;
    return ReleaseId::of(TRY(actions.install(ctx, chart, values, options)));
  }
  if (helm::is_pending(last->status())) {
    // This agent is the only one who works on the release, so whoever began this is gone.
    last->set_status(helm::status::kFailed, "interrupted");
    TRY(actions.storage().update(ctx, *last));
  }
  options.apply = helm::ApplyMode::AsBefore;
  options.take_ownership = true;
  return ReleaseId::of(TRY(actions.upgrade(ctx, chart, values, options)));
}

Result<helm::Release> Deployer::find(const Context& ctx, const api::BundleDeployment& deployment) {
  const ReleaseId id = TRY(ReleaseId::parse(deployment.status.release));
  return helm::Storage(around_.local, id.ns).get(ctx, id.name, id.revision);
}

Result<ReleaseId> Deployer::correct(const Context& ctx,
                                    const api::BundleDeployment& deployment,
                                    const helm::Release& release) {
  Account account = TRY(account_of(ctx, deployment.spec.options.service_account));
  helm::ClusterHost host(ctx, *account.client, around_.mapper);
  helm::Actions actions(
      *account.client, around_.mapper, host, release.ns, std::string(kFieldManager));
  helm::RollbackOptions options;
  options.name = release.name;
  options.revision = release.version;
  options.apply = helm::ApplyMode::ClientSide;
  options.force_replace = deployment.spec.correct_drift && deployment.spec.correct_drift->force;
  options.max_history = max_history(deployment.spec.options);
  Result<helm::Release> done = actions.rollback(ctx, options);
  if (done.ok()) return ReleaseId::of(*done);
  const bool keep =
      deployment.spec.correct_drift && deployment.spec.correct_drift->keep_fail_history;
  Result<helm::Release> last = actions.storage().last(ctx, release.name);
  const bool failed = last.ok() && last->version == release.version + 1 &&
                      last->status() == helm::status::kFailed &&
                      last->info->description.starts_with("Rollback");
  if (!keep && failed) {
    TRY(actions.storage().remove(ctx, *last));
    TRY(actions.storage().update(ctx, release));
  }
  return std::move(done).error();
}

Result<std::vector<helm::Release>> Deployer::releases(const Context& ctx) {
  std::map<std::string, helm::Release> latest;
  for (helm::Release& release : TRY(helm::Storage(around_.local, "").list(ctx))) {
    if (release.chart_annotation(api::annotation::kAgentNamespace) != around_.agent_namespace)
      continue;
    if (release.chart_annotation(api::annotation::kBundleId).empty()) continue;
    // The list is sorted by revision: the last one stays.
    latest.insert_or_assign(cat(release.ns, "/", release.name), std::move(release));
  }
  std::vector<helm::Release> out;
  for (auto& [key, release] : latest)
    out.push_back(std::move(release));
  return out;
}

Result<> Deployer::uninstall(const Context& ctx, const helm::Release& release) {
  const std::string_view bundle = release.chart_annotation(api::annotation::kBundleId);
  const bool forget = bundle.starts_with(kAgentBundle) ||
                      release.chart_annotation(api::annotation::kKeepResources) == "true";
  helm::Storage storage(around_.local, release.ns);
  if (forget) {
    for (const helm::Release& old : TRY(storage.history(ctx, release.name)))
      TRY(storage.remove(ctx, old));
    return {};
  }
  Account account =
      TRY(account_of(ctx, std::string(release.chart_annotation(api::annotation::kServiceAccount))));
  helm::ClusterHost host(ctx, *account.client, around_.mapper);
  helm::Actions actions(
      *account.client, around_.mapper, host, release.ns, std::string(kFieldManager));
  TRY(actions.uninstall(ctx, {release.name, false, Duration{}, helm::WaitMode::HooksOnly}));
  ctx.log().info("release uninstalled",
                 {{"release", cat(release.ns, "/", release.name)}, {"bundle", bundle}});
  for (const kube::Resource& resource : {secrets(), config_maps()}) {
    kube::ListOptions copies;
    copies.labels = kube::LabelSelector::from_set(
        {{std::string(api::label::kBundleDeployment), std::string(bundle)}});
    for (const Object& copy : TRY(kube::list_all(ctx, around_.local, resource, copies)).items) {
      TRY(kube::delete_object(ctx, around_.local, resource, copy));
    }
  }
  return {};
}

}  // namespace fleet::agent
