// fleetcontroller: the hub's controllers against any Kubernetes API server.
//
// Flags and environment as Fleet 0.16: --kubeconfig, --namespace (NAMESPACE), --leader-elect (then
// with the three CATTLE_ELECTION_ variables), --debug; and --log-level. Where agents find the hub
// is read from the ConfigMap fleet-controller.
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"
#include "controller/gitjob/network_charts.h"
#include "controller/reconcilers/controllers.h"
#include "data/yaml/yaml.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "kube/controller/leader.h"
#include "server/git.h"
#include "sys/environment.h"
#include "sys/signals.h"
#include "sys/thread.h"
#include "text/flags.h"

namespace fleet {
namespace {

struct Flags {
  std::string kubeconfig;
  std::string ns;
  std::string leader_elect = "true";
  std::string log_level = "info";
  std::string debug = "false";
};

// A flag that is not given is taken from its environment variable.
Result<Flags> read_flags(const std::vector<std::string>& args) {
  using Kind = text::Flag::Kind;
  Flags flags;
  flags.ns = sys::env("NAMESPACE").value_or("");
  if (flags.ns.empty()) flags.ns = "cattle-fleet-system";
  const text::Flag known[] = {{"kubeconfig", Kind::Text, &flags.kubeconfig},
                              {"namespace", Kind::Text, &flags.ns},
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

Result<LogLevel> log_level(const Flags& flags) {
  if (flags.debug == "true") return LogLevel::Debug;
  if (auto level = sys::parse_log_level(flags.log_level)) return *level;
  return Error(Code::BadRequest,
               cat("--log-level: ", quote(flags.log_level), " is not debug, info, warn or error"));
}

// Address and authority of the hub, as its configuration tells agents.
Result<controller::Hub> read_hub(const Context& ctx, kube::Client& client, const std::string& ns) {
  const kube::Resource config_maps{{"", "v1", "configmaps"}, "ConfigMap", true};
  const kube::Object map = TRY(client.get(ctx, config_maps, {ns, "fleet-controller"}));
  const data::Value config = TRY(
      yaml::parse(map.at({"data", "config"}).as_string()).within("config map fleet-controller"));
  controller::Hub hub;
  hub.api_server_url = config["apiServerURL"].to_string();
  hub.api_server_ca = TRY(codec::base64_decode(config["apiServerCA"].as_string()));
  hub.system_namespace = ns;
  hub.registration_namespace = ns.ends_with("-system")
                                   ? cat(trim_suffix(ns, "-system"), "-clusters-system")
                                   : cat(ns, "-clusters-system");
  return hub;
}

Result<> control(const Context& ctx, kube::Client& client, const Flags& flags) {
  server::GitSource git;
  gitjob::NetworkCharts charts(ctx);
  controller::Controllers controllers(
      client, git, charts, TRY(read_hub(ctx, client, flags.ns)), ctx.clock());
  return controllers.run(ctx);
}

Result<> run(const std::vector<std::string>& args) {
  auto signals = TRY(sys::Signals::block({SIGTERM, SIGINT}));
  const Flags flags = TRY(read_flags(args));
  const LogLevel level = TRY(log_level(flags));
  kube::LeaderOptions lease;
  if (flags.leader_elect == "true") TRY(kube::read_timings(sys::env, lease));
  auto client = TRY(kube::make_http_client(TRY(kube::default_access({flags.kubeconfig, {}}))));
  const Context root = Context::background().with_log(Log::to_fd(2, LogFormat::Text, level));
  StopScope scope(root);
  Thread waiter("signals", [&](const std::stop_token& done) {
    if (signals.wait(root.with_stop(done)).ok()) scope.stop();
  });
  auto lead = [&](const Context& ctx) { return control(ctx, *client, flags); };
  lease.lease = {flags.ns, "fleet-controller-leader-election-shard"};
  lease.identity = cat(sys::host_name(), "-", sys::process_id());
  Result<> done = flags.leader_elect != "true"
                      ? lead(scope.context())
                      : kube::run_as_leader(scope.context(), *client, lease, lead);
  if (!done.ok() && done.error().code() == Code::Cancelled) return {};
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
