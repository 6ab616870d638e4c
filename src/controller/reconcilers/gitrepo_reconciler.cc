#include "controller/reconcilers/gitrepo_reconciler.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "controller/gitjob/apply.h"
#include "controller/gitjob/read.h"
#include "fleet/api/labels.h"
#include "fleet/policy/restrict.h"
#include "kube/controller/write.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

using kube::Key;
using kube::Object;
using kube::Requeue;

constexpr Duration kCoalesce = std::chrono::milliseconds(200);
constexpr Duration kDeleting = std::chrono::seconds(1);
constexpr Duration kFirstRetry = std::chrono::seconds(2);
constexpr Duration kLastRetry = std::chrono::minutes(2);
constexpr std::string_view kCurrent = "Current";
constexpr std::string_view kFailed = "Failed";
constexpr std::string_view kInProgress = "InProgress";

kube::Resource gitrepos() {
  return api::GitRepo::kKind.resource();
}

bool is_for_people(Code code) {
  return code == Code::Invalid || code == Code::Unsupported || code == Code::BadRequest;
}

std::string job_of(const api::GitRepo& repo) {
  return cat(
      repo.status.commit, " ", repo.metadata.generation, " ", repo.spec.force_sync_generation);
}

void set_stalled(api::GitRepo& repo, const std::string& message, TimePoint now) {
  auto& conditions = repo.status.base.conditions;
  kube::set_status(conditions, "Reconciling", "False", now);
  kube::set_message(conditions, "Reconciling", "", now);
  kube::set_reason(conditions, "Reconciling", "", now);
  kube::set_status(conditions, "Stalled", message.empty() ? "False" : "True", now);
  kube::set_message(conditions, "Stalled", message, now);
  kube::set_reason(conditions, "Stalled", message.empty() ? "" : "Stalled", now);
}

Instant later(const Context& ctx, Duration by) {
  return ctx.clock().instant() + std::chrono::duration_cast<Instant::duration>(by);
}

// The interval after so many failures in a row: doubled from the second on, up to kLastRetry, but
// never shorter than it is.
Duration backed_off(Duration interval, int failures) {
  Duration wait = interval;
  for (int i = 1; i < failures && wait < kLastRetry; ++i)
    wait = std::min(wait * 2, kLastRetry);
  return wait;
}

Key repo_key(const Object& object) {
  const std::string repo = repo_of(object);
  auto parts = cut(repo, "/");
  return parts ? Key{std::string(parts->before), std::string(parts->after)} : Key{};
}

std::vector<Key> key_of_repo(const kube::CacheEvent& event) {
  Key key = repo_key(event.object());
  return key.name.empty() ? std::vector<Key>() : std::vector<Key>{std::move(key)};
}

}  // namespace

struct GitRepoReconciler::Work {
  Object live;
  api::GitRepo repo;  // its status is what will be written
  Memory memory;
  std::optional<Error> failure;
};

void GitRepoReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.gitrepos, [](const kube::CacheEvent& e) {
    if (kube::spec_or_metadata_changed(e)) return true;
    return !(e.before->object.at({"status", "webhookCommit"}) ==
             e.after->object.at({"status", "webhookCommit"}));
  });
  auto not_resync = [](const kube::CacheEvent& e) {
    return e.type != kube::CacheEvent::Type::Resync;
  };
  controller.watch_mapped(caches_.deployments, key_of_repo, not_resync, kCoalesce);
  controller.watch_mapped(caches_.bundles, key_of_repo, not_resync, kCoalesce);
}

GitRepoReconciler::Memory GitRepoReconciler::recall(const std::string& uid) const {
  return memory_.with([&](const auto& all) {
    auto it = all.find(uid);
    return it == all.end() ? Memory() : it->second;
  });
}

void GitRepoReconciler::remember(const std::string& uid, const Memory& memory) {
  memory_.with([&](auto& all) { all[uid] = memory; });
}

