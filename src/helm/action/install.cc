#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "helm/action/action.h"
#include "helm/action/hooks.h"
#include "helm/action/plan.h"
#include "helm/chart/metadata.h"

namespace fleet::helm {
namespace {

constexpr Duration kCrdWait = std::chrono::seconds(60);

StoredHook stored(const Hook& hook) {
  return StoredHook{hook.name,
                    hook.kind,
                    hook.path,
                    hook.manifest,
                    hook.events,
                    {},
                    hook.weight,
                    hook.delete_policies,
                    hook.output_log_policies};
}

Method method_of(const DeployOptions& options, std::string_view before) {
  if (options.force_replace) return Method::Replace;
  switch (options.apply) {
    case ApplyMode::ServerSide:
      return Method::ServerSide;
    case ApplyMode::ClientSide:
      return Method::ClientSide;
    case ApplyMode::AsBefore:
      break;
  }
  return before == "ssa" ? Method::ServerSide : Method::ClientSide;
}

}  // namespace

Actions::Actions(kube::Client& client,
                 kube::RestMapper& mapper,
                 gotemplate::Host& host,
                 std::string ns,
                 std::string field_manager)
    : client_(client),
      mapper_(mapper),
      host_(host),
      storage_(client, std::move(ns)),
      field_manager_(std::move(field_manager)) {}

void Actions::record(const Context& ctx, const Release& release) {
  Result<> done = storage_.update(ctx, release);
  if (!done.ok()) {
    ctx.log().warn(
        "release record not updated",
        {{"release", release.name}, {"revision", release.version}, {"error", done.error()}});
  }
}

Result<> Actions::wait_for_targets(
    const Context& ctx, const Targets& targets, WaitMode wait, bool jobs, Duration timeout) {
  if (wait == WaitMode::HooksOnly) return {};
  return wait_for(
      ctx, client_, targets, jobs ? WaitFor::CurrentWithJobs : WaitFor::Current, timeout);
}

Result<Actions::Plan> Actions::render(const Context& ctx,
                                      const Chart& chart,
                                      const data::Value& values,
                                      const DeployOptions& options,
                                      int revision,
                                      bool is_upgrade) {
  const Capabilities capabilities = TRY(cluster_capabilities(ctx, client_, mapper_));
  RenderOptions how;
  how.skip_schema_validation = options.skip_schema_validation;
  how.rewrite_files = options.rewrite_files;
  const ReleaseOptions identity{options.name, options.ns, revision, is_upgrade};
  Rendered rendered = TRY(helm::render(chart, values, identity, capabilities, host_, how));
  Plan plan;
  plan.release.name = options.name;
  plan.release.ns = options.ns;
  plan.release.version = revision;
  plan.release.manifest = std::move(rendered.manifest);
  plan.release.config = values;
  plan.release.chart = stored_chart(rendered.chart, options.file_time);
  for (const Hook& hook : rendered.hooks)
    plan.release.hooks.push_back(stored(hook));
  const std::string now = release_time(ctx.clock().now());
  plan.release.info = ReleaseInfo{now, now, "", "", "", 0, rendered.notes};
  const char* what = is_upgrade ? "unable to build kubernetes objects from new release manifest"
                                : "unable to build kubernetes objects from release manifest";
  plan.targets = TRY(build_targets(ctx, mapper_, plan.release.manifest, options.ns).within(what));
  for (Target& target : plan.targets)
    set_owner(target.object, owner(plan.release));
  plan.apply.field_manager = field_manager_;
  return plan;
}

Result<> Actions::apply_crds(const Context& ctx, const Chart& chart, const DeployOptions& options) {
  const std::vector<Crd> files = crds(chart);
  if (files.empty()) return {};
  ApplyOptions apply;
  apply.method =
      method_of(options, {}) == Method::ServerSide ? Method::ServerSide : Method::ClientSide;
  apply.field_manager = field_manager_;
  Targets made;
  for (const Crd& file : files) {
    Targets targets = TRY(build_targets(ctx, mapper_, *file.bytes, options.ns)
                              .within(cat("failed to install CRD ", file.path)));
    for (Target& target : targets) {
      Result<> done = create_targets(ctx, client_, {target}, apply);
      if (!done.ok() && done.error().code() != Code::AlreadyExists) {
        return std::move(done).error().within(cat("failed to install CRD ", file.path));
      }
      made.push_back(std::move(target));
    }
  }
  // Objects of the new kinds can be made only once they are served.
  TRY(wait_for(ctx, client_, made, WaitFor::Current, kCrdWait));
  mapper_.reset();
  return {};
}

Result<> Actions::make_namespace(const Context& ctx, const DeployOptions& options, Method method) {
  if (!options.create_namespace) return {};
  static const kube::Resource kNamespaces{{"", "v1", "namespaces"}, "Namespace", false};
  Target target{kube::Object::make(kNamespaces.gvk(), {"", options.ns}), kNamespaces};
  target.object.set_label("name", options.ns);
  ApplyOptions apply;
  apply.method = method == Method::ServerSide ? Method::ServerSide : Method::ClientSide;
  apply.field_manager = field_manager_;
  Result<> done = create_targets(ctx, client_, {target}, apply);
  if (!done.ok() && done.error().code() != Code::AlreadyExists) return done;
  return {};
}

Result<> Actions::name_is_free(const Context& ctx, const DeployOptions& options) {
  TRY(validate_release_name(options.name).within(cat("release name ", quote(options.name))));
  Result<Release> last = storage_.last(ctx, options.name);
  if (!last.ok()) {
    if (last.error().code() == Code::NotFound) return {};
    return std::move(last).error();
  }
  const bool done_with =
      last->status() == status::kUninstalled || last->status() == status::kFailed;
  if (options.replace && done_with) return {};
  return Error(Code::AlreadyExists, "cannot reuse a name that is still in use");
}

// The new revision follows the last; one that did not fail is marked as superseded.
Result<> Actions::supersede_last(const Context& ctx, Release& next) {
  Result<Release> last = storage_.last(ctx, next.name);
  if (!last.ok()) {
    if (last.error().code() == Code::NotFound) return {};
    return std::move(last).error();
  }
  next.version = last->version + 1;
  if (last->status() == status::kFailed) return {};
  last->set_status(status::kSuperseded, "superseded by new release");
  record(ctx, *last);
  return {};
}

Result<Release> Actions::install(const Context& ctx,
                                 const Chart& chart,
                                 const data::Value& values,
                                 const DeployOptions& given) {
  DeployOptions options = given;
  if (options.rollback_on_failure) options.wait = WaitMode::Watcher;
  TRY(name_is_free(ctx, options).within("release name check failed"));
  TRY(apply_crds(ctx, chart, options));
  Plan plan = TRY(render(ctx, chart, values, options, 1, false));
  plan.apply.method = method_of(options, {});
  plan.release.apply_method = method_name(plan.apply.method);
  plan.release.set_status(status::kPendingInstall, "Initial install underway");
  const Adopt adopt = options.take_ownership ? Adopt::Any : Adopt::Owned;
  Targets adopted = TRY(existing_targets(ctx, client_, plan.targets, owner(plan.release), adopt)
                            .within("unable to continue with install"));
  TRY(make_namespace(ctx, options, plan.apply.method));
  if (options.replace) TRY(supersede_last(ctx, plan.release));
  TRY(storage_.create(ctx, plan.release, options.max_history));
  Result<> done = perform_install(ctx, plan, adopted, options);
  if (done.ok()) {
    plan.release.set_status(status::kDeployed, "Install complete");
    record(ctx, plan.release);
    return std::move(plan.release);
  }
  plan.release.set_status(
      status::kFailed, cat("Release ", quote(options.name), " failed: ", done.error().message()));
  record(ctx, plan.release);
  if (!options.rollback_on_failure) return std::move(done).error();
  Result<> undone =
      uninstall(ctx, UninstallOptions{options.name, false, options.timeout, options.wait});
  if (!undone.ok()) {
    return Error(done.error().code(),
                 cat("an error occurred while uninstalling the release. original install error: ",
                     done.error().message(),
                     ": ",
                     undone.error().message()));
  }
  return std::move(done).error().within(
      cat("release ",
          options.name,
          " failed, and has been uninstalled due to rollback-on-failure being set"));
}

Result<> Actions::perform_install(const Context& ctx,
                                  Plan& plan,
                                  const Targets& adopted,
                                  const DeployOptions& options) {
  HookRunner hooks{client_,
                   mapper_,
                   plan.apply,
                   options.timeout,
                   options.wait == WaitMode::Watcher,
                   [&](const Release& r) { record(ctx, r); }};
  if (hooks.apply.method == Method::Replace) hooks.apply.method = Method::ClientSide;
  TRY(run_hooks(ctx, hooks, plan.release, "pre-install").within("failed pre-install"));
  if (adopted.empty()) {
    ApplyOptions create = plan.apply;
    if (create.method == Method::Replace) create.method = Method::ClientSide;
    TRY(create_targets(ctx, client_, plan.targets, create));
  } else {
    ApplyOptions apply = plan.apply;
    apply.three_way_for_custom = options.take_ownership && apply.method != Method::ServerSide;
    apply.adopt_client_side_fields = true;
    TRY(update_targets(ctx, client_, adopted, plan.targets, apply, owner(plan.release)));
  }
  TRY(wait_for_targets(ctx, plan.targets, options.wait, options.wait_for_jobs, options.timeout));
  return run_hooks(ctx, hooks, plan.release, "post-install").within("failed post-install");
}

}  // namespace fleet::helm
