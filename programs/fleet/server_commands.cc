#include "server_commands.h"

#include <ostream>

#include <signal.h>

#include "agent/agent.h"
#include "base/strings.h"
#include "kube/client/kubeconfig.h"
#include "server/hub.h"
#include "server/options.h"
#include "server/playground_cluster.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/memory.h"
#include "sys/signals.h"
#include "sys/thread.h"
#include "wire/git/http_host.h"

namespace fleet {
namespace {

using cli::Command;
using cli::Invocation;
using cli::Run;
using cli::Setup;

// Runs until SIGTERM, SIGINT or the end of `body`; a second signal ends the process at once.
Result<int> run_until_signal(const Context& ctx,
                             const std::function<Result<>(const Context&)>& body) {
  auto signals = TRY(sys::Signals::block({SIGTERM, SIGINT}));
  StopScope scope(ctx);
  Thread watcher("signals", [&](const std::stop_token& done) {
    if (signals.wait(ctx.with_stop(done)).ok()) scope.stop();
    if (signals.wait(ctx.with_stop(done)).ok()) ::_exit(130);
  });
  Result<> ended = body(scope.context());
  watcher.request_stop();
  if (!ended.ok() && ended.error().code() != Code::Cancelled) return ended.error();
  return 0;
}

std::string default_data_dir() {
  if (sys::is_root()) return "/var/lib/fleet";
  return sys::env("XDG_DATA_HOME").value_or(sys::home_folder() + "/.local/share") + "/fleet";
}

Context with_logs(const Context& ctx, LogFormat format, LogLevel level) {
  return ctx.with_log(Log::to_fd(2, format, level, ctx.clock()));
}

struct ServerFlags {
  std::vector<std::string> values;  // one for each setting, in their order
  bool local_agent = false;
  std::string config;
};

Result<int> run_server(const Invocation& call, const ServerFlags& flags) {
  server::Sources sources;
  const auto& settings = server::server_settings();
  for (size_t i = 0; i < settings.size(); ++i) {
    if (!flags.values[i].empty()) sources.flags.emplace(settings[i].name, flags.values[i]);
  }
  if (flags.local_agent) sources.flags.emplace("local-agent", "true");
  sources.environment = [](const std::string& name) { return sys::env(name); };
  if (!flags.config.empty())
    sources.config_text = TRY(sys::read_file(flags.config).within("--config"));
  sources.default_data_dir = default_data_dir();
  server::ServerOptions options = TRY(server::server_options(sources));
  Context ctx = with_logs(call.ctx, options.log_format, options.log_level);
  return run_until_signal(ctx, [&](const Context& running) {
    return server::run_hub(running, options, {sys::program_path()});
  });
}

Command server_command() {
  Command out;
  out.name = "server";
  out.summary = "Run the hub in one process: API server, controllers and store";
  out.details =
      "Run the hub in one process: a Kubernetes API server of its own, all controllers, and a\n"
      "database in one folder. Every flag is also an environment variable (FLEET_DATA_DIR for\n"
      "--data-dir) and a key of the YAML file named by --config.";
  out.max_args = 0;
  out.setup = [](Setup& setup) -> Run {
    auto flags = setup.state<ServerFlags>();
    flags->values.resize(server::server_settings().size());
    for (size_t i = 0; i < flags->values.size(); ++i) {
      const auto& setting = server::server_settings()[i];
      if (setting.name == "local-agent") {
        setup.flag(setting.name, flags->local_agent, setting.help);
      } else {
        setup.text(setting.name, flags->values[i], setting.help);
      }
    }
    setup.text("config", flags->config, "YAML file with any of these settings");
    return [flags](Invocation& call) { return run_server(call, *flags); };
  };
  return out;
}

struct PlaygroundFlags {
  std::string data_dir;
  std::string listen = "127.0.0.1:0";
  std::string store = "memory";
  std::string kubeconfig_out;
};

Command playground_command() {
  Command out;
  out.name = "playground";
  out.summary = "Run one simulated cluster: an API server and nodes on which nothing runs";
  out.max_args = 0;
  out.setup = [](Setup& setup) -> Run {
    auto flags = setup.state<PlaygroundFlags>();
    setup.text("data-dir", flags->data_dir, "Folder of its data; empty: all in memory");
    setup.text("listen", flags->listen, "Address of its API; port 0: any free one");
    setup.text("store", flags->store, "sqlite or memory");
    setup.text(
        "kubeconfig-out", flags->kubeconfig_out, "Write its administrator's kubeconfig here");
    return [flags](Invocation& call) -> Result<int> {
      server::PlaygroundOptions options;
      options.data_dir = flags->data_dir;
      options.listen = TRY(server::parse_listen(flags->listen).within("--listen"));
      if (flags->store != "sqlite" && flags->store != "memory") {
        return Error(Code::Invalid,
                     cat("--store: ", quote(flags->store), " is not sqlite or memory"));
      }
      options.store = flags->store == "sqlite" ? server::Store::Sqlite : server::Store::Memory;
      options.kubeconfig_out = flags->kubeconfig_out;
      Context ctx = with_logs(call.ctx, LogFormat::Text, LogLevel::Warn);
      return run_until_signal(
          ctx, [&](const Context& running) { return server::run_playground(running, options); });
    };
  };
  return out;
}

struct GitFlags {
  int64_t port = 0;
};

// For the demo: a git server that needs nothing but git.
Command git_command() {
  Command out;
  out.name = "playground-git";
  out.usage = "FOLDER";
  out.summary = "Serve the bare repositories of a folder over HTTP";
  out.hidden = true;
  out.min_args = 1;
  out.max_args = 1;
  out.setup = [](Setup& setup) -> Run {
    auto flags = setup.state<GitFlags>();
    setup.integer("port", flags->port, "Port on 127.0.0.1; 0: any free one");
    return [flags](Invocation& call) -> Result<int> {
      git::HttpHostOptions options;
      options.folder = call.args[0];
      options.port = static_cast<int>(flags->port);
      Context ctx = with_logs(call.ctx, LogFormat::Text, LogLevel::Warn);
      return run_until_signal(ctx, [&](const Context& running) -> Result<> {
        auto host = TRY(git::HttpHost::start(running, options));
        call.out << host->url("") << std::endl;
        while (running.sleep(std::chrono::hours(1)).ok()) {
        }
        return {};
      });
    };
  };
  return out;
}

struct AgentFlags {
  std::string kubeconfig;
  std::string ns = "cattle-fleet-system";
  std::string scope;
  std::string log_level = "info";
};

Command agent_command() {
  Command out;
  out.name = "agent";
  out.summary = "Run the agent of one cluster";
  out.hidden = true;
  out.max_args = 0;
  out.setup = [](Setup& setup) -> Run {
    auto flags = setup.state<AgentFlags>();
    setup.text("kubeconfig", flags->kubeconfig, "Kubeconfig of the cluster it works on");
    setup.text("namespace", flags->ns, "Namespace of the agent on that cluster");
    setup.environment("namespace", "NAMESPACE");
    setup.text("agent-scope", flags->scope, "Scope of the agent, when several share a cluster");
    setup.environment("agent-scope", "AGENT_SCOPE");
    setup.text("log-level", flags->log_level, "debug, info, warn or error");
    return [flags](Invocation& call) -> Result<int> {
      sys::share_one_heap();
      auto level = sys::parse_log_level(flags->log_level);
      if (!level) {
        return Error(
            Code::Invalid,
            cat("--log-level: ", quote(flags->log_level), " is not debug, info, warn or error"));
      }
      agent::AgentOptions options;
      options.local = TRY(kube::default_access({.path = flags->kubeconfig}));
      options.ns = flags->ns;
      options.scope = flags->scope;
      Context ctx = with_logs(call.ctx, LogFormat::Text, *level);
      return run_until_signal(
          ctx, [&](const Context& running) { return agent::run_agent(running, options); });
    };
  };
  return out;
}

}  // namespace

std::vector<Command> server_commands() {
  return {server_command(), playground_command(), git_command(), agent_command()};
}

}  // namespace fleet
