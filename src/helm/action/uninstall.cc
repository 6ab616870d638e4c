#include <utility>

#include "base/strings.h"
#include "helm/action/action.h"
#include "helm/action/hooks.h"
#include "helm/action/plan.h"
#include "helm/chart/metadata.h"

namespace fleet::helm {
namespace {

constexpr std::string_view kResourcePolicy = "helm.sh/resource-policy";

// In the order in which kinds are deleted; objects with a resource policy stay.
Result<Targets> deletable(const Context& ctx, kube::RestMapper& mapper, const Release& release) {
  const RenderedFiles files = {{"manifest.yaml", release.manifest}};
  SortedManifests sorted = TRY(sort_manifests(files, KindOrder::Uninstall));
  std::string text;
  for (const Manifest& manifest : sorted.manifests)
    text += cat("\n---\n", manifest.content);
  Targets out;
  for (Target& target : TRY(build_targets(ctx, mapper, text, release.ns))) {
    if (!target.object.has_annotation(kResourcePolicy)) out.push_back(std::move(target));
  }
  return out;
}

}  // namespace

Result<> Actions::uninstall(const Context& ctx, const UninstallOptions& options) {
  TRY(validate_release_name(options.name));
  std::vector<Release> all = TRY(storage_.history(ctx, options.name)
                                     .within(cat("uninstall: Release not loaded: ", options.name)));
  Release& last = all.back();
  auto purge = [&]() -> Result<> {
    for (const Release& release : all)
      TRY(storage_.remove(ctx, release));
    return {};
  };
  if (last.status() == status::kUninstalled) {
    if (!options.keep_history) return purge();
    return Error(Code::NotFound,
                 cat("the release named ", quote(options.name), " is already deleted"));
  }
  last.set_status(status::kUninstalling, "Deletion in progress (or silently failed)");
  last.info->deleted = release_time(ctx.clock().now());
  HookRunner hooks{client_,
                   mapper_,
                   ApplyOptions{Method::ServerSide, field_manager_, false, false},
                   options.timeout,
                   options.wait == WaitMode::Watcher,
                   [&](const Release& r) { record(ctx, r); }};
  TRY(run_hooks(ctx, hooks, last, "pre-delete"));
  record(ctx, last);
  Targets targets =
      TRY(deletable(ctx, mapper_, last).within(cat("failed to delete release: ", options.name)));
  std::vector<std::string> errors;
  for (const Target& target : targets) {
    Result<> gone = delete_target(ctx, client_, target, owner(last));
    if (!gone.ok()) errors.push_back(gone.error().message());
  }
  if (!errors.empty()) {
    return Error(Code::InternalError,
                 cat("failed to delete release: ", options.name, ": ", join(errors, "; ")));
  }
  if (options.wait == WaitMode::Watcher) {
    Result<> gone = wait_until_gone(ctx, client_, targets, options.timeout);
    if (!gone.ok()) errors.push_back(gone.error().message());
  }
  Result<> after = run_hooks(ctx, hooks, last, "post-delete");
  if (!after.ok()) errors.push_back(after.error().message());
  last.set_status(status::kUninstalled, "Uninstallation complete");
  Result<> kept = options.keep_history ? storage_.update(ctx, last) : purge();
  if (!kept.ok()) errors.push_back(kept.error().message());
  if (errors.empty()) return {};
  return Error(
      Code::InternalError,
      cat("uninstallation completed with ", errors.size(), " error(s): ", join(errors, "; ")));
}

}  // namespace fleet::helm
