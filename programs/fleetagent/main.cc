// fleetagent: the agent of one cluster, as the Deployment `fleet-agent` runs it.
//
// Flags and environment as Fleet 0.16: --namespace (NAMESPACE), --agent-scope (AGENT_SCOPE),
// --checkin-interval (CHECKIN_INTERVAL), --kubeconfig, --leader-elect (then with the three
// CATTLE_ELECTION_ variables), --debug; and --log-level. Workers by their environment variable.
#include <csignal>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/agent.h"
#include "base/strings.h"
#include "sys/environment.h"
#include "sys/memory.h"
#include "sys/signals.h"
#include "text/duration.h"
#include "text/flags.h"

namespace fleet {
namespace {

struct Flags {
  std::string kubeconfig;
  std::string ns;
  std::string scope;
  std::string checkin;
  std::string leader_elect = "true";
  std::string log_level = "info";
  std::string debug = "false";
};

// A flag that is not given is taken from its environment variable.
Result<Flags> read_flags(const std::vector<std::string>& args) {
  using Kind = text::Flag::Kind;
  Flags flags;
  flags.ns = sys::env("NAMESPACE").value_or("");
  flags.scope = sys::env("AGENT_SCOPE").value_or("");
  flags.checkin = sys::env("CHECKIN_INTERVAL").value_or("");
  const text::Flag known[] = {{"kubeconfig", Kind::Text, &flags.kubeconfig},
                              {"namespace", Kind::Text, &flags.ns},
                              {"agent-scope", Kind::Text, &flags.scope},
                              {"checkin-interval", Kind::Text, &flags.checkin},
                              {"leader-elect", Kind::Switch, &flags.leader_elect},
                              {"log-level", Kind::Text, &flags.log_level},
                              {"debug", Kind::Switch, &flags.debug},
                              // How the original's logger writes; ours has one form.
                              {"debug-level"},
                              {"zap-devel", Kind::Switch},
                              {"zap-encoder"},
                              {"zap-log-level"},
                              {"zap-stacktrace-level"},
                              {"zap-time-encoding"}};
  const std::vector<std::string> rest = TRY(text::read_flags(args, known));
  if (!rest.empty())
    return Error(Code::BadRequest, cat("only flags are understood, not ", quote(rest.front())));
  return flags;
}

Result<agent::AgentOptions> agent_options(const Flags& flags) {
  if (flags.ns.empty())
    return Error(Code::Invalid, "--namespace or env NAMESPACE is required to be set");
  agent::AgentOptions options;
  options.local = TRY(kube::default_access({flags.kubeconfig, {}}));
  options.ns = flags.ns;
  options.scope = flags.scope;
  if (!flags.checkin.empty()) {
    options.checkin_interval =
        TRY(text::parse_duration(flags.checkin).within("--checkin-interval"));
  }
  options.leader_election = flags.leader_elect == "true";
  if (options.leader_election) TRY(kube::read_timings(sys::env, options.lease));
  if (auto workers = sys::env("BUNDLEDEPLOYMENT_RECONCILER_WORKERS")) {
    const auto count = parse_int(*workers);
    if (count && *count > 0) options.workers = static_cast<size_t>(*count);
  }
  options.lease.identity = sys::env("POD_NAME").value_or("");
  return options;
}

Result<LogLevel> log_level(const Flags& flags) {
  if (flags.debug == "true") return LogLevel::Debug;
  if (auto level = sys::parse_log_level(flags.log_level)) return *level;
  return Error(Code::BadRequest,
               cat("--log-level: ", quote(flags.log_level), " is not debug, info, warn or error"));
}

// Until a signal or the agent's own end.
Result<> run(const std::vector<std::string>& args) {
  auto signals = TRY(sys::Signals::block({SIGTERM, SIGINT}));
  const Flags flags = TRY(read_flags(args));
  const LogLevel level = TRY(log_level(flags));
  const agent::AgentOptions options = TRY(agent_options(flags));
  const Context root = Context::background().with_log(Log::to_fd(2, LogFormat::Text, level));
  StopScope scope(root);
  std::jthread waiter([&] {
    if (signals.wait(scope.context()).ok()) scope.stop();
  });
  Result<> done = agent::run_agent(scope.context(), options);
  const bool asked = scope.context().stop().stop_requested();
  scope.stop();
  if (asked && !done.ok() && done.error().code() == Code::Cancelled) return {};
  return done;
}

}  // namespace
}  // namespace fleet

int main(int argc, char** argv) {
  fleet::sys::share_one_heap();
  fleet::Result<> done = fleet::run(std::vector<std::string>(argv + 1, argv + argc));
  if (done.ok()) return 0;
  std::cerr << "error: " << done.error().message() << "\n";
  return 1;
}
