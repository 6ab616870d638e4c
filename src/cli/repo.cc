// `fleet repo …`: GitRepos without writing YAML.
#include <ostream>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "cli/hub_client.h"
#include "cli/online.h"
#include "data/yaml/yaml.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "text/duration.h"

namespace fleet::cli {
namespace {

using data::Value;

struct AddState {
  HubFlags hub;
  std::string name;
  std::string branch;
  std::string revision;
  std::vector<std::string> paths;
  std::vector<std::string> targets;
  std::string interval;
  std::string secret;
  std::string target_namespace;
  bool correct_drift = false;
  bool keep_resources = false;
  bool dry_run = false;
};

// "all", "cluster=NAME", "group=NAME", or labels "env=prod,tier=web".
Result<Value> target_of(const std::string& text) {
  if (text == "all") return Value::object({{"name", "all"}, {"clusterSelector", Value::object()}});
  auto pair = cut(text, "=");
  if (!pair)
    return Error(
        Code::BadRequest,
        cat("target ", quote(text), ": want all, cluster=NAME, group=NAME or label=value"));
  if (pair->before == "cluster")
    return Value::object({{"name", pair->after}, {"clusterName", pair->after}});
  if (pair->before == "group")
    return Value::object({{"name", pair->after}, {"clusterGroup", pair->after}});
  Value selector = TRY(kube::parse_to_label_selector(text));
  return Value::object({{"name", replace_all(replace_all(text, "=", "-"), ",", "-")},
                        {"clusterSelector", std::move(selector)}});
}

Value strings(const std::vector<std::string>& texts) {
  Value out = Value::array();
  for (const std::string& text : texts)
    out.push_back(text);
  return out;
}

std::string name_from(const std::string& url) {
  const std::string last(trim_suffix(base_name(url), ".git"));
  return api::helm_release_name(last);
}

Result<kube::Object> make_repo(const AddState& state,
                               const std::string& url,
                               const std::string& ns) {
  const std::string name = state.name.empty() ? name_from(url) : state.name;
  kube::Object repo = kube::Object::make(api::GitRepo::kKind.gvk(), {ns, name});
  repo.set({"spec", "repo"}, url);
  auto put = [&](const char* field, const std::string& text) {
    if (!text.empty()) repo.set({"spec", field}, text);
  };
  put("branch", state.branch);
  put("revision", state.revision);
  put("pollingInterval", state.interval);
  put("clientSecretName", state.secret);
  put("targetNamespace", state.target_namespace);
  if (!state.paths.empty()) repo.set({"spec", "paths"}, strings(state.paths));
  if (state.correct_drift) repo.set({"spec", "correctDrift", "enabled"}, true);
  if (state.keep_resources) repo.set({"spec", "keepResources"}, true);
  Value targets = Value::array();
  for (const std::string& target : state.targets)
    targets.push_back(TRY(target_of(target)));
  if (targets.empty()) targets.push_back(TRY(target_of("all")));
  repo.set({"spec", "targets"}, std::move(targets));
  return repo;
}

Result<int> run_add(AddState& state, Invocation& invocation) {
  const std::string& url = invocation.args.front();
  if (state.dry_run) {
    const std::string ns =
        state.hub.ns.empty() ? std::string(api::kDefaultNamespace) : state.hub.ns;
    invocation.out << yaml::print(TRY(make_repo(state, url, ns)).value());
    return 0;
  }
  HubClient hub = TRY(connect(state.hub));
  const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
  const kube::Object repo = TRY(make_repo(state, url, ns));
  TRY(hub.client->create(invocation.ctx, api::GitRepo::kKind.resource(), repo));
  invocation.out << "gitrepo " << ns << "/" << repo.name() << " added\n"
                 << "watch it with: fleet status " << repo.name() << " -n " << ns << "\n";
  return 0;
}

Command add_command() {
  return {
      .name = "add",
      .usage = "URL",
      .summary = "Deploy a git repository to clusters",
      .details = {},
      .min_args = 1,
      .max_args = 1,
      .setup = [](Setup& setup) -> Run {
        auto state = setup.state<AddState>();
        state->hub.add_to(setup);
        setup.text("name", state->name, "name of the GitRepo; the repository's when not given");
        setup.text("branch", state->branch, "branch to follow; master when not given");
        setup.text("revision", state->revision, "tag or commit to stay at");
        setup.list("path", state->paths, "folder to deploy; may be given many times");
        setup.list("target",
                   state->targets,
                   "all, cluster=NAME, group=NAME or labels (env=prod); may be given many times");
        setup.text("polling-interval", state->interval, "how often to look for commits: 15s, 5m");
        setup.text("client-secret", state->secret, "Secret with the credentials");
        setup.text(
            "target-namespace", state->target_namespace, "namespace for everything deployed");
        setup.flag("correct-drift", state->correct_drift, "undo changes made by others");
        setup.flag("keep-resources",
                   state->keep_resources,
                   "leave what was deployed when the GitRepo goes");
        setup.flag("dry-run", state->dry_run, "print the GitRepo and do nothing");
        return [state](Invocation& invocation) { return run_add(*state, invocation); };
      },
      .commands = {}};
}

// One field of a GitRepo, changed.
Command change_command(const char* name,
                       const char* summary,
                       const char* done,
                       std::function<void(kube::Object&)> change) {
  return {.name = name,
          .usage = "NAME",
          .summary = summary,
          .details = {},
          .min_args = 1,
          .max_args = 1,
          .setup = [done, change = std::move(change)](Setup& setup) -> Run {
            auto flags = setup.state<HubFlags>();
            flags->add_to(setup);
            return [flags, done, change](Invocation& invocation) -> Result<int> {
              HubClient hub = TRY(connect(*flags));
              const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
              auto edit = [&](kube::Object& repo) -> Result<bool> {
                change(repo);
                return true;
              };
              TRY(kube::change_object(invocation.ctx,
                                      *hub.client,
                                      api::GitRepo::kKind.resource(),
                                      {ns, invocation.args.front()},
                                      edit));
              invocation.out << "gitrepo " << ns << "/" << invocation.args.front() << " " << done
                             << "\n";
              return 0;
            };
          },
          .commands = {}};
}

Command remove_command() {
  return {.name = "remove",
          .usage = "NAME",
          .summary = "Delete a GitRepo and what was deployed from it",
          .details = {},
          .min_args = 1,
          .max_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<HubFlags>();
            flags->add_to(setup);
            return [flags](Invocation& invocation) -> Result<int> {
              HubClient hub = TRY(connect(*flags));
              const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
              TRY(hub.client->remove(
                  invocation.ctx, api::GitRepo::kKind.resource(), {ns, invocation.args.front()}));
              invocation.out << "gitrepo " << ns << "/" << invocation.args.front() << " removed\n";
              return 0;
            };
          },
          .commands = {}};
}

}  // namespace

Command repo_command() {
  return {.name = "repo",
          .usage = {},
          .summary = "Add, sync, pause and remove git repositories",
          .details = {},
          .setup = {},
          .commands = {add_command(),
                       change_command(
                           "sync",
                           "Run the git job again and redeploy",
                           "will be synced",
                           [](kube::Object& repo) {
                             const int64_t now = repo.at({"spec", "forceSyncGeneration"}).as_int();
                             repo.set({"spec", "forceSyncGeneration"}, now + 1);
                           }),
                       change_command("pause",
                                      "Stage commits, but deploy nothing",
                                      "paused",
                                      [](kube::Object& repo) {
                                        repo.set({"spec", "paused"}, true);
                                      }),
                       change_command("resume",
                                      "Deploy again",
                                      "resumed",
                                      [](kube::Object& repo) {
                                        repo.set({"spec", "paused"}, false);
                                      }),
                       remove_command()}};
}

}  // namespace fleet::cli