Result<Requeue> GitRepoReconciler::reconcile(const Context& ctx, const Key& key) {
  // Read live: a job must not be run twice because a cache is late.
  Result<Object> live = client_.get(ctx, gitrepos(), key);
  if (!live.ok()) {
    if (live.error().code() == Code::NotFound) return Requeue::never();
    return std::move(live).error();
  }
  Work work{std::move(live).value(), {}, {}, std::nullopt};
  work.repo = TRY(api::from_object<api::GitRepo>(work.live));
  if (work.live.is_being_deleted()) return remove(ctx, work.live);
  const TimePoint now = ctx.clock().now();
  const api::GitRepoSpec before = work.repo.spec;
  Result<> allowed =
      policy::authorize(work.repo.spec,
                        cached_values<api::GitRepoRestriction>(caches_.restrictions, key.ns),
                        cached_values<api::Policy>(caches_.policies, key.ns));
  if (!allowed.ok()) {
    kube::set_error(work.repo.status.base.conditions, "Accepted", "", &allowed.error(), now);
    TRY(write(ctx, work));
    return std::move(allowed).error();
  }
  if (!(before == work.repo.spec)) {
    Object next = work.live;
    next.edit().set("spec", api::to_value(work.repo)["spec"]);
    TRY(client_.update(ctx, gitrepos(), next));
    return Requeue::never();  // the change comes back as an event
  }
  if (!work.live.has_finalizer(api::finalizer::kGitRepo)) {
    TRY(kube::add_finalizer(ctx, client_, gitrepos(), work.live, api::finalizer::kGitRepo));
    return Requeue::never();
  }
  if (work.repo.spec.repo.empty()) return Requeue::never();
  work.memory = recall(work.repo.metadata.uid);
  Result<> polled = poll(ctx, work);
  if (polled.ok() && job_is_due(ctx, work)) {
    Result<> done = run_job(ctx, work);
    if (!done.ok() && done.error().code() == Code::Cancelled) return std::move(done).error();
  } else if (!polled.ok() && polled.error().code() == Code::Cancelled) {
    return std::move(polled).error();
  }
  remember(work.repo.metadata.uid, work.memory);
  kube::set_error(work.repo.status.base.conditions, "Accepted", "", nullptr, now);
  sum_up(work.repo,
         cached_by<api::BundleDeployment>(caches_.deployments, index::kByRepo, key.str()),
         cached_by<api::Bundle>(caches_.bundles, index::kByRepo, key.str()),
         now);
  TRY(write(ctx, work));
  return next_look(ctx, work);
}

Requeue GitRepoReconciler::next_look(const Context& ctx, const Work& work) {
  const Memory& memory = work.memory;
  std::optional<Instant> next;
  if (!work.repo.spec.disable_polling || memory.poll_failures > 0) next = memory.next_poll;
  if (memory.retry) next = std::min(next.value_or(memory.next_try), memory.next_try);
  if (!next) return Requeue::never();
  return Requeue::after(
      std::max<Duration>(*next - ctx.clock().instant(), std::chrono::milliseconds(50)));
}

// Asks for the newest commit when that is due; status and memory say what came of it.
Result<> GitRepoReconciler::poll(const Context& ctx, Work& work) {
  api::GitRepo& repo = work.repo;
  const bool pushed =
      !repo.status.webhook_commit.empty() && repo.status.webhook_commit != repo.status.commit;
  const bool changed = repo.metadata.generation != repo.status.observed_generation;
  const bool wanted = pushed || changed || repo.status.commit.empty();
  Memory& memory = work.memory;
  if (repo.spec.disable_polling && !wanted) {
    memory.poll_failures = 0;
    return {};
  }
  const std::string asked = cat(repo.metadata.generation, " ", repo.status.webhook_commit);
  const bool in_vain = memory.poll_failures > 0 && memory.failed_poll == asked;
  const bool due = ctx.clock().instant() >= memory.next_poll;
  if (!due && (in_vain || !wanted)) return {};
  Duration interval = options_.polling_interval;
  if (repo.spec.polling_interval && repo.spec.polling_interval->value > Duration::zero()) {
    interval = repo.spec.polling_interval->value;
  }
  const TimePoint now = ctx.clock().now();
  Result<std::string> commit = [&]() -> Result<std::string> {
    const gitjob::GitQuery query = TRY(gitjob::query_of(ctx, client_, repo));
    return git_.latest_commit(ctx.with_timeout(options_.git_timeout), query);
  }();
  repo.status.last_polling_time = api::Time::of(now);
  memory.poll_failures = commit.ok() ? 0 : in_vain ? memory.poll_failures + 1 : 1;
  // A host that answers, only without that branch, is not spared.
  const bool away = !commit.ok() && commit.error().code() != Code::NotFound;
  memory.next_poll = later(ctx, away ? backed_off(interval, memory.poll_failures) : interval);
  if (!commit.ok()) {
    memory.failed_poll = asked;
    ctx.log().warn("repository cannot be polled", {{"error", commit.error()}});
    kube::set_error(repo.status.base.conditions, "GitPolling", "", &commit.error(), now);
    set_stalled(repo, commit.error().message(), now);
    work.failure = commit.error();
    return std::move(commit).error();
  }
  kube::set_error(repo.status.base.conditions, "GitPolling", "", nullptr, now);
  if (!work.memory.last_job_failed) set_stalled(repo, "", now);
  repo.status.polling_commit = *commit;
  if (repo.status.commit != *commit) {
    ctx.log().info("new commit", {{"commit", *commit}});
    repo.status.commit = *commit;
  }
  return {};
}

