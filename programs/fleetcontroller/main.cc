// fleetcontroller: the hub's controllers against any Kubernetes API server.
//
// Flags: --kubeconfig, --namespace (NAMESPACE), --leader-elect=false, --log-level. Where agents
// find the hub is read from the ConfigMap fleet-controller, as Fleet 0.16 does.
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

namespace fleet {
namespace {

struct Flags {
  std::string kubeconfig;
  std::string ns = "cattle-fleet-system";
  std::string leader_elect = "true";
  std::string log_level = "info";
};

Result<Flags> read_flags(const std::vector<std::string>& args) {
  Flags flags;
  if (auto ns = sys::env("NAMESPACE"); ns && !ns->empty()) flags.ns = *ns;
  for (const std::string& arg : args) {
    auto pair = cut(trim_left(arg, "-"), "=");
    if (!pair) return Error(Code::BadRequest, cat("want --flag=value, not ", quote(arg)));
    const std::string value(pair->after);
    if (pair->before == "kubeconfig") {
      flags.kubeconfig = value;
    } else if (pair->before == "namespace") {
      flags.ns = value;
    } else if (pair->before == "leader-elect") {
      flags.leader_elect = value;
    } else if (pair->before == "log-level") {
      flags.log_level = value;
    } else {
      return Error(Code::BadRequest, cat("unknown flag: ", arg));
    }
  }
  return flags;
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
  auto level = sys::parse_log_level(flags.log_level);
  if (!level) return Error(Code::BadRequest, cat("--log-level: ", quote(flags.log_level)));
  auto client = TRY(kube::make_http_client(TRY(kube::default_access({flags.kubeconfig, {}}))));
  const Context root = Context::background().with_log(Log::to_fd(2, LogFormat::Text, *level));
  StopScope scope(root);
  Thread waiter("signals", [&](const std::stop_token& done) {
    if (signals.wait(root.with_stop(done)).ok()) scope.stop();
  });
  auto lead = [&](const Context& ctx) { return control(ctx, *client, flags); };
  kube::LeaderOptions lease;
  lease.lease = {flags.ns, "fleet-controller-leader-election-shard"};
  lease.identity = cat(sys::host_name(), "-", sys::process_id());
  Result<> done = flags.leader_elect == "false"
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
