// `fleet status`: one screen, worst first.
#include <algorithm>
#include <ostream>
#include <utility>

#include "base/strings.h"
#include "cli/hub_client.h"
#include "cli/online.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/labels.h"
#include "fleet/api/states.h"
#include "fleet/summary/summarize.h"
#include "kube/meta/condition.h"
#include "text/table.h"

namespace fleet::cli {
namespace {

using kube::Object;

constexpr size_t kShortCommit = 7;
constexpr size_t kMostProblems = 30;

struct Problem {
  int rank = 0;
  std::string state;
  std::string cluster;
  std::string bundle;
  std::string why;
};

std::string stalled(const Object& repo) {
  if (!kube::has_condition(repo.value(), "Stalled")) return {};
  return kube::condition_of(repo.value(), "Stalled")["message"].to_string();
}

Result<std::vector<Problem>> problems_of(const std::vector<Object>& deployments) {
  std::vector<Problem> out;
  for (const Object& object : deployments) {
    const auto deployment = TRY(api::from_object<api::BundleDeployment>(object));
    const std::string state(summary::deployment_state(deployment));
    if (state == api::state::kReady) continue;
    std::string why = summary::deployment_message(deployment);
    if (!deployment.status.non_ready_status.empty())
      why = summary::describe(deployment.status.non_ready_status.front());
    if (!deployment.status.modified_status.empty())
      why = summary::describe(deployment.status.modified_status.front());
    out.push_back({api::state_rank(state),
                   state,
                   std::string(object.label(api::label::kCluster)),
                   std::string(object.label(api::label::kBundle)),
                   one_line(why)});
  }
  std::stable_sort(
      out.begin(), out.end(), [](const Problem& a, const Problem& b) { return a.rank > b.rank; });
  return out;
}

void print_repos(const std::vector<Object>& repos, std::ostream& out) {
  text::Table table({"GITREPO", "COMMIT", "CLUSTERS", "DEPLOYMENTS", "STATE", "WHY"});
  for (const Object& repo : repos) {
    const data::Value& status = repo["status"];
    std::string why = stalled(repo);
    const bool is_stalled = !why.empty();
    if (!is_stalled) why = kube::condition_of(repo.value(), "Ready")["message"].to_string();
    std::string state = status.at({"display", "state"}).to_string();
    if (state.empty()) state = "Ready";
    table.add_row(
        {cat(repo.ns(), "/", repo.name()),
         status["commit"].to_string().substr(0, kShortCommit),
         cat(status["readyClusters"].as_int(), "/", status["desiredReadyClusters"].as_int()),
         status.at({"display", "readyBundleDeployments"}).to_string(),
         is_stalled ? "Stalled" : state,
         why});
  }
  out << table.print();
}

Result<int> run_status(HubFlags& flags, Invocation& invocation) {
  HubClient hub = TRY(connect(flags));
  kube::ListOptions where;
  where.ns = hub.ns;
  std::vector<Object> repos =
      TRY(kube::list_all(invocation.ctx, *hub.client, api::GitRepo::kKind.resource(), where)).items;
  kube::ListOptions of_repo;
  if (!invocation.args.empty()) {
    const std::string& name = invocation.args.front();
    std::erase_if(repos, [&](const Object& repo) { return repo.name() != name; });
    if (repos.empty()) return Error(Code::NotFound, cat("gitrepo ", quote(name), " not found"));
    of_repo.labels = kube::LabelSelector::from_set({{std::string(api::label::kRepo), name}});
  }
  const std::vector<Object> deployments =
      TRY(kube::list_all(
              invocation.ctx, *hub.client, api::BundleDeployment::kKind.resource(), of_repo))
          .items;
  if (repos.empty()) {
    invocation.out << "No GitRepos yet: add one with `fleet repo add URL`.\n";
    return 0;
  }
  print_repos(repos, invocation.out);
  const std::vector<Problem> problems = TRY(problems_of(deployments));
  invocation.out << "\n"
                 << deployments.size() - problems.size() << " of " << deployments.size()
                 << " deployments are Ready.\n";
  if (problems.empty()) return 0;
  text::Table table({"STATE", "CLUSTER", "BUNDLE", "WHY"});
  for (size_t i = 0; i < std::min(problems.size(), kMostProblems); ++i) {
    table.add_row(
        {problems[i].state, problems[i].cluster, problems[i].bundle, one_line(problems[i].why)});
  }
  invocation.out << "\n" << table.print();
  if (problems.size() > kMostProblems) {
    invocation.out << "and " << problems.size() - kMostProblems
                   << " more: fleet get deployments -A\n";
  }
  return 0;
}

}  // namespace

Command status_command() {
  return {.name = "status",
          .usage = "[GITREPO]",
          .summary = "One screen: what is deployed where, what is not and why",
          .details = {},
          .max_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<HubFlags>();
            flags->add_to(setup);
            return [flags](Invocation& invocation) { return run_status(*flags, invocation); };
          },
          .commands = {}};
}

}  // namespace fleet::cli
