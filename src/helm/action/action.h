// Actions: install, upgrade, roll back and uninstall a release, as Helm 4.2 does them.
//
// Everything that an action wrote can be seen in the release's record: `pending-…` before objects
// are touched, `deployed` or `failed` after. An action that fails leaves a record that says why;
// the next one goes on from there.
//
// Deletion: objects are deleted only by `uninstall` and when an upgrade's manifest no longer has
// them, only when read live before, and only while they carry this release's ownership metadata.
//
// Errors: Invalid for a chart that cannot be rendered or belongs elsewhere; Conflict for another
// operation in progress; NotFound when there is no release; else those of the API. Texts are
// Helm's. Threads: one action per release at a time. Lifetime: client, mapper and host outlive it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gotemplate/host.h"
#include "helm/action/apply.h"
#include "helm/action/wait.h"
#include "helm/engine/engine.h"
#include "helm/release/storage.h"
#include "kube/client/rest_mapper.h"

namespace fleet::helm {

enum class ApplyMode {
  ServerSide,
  ClientSide,
  AsBefore,  // upgrades: as the last revision was applied
};

enum class WaitMode { HooksOnly, Watcher };

// What install and upgrade have in common.
struct DeployOptions {
  std::string name;
  std::string ns = "default";
  ApplyMode apply = ApplyMode::ServerSide;
  bool take_ownership = false;  // adopt objects that exist already, whoever owns them
  bool force_replace = false;   // PUT instead of patches
  bool rollback_on_failure = false;
  int max_history = 0;  // 0: all revisions are kept
  Duration timeout{};   // zero: 30 s where something is waited for
  WaitMode wait = WaitMode::HooksOnly;
  bool wait_for_jobs = false;
  bool skip_schema_validation = false;
  bool create_namespace = false;  // install only
  bool replace = false;           // install only: use the name of an uninstalled or failed release
  std::string file_time{};        // kept with the chart's files in the record; empty: none
  // Rewrites the rendered files before they are sorted (a post-renderer).
  std::function<Result<RenderedFiles>(RenderedFiles)> rewrite_files{};
};

struct RollbackOptions {
  std::string name;
  int revision = 0;  // 0: the one before the last
  ApplyMode apply = ApplyMode::ClientSide;
  bool force_replace = false;
  int max_history = 0;
  Duration timeout{};
  WaitMode wait = WaitMode::HooksOnly;
  bool wait_for_jobs = false;
};

struct UninstallOptions {
  std::string name;
  bool keep_history = false;
  Duration timeout{};
  WaitMode wait = WaitMode::HooksOnly;
};

class Actions {
 public:
  // All of one namespace's releases. `field_manager` is the name of the program.
  Actions(kube::Client& client,
          kube::RestMapper& mapper,
          gotemplate::Host& host,
          std::string ns,
          std::string field_manager);

  Result<Release> install(const Context& ctx,
                          const Chart& chart,
                          const data::Value& values,
                          const DeployOptions& options);
  Result<Release> upgrade(const Context& ctx,
                          const Chart& chart,
                          const data::Value& values,
                          const DeployOptions& options);
  Result<Release> rollback(const Context& ctx, const RollbackOptions& options);
  Result<> uninstall(const Context& ctx, const UninstallOptions& options);

  Storage& storage() { return storage_; }

 private:
  struct Plan;  // a rendered revision and its objects

  Result<Plan> render(const Context& ctx,
                      const Chart& chart,
                      const data::Value& values,
                      const DeployOptions& options,
                      int revision,
                      bool is_upgrade);
  Result<> apply_crds(const Context& ctx, const Chart& chart, const DeployOptions& options);
  Result<> make_namespace(const Context& ctx, const DeployOptions& options, Method method);
  Result<> supersede_last(const Context& ctx, Release& next);
  Result<> name_is_free(const Context& ctx, const DeployOptions& options);
  Result<> perform_install(const Context& ctx,
                           Plan& plan,
                           const Targets& adopted,
                           const DeployOptions& options);
  Result<> perform_upgrade(const Context& ctx,
                           Plan& plan,
                           const Release& current,
                           const Targets& originals,
                           const DeployOptions& options);
  Result<> undo_upgrade(const Context& ctx,
                        const Release& failed,
                        const DeployOptions& options,
                        const Error& why);
  Result<> perform_rollback(const Context& ctx,
                            const RollbackOptions& options,
                            Release& current,
                            Release& next);
  Result<Release> current_release(const Context& ctx, const Release& last);
  Result<> wait_for_targets(
      const Context& ctx, const Targets& targets, WaitMode wait, bool jobs, Duration timeout);
  // Stores a record that already exists; a failure is logged, since the objects are what counts.
  void record(const Context& ctx, const Release& release);
  Owner owner(const Release& release) const { return Owner{release.name, release.ns}; }

  kube::Client& client_;
  kube::RestMapper& mapper_;
  gotemplate::Host& host_;
  Storage storage_;
  std::string field_manager_;
};

// What the cluster can do, from its discovery documents and version.
Result<Capabilities> cluster_capabilities(const Context& ctx,
                                          kube::Client& client,
                                          kube::RestMapper& mapper);

}  // namespace fleet::helm
