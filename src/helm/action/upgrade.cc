#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "helm/action/action.h"
#include "helm/action/hooks.h"
#include "helm/action/plan.h"
#include "helm/chart/metadata.h"

namespace fleet::helm {

// The revision whose objects are on the cluster now.
Result<Release> Actions::current_release(const Context& ctx, const Release& last) {
  if (last.status() == status::kDeployed) return last;
  Result<Release> deployed = storage_.deployed(ctx, last.name);
  if (deployed.ok() || deployed.error().code() != Code::NotFound) return deployed;
  if (last.status() == status::kFailed || last.status() == status::kSuperseded) return last;
  return deployed;
}

Result<Release> Actions::upgrade(const Context& ctx,
                                 const Chart& chart,
                                 const data::Value& values,
                                 const DeployOptions& given) {
  DeployOptions options = given;
  if (options.rollback_on_failure) options.wait = WaitMode::Watcher;
  TRY(validate_release_name(options.name));
  Result<Release> last = storage_.last(ctx, options.name);
  if (!last.ok()) {
    if (last.error().code() != Code::NotFound) return std::move(last).error();
    return Error(Code::NotFound, cat(quote(options.name), " has no deployed releases"));
  }
  if (is_pending(last->status())) {
    return Error(Code::Conflict, "another operation (install/upgrade/rollback) is in progress");
  }
  Release current = TRY(current_release(ctx, *last));
  options.ns = current.ns;
  const bool reuse = values.empty() && !current.config.empty();
  Plan plan =
      TRY(render(ctx, chart, reuse ? current.config : values, options, last->version + 1, true));
  const bool server_side = options.apply == ApplyMode::ServerSide ||
                           (options.apply == ApplyMode::AsBefore && last->apply_method == "ssa");
  plan.apply.method = options.force_replace ? Method::Replace
                      : server_side         ? Method::ServerSide
                                            : Method::ClientSide;
  plan.apply.adopt_client_side_fields = server_side && current.apply_method != "ssa";
  plan.release.apply_method = method_name(plan.apply.method);
  plan.release.info->first_deployed = current.info ? current.info->first_deployed : "";
  plan.release.set_status(status::kPendingUpgrade, "Preparing upgrade");
  Targets originals =
      TRY(build_targets(ctx, mapper_, current.manifest, current.ns)
              .within("unable to build kubernetes objects from current release manifest"));
  Targets fresh;
  for (const Target& target : plan.targets) {
    if (find_same(originals, target) == nullptr) fresh.push_back(target);
  }
  const Adopt adopt = options.take_ownership ? Adopt::Any : Adopt::Owned;
  for (Target& target : TRY(existing_targets(ctx, client_, fresh, owner(plan.release), adopt)
                                .within("unable to continue with update"))) {
    originals.push_back(std::move(target));
  }
  TRY(storage_.create(ctx, plan.release, options.max_history));
  Result<> done = perform_upgrade(ctx, plan, current, originals, options);
  if (done.ok()) {
    current.info->status = status::kSuperseded;
    record(ctx, current);
    plan.release.set_status(status::kDeployed, "Upgrade complete");
    record(ctx, plan.release);
    return std::move(plan.release);
  }
  plan.release.set_status(
      status::kFailed, cat("Upgrade ", quote(options.name), " failed: ", done.error().message()));
  record(ctx, plan.release);
  if (!options.rollback_on_failure) return std::move(done).error();
  TRY(undo_upgrade(ctx, plan.release, options, done.error()));
  return std::move(done).error().within(
      cat("release ",
          options.name,
          " failed, and has been rolled back due to rollback-on-failure being set"));
}

Result<> Actions::perform_upgrade(const Context& ctx,
                                  Plan& plan,
                                  const Release& current,
                                  const Targets& originals,
                                  const DeployOptions& options) {
  HookRunner hooks{client_,
                   mapper_,
                   plan.apply,
                   options.timeout,
                   options.wait == WaitMode::Watcher,
                   [&](const Release& r) { record(ctx, r); }};
  if (hooks.apply.method == Method::Replace) hooks.apply.method = Method::ClientSide;
  TRY(run_hooks(ctx, hooks, plan.release, "pre-upgrade").within("pre-upgrade hooks failed"));
  TRY(update_targets(ctx, client_, originals, plan.targets, plan.apply, owner(current)));
  TRY(wait_for_targets(ctx, plan.targets, options.wait, options.wait_for_jobs, options.timeout));
  return run_hooks(ctx, hooks, plan.release, "post-upgrade").within("post-upgrade hooks failed");
}

// Back to the newest revision that worked.
Result<> Actions::undo_upgrade(const Context& ctx,
                               const Release& failed,
                               const DeployOptions& options,
                               const Error& why) {
  std::vector<Release> all = TRY(storage_.history(ctx, failed.name));
  auto good = std::find_if(all.rbegin(), all.rend(), [&](const Release& r) {
    return r.version != failed.version &&
           (r.status() == status::kSuperseded || r.status() == status::kDeployed);
  });
  if (good == all.rend()) {
    return Error(why.code(),
                 cat("unable to find a previously successful release when attempting to rollback. "
                     "original upgrade error: ",
                     why.message()));
  }
  RollbackOptions back;
  back.name = failed.name;
  back.revision = good->version;
  back.apply = ApplyMode::AsBefore;
  back.force_replace = options.force_replace;
  back.max_history = options.max_history;
  back.timeout = options.timeout;
  back.wait = options.wait;
  back.wait_for_jobs = options.wait_for_jobs;
  Result<Release> done = rollback(ctx, back);
  if (done.ok()) return {};
  return Error(why.code(),
               cat("an error occurred while rolling back the release. original upgrade error: ",
                   why.message(),
                   ": ",
                   done.error().message()));
}

namespace {

// The revision that a rollback stores: the objects, values and hooks of `previous`.
Release rolled_back(const Release& previous,
                    const Release& current,
                    bool server_side,
                    std::string now) {
  Release next = previous;
  next.version = current.version + 1;
  next.ns = current.ns;
  next.apply_method = server_side ? "ssa" : "csa";
  next.info = ReleaseInfo{current.info ? current.info->first_deployed : "",
                          std::move(now),
                          "",
                          cat("Rollback to ", previous.version),
                          std::string(status::kPendingRollback),
                          previous.version,
                          previous.info ? previous.info->notes : ""};
  return next;
}

}  // namespace

Result<Release> Actions::rollback(const Context& ctx, const RollbackOptions& options) {
  TRY(validate_release_name(options.name));
  std::vector<Release> all = TRY(storage_.history(ctx, options.name));
  Release current = all.back();
  const int wanted = options.revision > 0 ? options.revision : current.version - 1;
  auto previous =
      std::find_if(all.begin(), all.end(), [&](const Release& r) { return r.version == wanted; });
  if (previous == all.end()) {
    return Error(Code::NotFound, cat("release has no ", wanted, " version"));
  }
  const bool server_side =
      options.apply == ApplyMode::ServerSide ||
      (options.apply == ApplyMode::AsBefore && previous->apply_method == "ssa");
  Release next = rolled_back(*previous, current, server_side, release_time(ctx.clock().now()));
  TRY(perform_rollback(ctx, options, current, next));
  for (Release& old : all) {
    if (old.status() != status::kDeployed) continue;
    old.info->status = status::kSuperseded;
    record(ctx, old);
  }
  next.info->status = status::kDeployed;
  record(ctx, next);
  return next;
}

// Stores the revision and brings the objects to it; on failure both records say so.
Result<> Actions::perform_rollback(const Context& ctx,
                                   const RollbackOptions& options,
                                   Release& current,
                                   Release& next) {
  const Targets originals =
      TRY(build_targets(ctx, mapper_, current.manifest, current.ns)
              .within("unable to build kubernetes objects from current release manifest"));
  Targets targets =
      TRY(build_targets(ctx, mapper_, next.manifest, next.ns)
              .within("unable to build kubernetes objects from new release manifest"));
  for (Target& target : targets)
    set_owner(target.object, owner(next));
  TRY(storage_.create(ctx, next, options.max_history));
  ApplyOptions apply;
  apply.field_manager = field_manager_;
  apply.method = options.force_replace        ? Method::Replace
                 : next.apply_method == "ssa" ? Method::ServerSide
                                              : Method::ClientSide;
  apply.adopt_client_side_fields = true;
  HookRunner hooks{client_,
                   mapper_,
                   apply,
                   options.timeout,
                   options.wait == WaitMode::Watcher,
                   [&](const Release& r) { record(ctx, r); }};
  if (hooks.apply.method == Method::Replace) hooks.apply.method = Method::ClientSide;
  TRY(run_hooks(ctx, hooks, next, "pre-rollback"));
  Result<> done = update_targets(ctx, client_, originals, targets, apply, owner(current));
  if (!done.ok()) {
    current.info->status = status::kSuperseded;
    record(ctx, current);
    next.set_status(status::kFailed,
                    cat("Rollback ", quote(next.name), " failed: ", done.error().message()));
    record(ctx, next);
    return done;
  }
  done = wait_for_targets(ctx, targets, options.wait, options.wait_for_jobs, options.timeout);
  if (!done.ok()) {
    next.set_status(status::kFailed,
                    cat("Release ", quote(next.name), " failed: ", done.error().message()));
    record(ctx, next);
    return std::move(done).within(cat("release ", next.name, " failed"));
  }
  return run_hooks(ctx, hooks, next, "post-rollback");
}

}  // namespace fleet::helm
