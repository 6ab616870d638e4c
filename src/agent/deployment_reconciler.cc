#include "agent/deployment_reconciler.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "agent/deployment_work.h"
#include "base/strings.h"
#include "fleet/api/labels.h"
#include "fleet/api/states.h"
#include "fleet/deploy/object_set.h"
#include "fleet/summary/summarize.h"
#include "kube/controller/write.h"
#include "sys/memory.h"

namespace fleet::agent {
namespace {

using kube::Requeue;

constexpr Duration kDependencyWait = std::chrono::seconds(15);
constexpr Duration kOverwrittenWait = std::chrono::seconds(5);

kube::Resource deployments() {
  return api::BundleDeployment::kKind.resource();
}

// The deployments that a reference of dependsOn means.
Result<kube::LabelSelector> selector_of(const api::BundleRef& ref,
                                        const api::BundleDeployment& deployment) {
  api::LabelSelector selector = ref.selector.value_or(api::LabelSelector{});
  if (!ref.name.empty()) {
    selector.match_labels[std::string(api::label::kBundle)] = ref.name;
    selector.match_labels[std::string(api::label::kBundleNamespace)] =
        std::string(deployment.metadata.label(api::label::kBundleNamespace));
  }
  return selector.compile();
}

}  // namespace

bool is_settled_error(std::string_view message) {
  static constexpr std::array<std::string_view, 9> kPatterns = {
      "timed out waiting for the condition",
      "error validating data",
      "chart requires kubeVersion",
      "annotation validation error",
      "failed, and has been rolled back due to atomic being set",
      "YAML parse error",
      "MalformedYAMLError",
      "unknown field",
      "Forbidden: spec is immutable after creation",
  };
  if (std::any_of(kPatterns.begin(), kPatterns.end(), [&](std::string_view p) {
        return contains(message, p);
      })) {
    return true;
  }
  auto words = cut(message, "Forbidden: updates to ");
  return words && contains(words->after, " spec for fields other than ") &&
         contains(words->after, " are forbidden");
}

Result<Requeue> DeploymentReconciler::reconcile(const Context& ctx, const kube::Key& key) {
  Work work;
  work.seen = deployments_.get(key);
  if (!work.seen) {
    TRY(remove(ctx, key));
    return Requeue::never();
  }
  if (!work.seen->decoded) return Error(Code::Invalid, "the bundle deployment cannot be read");
  work.deployment = *std::static_pointer_cast<const api::BundleDeployment>(work.seen->decoded);
  recall(work);
  const api::BundleDeploymentSpec& spec = work.deployment.spec;
  // An order to delete is carried out when the object is gone: until then the hub may still write.
  if (work.seen->object.is_being_deleted()) return Requeue::never();
  if (spec.paused || spec.off_schedule || spec.waiting_for_values) {
    if (drift_ != nullptr) drift_->forget(key);
    return Requeue::never();
  }
  return deploy(ctx, work);
}

Result<Requeue> DeploymentReconciler::deploy(const Context& ctx, Work& work) {
  const TimePoint now = ctx.clock().now();
  auto fail = [&](const Error& error) { set_condition(work.status, "Deployed", &error, now); };
  if (Result<> allowed = check_namespace(ctx, work); !allowed.ok()) {
    fail(allowed.error());
    TRY(write(ctx, work));
    return std::move(allowed).error();
  }
  work.force = TRY(copy_downstream(ctx, work));
  Result<std::vector<std::string>> waiting = unready_dependencies(work);
  if (!waiting.ok()) {
    fail(waiting.error());
    TRY(write(ctx, work));
    return std::move(waiting).error();
  }
  if (!waiting->empty()) {
    fail(Error(Code::Unknown,
               cat("dependent bundle(s) are not ready: [", join(*waiting, " "), "]")));
    TRY(write(ctx, work));
    return Requeue::after(kDependencyWait);
  }
  const std::vector<api::ModifiedStatus> modified_before = work.status.modified_status;
  Result<> applied = apply(ctx, work);
  if (applied.ok()) {
    set_condition(work.status, "Deployed", nullptr, now);
  } else {
    if (applied.error().code() == Code::Cancelled) return std::move(applied).error();
    if (applied.error().code() != Code::Conflict) fail(applied.error());
    work.errors.push_back(std::move(applied).error().within("failed deploying bundle"));
  }
  Result<> seen = look(ctx, work);
  if (!seen.ok()) work.errors.push_back(std::move(seen).error());
  const auto& overwrites = work.deployment.spec.options.overwrites;
  const bool lost =
      std::any_of(modified_before.begin(), modified_before.end(), [&](const auto& entry) {
        return entry.missing &&
               std::any_of(overwrites.begin(), overwrites.end(), [&](const auto& o) {
                 return o.kind == entry.kind && o.name == entry.name;
               });
      });
  TRY(write(ctx, work));
  if (!work.errors.empty()) return std::move(work.errors.front());
  return lost ? Requeue::after(kOverwrittenWait) : Requeue::never();
}

// Installs or upgrades unless the wanted deployment is the one that was applied.
Result<> DeploymentReconciler::apply(const Context& ctx, Work& work) {
  const std::string& wanted = work.deployment.spec.deployment_id;
  if (!work.force && wanted == work.status.applied_deployment_id) {
    Result<helm::Release> release = deployer_.find(ctx, work.deployment);
    // Without a release id an earlier attempt settled; with one the release must be there.
    if (release.ok() || work.status.release.empty()) return {};
    if (release.error().code() != Code::NotFound) return std::move(release).error();
  }
  TRY(deployer_.load_values(ctx, work.deployment));
  const TimePoint now = ctx.clock().now();
  Result<ReleaseId> release = deployer_.deploy(ctx, work.deployment);
  if (!release.ok()) {
    if (!is_settled_error(release.error().message())) return std::move(release).error();
    const std::string text = release.error().message();
    const Error not_ready(Code::Unknown, cat("not ready: ", text));
    const Error not_installed(Code::Unknown, cat("not installed: ", text));
    set_condition(work.status, "Ready", &not_ready, now);
    set_condition(work.status, "Installed", &not_installed, now);
    work.status.ready = false;
    work.status.non_modified = true;
    work.status.release.clear();
    work.status.applied_deployment_id = wanted;
    return {};
  }
  ctx.log().info("deployed", {{"release", release->str()}});
  sys::give_back_memory();  // charts and manifests are large, and the next may be long in coming
  work.status.release = release->str();
  work.status.applied_deployment_id = wanted;
  TRY(mark_namespace(ctx, work, *release));
  set_condition(work.status, "Installed", nullptr, now);
  return {};
}

Result<> DeploymentReconciler::look(const Context& ctx, Work& work) {
  api::BundleDeployment current = work.deployment;
  current.status.release = work.status.release;
  Result<helm::Release> release = deployer_.find(ctx, current);
  if (!release.ok()) {
    if (release.error().code() == Code::NotFound) return {};
    return std::move(release).error();
  }
  const TimePoint now = ctx.clock().now();
  const bool installed =
      !std::any_of(work.status.conditions.begin(), work.status.conditions.end(), [](const auto& c) {
        return c.type == "Installed" && c.is_false();
      });
  if (work.status.applied_deployment_id != work.deployment.spec.deployment_id || !installed)
    return {};
  Result<> seen = monitor_.update(ctx, work.deployment, *release, work.status);
  if (seen.ok()) {
    set_condition(work.status, "Monitored", nullptr, now);
  } else {
    set_condition(work.status, "Monitored", &seen.error(), now);
    return std::move(seen).error().within("failed updating status");
  }
  if (drift_ != nullptr) {
    const std::string id = deploy::set_id(work.deployment.metadata.name, "default", around_.scope);
    const api::StringMap labels = deploy::set_labels(id);
    std::set<kube::Resource> kinds;
    for (const helm::Target& target :
         TRY(monitor_.desired(ctx, work.deployment.metadata.name, *release))) {
      kinds.insert(target.resource);
    }
    auto hash = labels.find(api::label::kObjectSetHash);
    if (hash != labels.end()) drift_->follow(work.key(), hash->second, kinds);
  }
  if (work.deployment.spec.correct_drift && work.deployment.spec.correct_drift->enabled &&
      !work.status.modified_status.empty()) {
    return correct(ctx, work, *release);
  }
  return {};
}

Result<> DeploymentReconciler::correct(const Context& ctx,
                                       Work& work,
                                       const helm::Release& release) {
  Result<ReleaseId> done = deployer_.correct(ctx, work.deployment, release);
  if (!done.ok()) {
    set_condition(work.status, "Ready", &done.error(), ctx.clock().now());
    return std::move(done).error().within("failed reconciling drift");
  }
  ctx.log().info("drift corrected", {{"release", done->str()}});
  work.status.release = done->str();
  api::BundleDeployment current = work.deployment;
  current.status.release = work.status.release;
  const helm::Release fresh = TRY(deployer_.find(ctx, current));
  return monitor_.update(ctx, work.deployment, fresh, work.status);
}

Result<std::vector<std::string>> DeploymentReconciler::unready_dependencies(const Work& work) {
  std::vector<std::string> waiting;
  const kube::Lister<api::BundleDeployment> lister(deployments_);
  const auto all = lister.list(work.deployment.metadata.namespace_);
  for (const api::BundleRef& ref : work.deployment.spec.depends_on) {
    if (ref.name.empty() && !ref.selector) continue;
    const kube::LabelSelector selector = TRY(selector_of(ref, work.deployment));
    bool any = false;
    for (const auto& other : all) {
      if (!selector.matches(other->metadata.labels)) continue;
      any = true;
      const std::string_view state = summary::deployment_state(*other);
      const bool accepted =
          ref.accepted_states.empty()
              ? state == api::state::kReady
              : std::find(ref.accepted_states.begin(), ref.accepted_states.end(), state) !=
                    ref.accepted_states.end();
      if (!accepted) waiting.push_back(other->metadata.name);
    }
    if (!any) {
      return Error(Code::NotFound,
                   cat("list bundledeployments: no bundles matching labels ",
                       selector.str(),
                       " in namespace ",
                       work.deployment.metadata.label(api::label::kBundleNamespace)));
    }
  }
  return waiting;
}

// This agent alone writes the status, so what it found last is newer than any cache.
void DeploymentReconciler::recall(Work& work) const {
  known_.with([&](const auto& known) {
    auto it = known.find(work.deployment.metadata.uid);
    if (it != known.end()) work.deployment.status = it->second;
  });
  work.status = work.deployment.status;
}

// One status patch, and none when nothing changed. The hub writes `display`, we the rest.
Result<> DeploymentReconciler::write(const Context& ctx, Work& work) {
  known_.with([&](auto& known) { known[work.deployment.metadata.uid] = work.status; });
  api::BundleDeployment next = work.deployment;
  next.status = work.status;
  data::Value status = api::to_value(next)["status"];
  kube::Object base = work.seen->object;
  if (base["status"].is_object()) {
    status.erase("display");
    base.edit().edit("status").erase("display");
  }
  Result<bool> done = kube::write_status(ctx, around_.hub, deployments(), base, status);
  if (done.ok()) return {};
  if (done.error().code() == Code::NotFound) return {};  // deleted meanwhile: an event follows
  return std::move(done).error().within("failed final update to bundledeployment status");
}

}  // namespace fleet::agent