bool GitRepoReconciler::job_is_due(const Context& ctx, const Work& work) const {
  const api::GitRepo& repo = work.repo;
  if (repo.status.commit.empty()) return false;
  const std::string job = job_of(repo);
  if (work.memory.last_job == job) {
    if (!work.memory.last_job_failed) return false;
    return work.memory.retry && ctx.clock().instant() >= work.memory.next_try;
  }
  if (!work.memory.last_job.empty()) return true;
  // Nothing is remembered: the status tells whether that very job was done.
  const bool done = work.live.at({"status", "commit"}).as_string() == repo.status.commit &&
                    repo.status.git_job_status == kCurrent &&
                    repo.status.observed_generation == repo.metadata.generation &&
                    repo.status.update_generation == repo.spec.force_sync_generation;
  return !done;
}

Result<> GitRepoReconciler::run_job(const Context& ctx, Work& work) {
  api::GitRepo& repo = work.repo;
  const TimePoint now = ctx.clock().now();
  repo.status.git_job_status = kInProgress;
  repo.status.observed_generation = repo.metadata.generation;
  repo.status.update_generation = repo.spec.force_sync_generation;
  // So that a job that dies with us is seen as not done.
  TRY(write(ctx, work));
  work.live = TRY(client_.get(ctx, gitrepos(), work.live.key()));
  Result<> done = do_job(ctx.with_timeout(options_.job_timeout), work);
  if (!done.ok() && done.error().code() == Code::Cancelled && !ctx.check().ok()) return done;
  work.memory.last_job = job_of(repo);
  work.memory.last_job_failed = !done.ok();
  work.memory.retry = !done.ok() && !is_for_people(done.error().code());
  repo.status.git_job_status = done.ok() ? kCurrent : kFailed;
  if (done.ok()) {
    work.memory.failures = 0;
    if (!repo.status.webhook_commit.empty()) repo.status.webhook_commit = repo.status.commit;
    set_stalled(repo, "", now);
    return {};
  }
  const Duration wait =
      std::min<Duration>(kFirstRetry * (1 << std::min(work.memory.failures, 6)), kLastRetry);
  ++work.memory.failures;
  work.memory.next_try = later(ctx, wait);
  ctx.log().error("git job failed", {{"commit", repo.status.commit}, {"error", done.error()}});
  set_stalled(repo, done.error().message(), now);
  work.failure = done.error();
  return done;
}

Result<> GitRepoReconciler::do_job(const Context& ctx, Work& work) {
  const api::GitRepo& repo = work.repo;
  const gitjob::GitQuery query = TRY(gitjob::query_of(ctx, client_, repo));
  const FileTree tree = TRY(git_.checkout(ctx, query, repo.status.commit));
  gitjob::ApplyInput input;
  input.repo = repo.metadata.name;
  input.ns = repo.metadata.namespace_;
  input.commit = repo.status.commit;
  input.paths = repo.spec.paths;
  input.bundles = TRY(gitjob::read_repository(repo, tree, charts_, bundle::Auth{}));
  const gitjob::ApplyReport report = TRY(gitjob::apply_bundles(ctx, client_, std::move(input)));
  ctx.log().info("git job done",
                 {{"commit", repo.status.commit},
                  {"written", report.written},
                  {"unchanged", report.unchanged},
                  {"deleted", report.deleted}});
  return {};
}

Result<> GitRepoReconciler::write(const Context& ctx, Work& work) {
  TRY(kube::write_status(ctx, client_, gitrepos(), work.live, api::to_value(work.repo)["status"]));
  return {};
}

// `live` was read live and says that it is being deleted.
Result<Requeue> GitRepoReconciler::remove(const Context& ctx, const Object& live) {
  if (!live.has_finalizer(api::finalizer::kGitRepo)) return Requeue::never();
  kube::ListOptions which;
  which.ns = live.ns();
  which.labels =
      kube::LabelSelector::from_set({{std::string(api::label::kRepo), std::string(live.name())}});
  kube::ObjectList left = TRY(kube::list_all(ctx, client_, api::Bundle::kKind.resource(), which));
  for (const Object& bundle : left.items) {
    if (!bundle.is_being_deleted()) {
      TRY(kube::delete_object(ctx, client_, api::Bundle::kKind.resource(), bundle));
    }
  }
  if (!left.items.empty()) return Requeue::after(kDeleting);
  memory_.with([&](auto& all) { all.erase(std::string(live.uid())); });
  TRY(kube::remove_finalizer(ctx, client_, gitrepos(), live, api::finalizer::kGitRepo));
  return Requeue::never();
}

}  // namespace fleet::controller
