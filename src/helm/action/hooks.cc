#include "helm/action/hooks.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"

namespace fleet::helm {
namespace {

constexpr std::string_view kBeforeCreation = "before-hook-creation";
constexpr std::string_view kSucceeded = "hook-succeeded";
constexpr std::string_view kFailed = "hook-failed";

// Deletes the hook's objects if it has the policy. Hook objects carry no owner: they are known by
// name, as in Helm.
Result<> obey(const Context& ctx,
              const HookRunner& runner,
              const Release& release,
              const StoredHook& hook,
              std::string_view policy) {
  if (!hook.has_policy(policy) || hook.kind == "CustomResourceDefinition") return {};
  Targets targets = TRY(build_targets(ctx, runner.mapper, hook.manifest, release.ns));
  kube::DeleteOptions options;
  options.propagation = kube::Propagation::Background;
  for (const Target& target : targets) {
    Result<std::optional<kube::Object>> gone =
        runner.client.remove(ctx, target.resource, target.key(), options);
    if (!gone.ok() && gone.error().code() != Code::NotFound) return std::move(gone).error();
  }
  if (!runner.wait_for_deletion) return {};
  return wait_until_gone(ctx, runner.client, targets, runner.timeout);
}

void log_failure(const Context& ctx, const StoredHook& hook, const Result<>& done) {
  if (!done.ok())
    ctx.log().warn("hook object not deleted", {{"hook", hook.path}, {"error", done.error()}});
}

Result<> run_one(const Context& ctx,
                 const HookRunner& runner,
                 Release& release,
                 StoredHook& hook,
                 std::string_view event) {
  if (hook.delete_policies.empty()) hook.delete_policies.emplace_back(kBeforeCreation);
  TRY(obey(ctx, runner, release, hook, kBeforeCreation));
  Targets targets =
      TRY(build_targets(ctx, runner.mapper, hook.manifest, release.ns)
              .within(cat("unable to build kubernetes object for ", event, " hook ", hook.path)));
  hook.last_run = HookRun{release_time(ctx.clock().now()), "", "Running"};
  runner.record(release);
  Result<> made = create_targets(ctx, runner.client, targets, runner.apply);
  if (!made.ok()) {
    hook.last_run.completed_at = release_time(ctx.clock().now());
    hook.last_run.phase = "Failed";
    return std::move(made).error().within(cat("warning: Hook ", event, " ", hook.path, " failed"));
  }
  Result<> done = wait_for(ctx, runner.client, targets, WaitFor::HooksDone, runner.timeout);
  hook.last_run.completed_at = release_time(ctx.clock().now());
  hook.last_run.phase = done.ok() ? "Succeeded" : "Failed";
  if (!done.ok()) log_failure(ctx, hook, obey(ctx, runner, release, hook, kFailed));
  return done;
}

}  // namespace

Result<> run_hooks(const Context& ctx,
                   const HookRunner& runner,
                   Release& release,
                   std::string_view event) {
  std::vector<StoredHook*> hooks;
  for (StoredHook& hook : release.hooks) {
    if (hook.has_event(event)) hooks.push_back(&hook);
  }
  std::stable_sort(hooks.begin(), hooks.end(), [](const StoredHook* a, const StoredHook* b) {
    return a->weight != b->weight ? a->weight < b->weight : a->name < b->name;
  });
  for (size_t i = 0; i < hooks.size(); ++i) {
    Result<> done = run_one(ctx, runner, release, *hooks[i], event);
    if (done.ok()) continue;
    for (size_t j = 0; j < i; ++j) {
      log_failure(ctx, *hooks[j], obey(ctx, runner, release, *hooks[j], kSucceeded));
    }
    return done;
  }
  for (auto hook = hooks.rbegin(); hook != hooks.rend(); ++hook) {
    TRY(obey(ctx, runner, release, **hook, kSucceeded));
  }
  return {};
}

}  // namespace fleet::helm
