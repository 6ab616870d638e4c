// fleetagent: the agent of one cluster, as the Deployment `fleet-agent` runs it.
//
// Flags and environment as Fleet 0.16: --namespace (NAMESPACE), --agent-scope (AGENT_SCOPE),
// --checkin-interval (CHECKIN_INTERVAL), --kubeconfig, --leader-elect; and --log-level.
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
#include "sys/signals.h"
#include "text/duration.h"

namespace fleet {
namespace {

struct Flags {
  std::string kubeconfig;
  std::string ns;
  std::string scope;
  std::string checkin;
  std::string leader_elect = "true";
  std::string log_level = "info";
  std::string workers;
};

struct FlagName {
  std::string_view name;
  const char* variable;  // taken when the flag is not given
  std::string Flags::*value;
};
constexpr FlagName kFlags[] = {
    {"kubeconfig", nullptr, &Flags::kubeconfig},
    {"namespace", "NAMESPACE", &Flags::ns},
    {"agent-scope", "AGENT_SCOPE", &Flags::scope},
    {"checkin-interval", "CHECKIN_INTERVAL", &Flags::checkin},
    {"leader-elect", nullptr, &Flags::leader_elect},
    {"log-level", nullptr, &Flags::log_level},
    {"workers", "BUNDLEDEPLOYMENT_RECONCILER_WORKERS", &Flags::workers},
};

Result<Flags> read_flags(const std::vector<std::string>& args) {
  Flags flags;
  for (const FlagName& flag : kFlags) {
    if (flag.variable == nullptr) continue;
    if (auto value = sys::env(flag.variable)) flags.*flag.value = *value;
  }
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string_view text = trim_left(args[i], "-");
    auto pair = cut(text, "=");
    const std::string_view name = pair ? pair->before : text;
    const FlagName* known = nullptr;
    for (const FlagName& flag : kFlags) {
      if (flag.name == name) known = &flag;
    }
    if (known == nullptr || !args[i].starts_with("-")) {
      return Error(Code::BadRequest, cat("unknown flag: ", args[i]));
    }
    if (pair) {
      flags.*known->value = std::string(pair->after);
    } else if (name == "leader-elect") {
      flags.leader_elect = "true";
    } else if (i + 1 < args.size()) {
      flags.*known->value = args[++i];
    } else {
      return Error(Code::BadRequest, cat("flag needs an argument: ", args[i]));
    }
  }
  return flags;
}

Result<agent::AgentOptions> agent_options(const Flags& flags) {
  agent::AgentOptions options;
  options.local = TRY(kube::default_access({flags.kubeconfig, {}}));
  options.ns = flags.ns;
  options.scope = flags.scope;
  if (!flags.checkin.empty()) {
    options.checkin_interval =
        TRY(text::parse_duration(flags.checkin).within("--checkin-interval"));
  }
  options.leader_election = flags.leader_elect != "false";
  if (auto workers = parse_int(flags.workers); workers && *workers > 0) {
    options.workers = static_cast<size_t>(*workers);
  }
  options.identity = sys::env("POD_NAME").value_or("");
  return options;
}

// Until a signal or the agent's own end.
Result<> run(const std::vector<std::string>& args) {
  auto signals = TRY(sys::Signals::block({SIGTERM, SIGINT}));
  const Flags flags = TRY(read_flags(args));
  auto level = sys::parse_log_level(flags.log_level);
  if (!level)
    return Error(
        Code::BadRequest,
        cat("--log-level: ", quote(flags.log_level), " is not debug, info, warn or error"));
  const agent::AgentOptions options = TRY(agent_options(flags));
  const Context root = Context::background().with_log(Log::to_fd(2, LogFormat::Text, *level));
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
  fleet::Result<> done = fleet::run(std::vector<std::string>(argv + 1, argv + argc));
  if (done.ok()) return 0;
  std::cerr << "error: " << done.error().message() << "\n";
  return 1;
}
