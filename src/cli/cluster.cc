// `fleet cluster …`: how clusters join, without writing YAML.
#include "fleet/api/cluster.h"

#include <map>
#include <ostream>
#include <utility>

#include "base/strings.h"
#include "cli/hub_client.h"
#include "cli/online.h"
#include "codec/base64.h"
#include "data/json/print.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "fleet/api/registration.h"
#include "kube/client/http_client.h"
#include "text/duration.h"

namespace fleet::cli {
namespace {

using data::Value;
using kube::Object;

constexpr Duration kWait = std::chrono::seconds(30);
constexpr Duration kLook = std::chrono::milliseconds(200);

const kube::Resource& secrets() {
  static const kube::Resource kSecrets{{"", "v1", "secrets"}, "Secret", true};
  return kSecrets;
}

// The YAML that an agent (or the chart fleet-agent) needs, once the hub has made it.
Result<std::string> token_values(const Context& ctx, kube::Client& client, const kube::Key& token) {
  const Context limited = ctx.with_timeout(kWait);
  for (;;) {
    Result<Object> secret = client.get(limited, secrets(), token);
    if (secret.ok()) {
      const std::string values =
          TRY(codec::base64_decode(secret->at({"data", "values"}).as_string()));
      if (!values.empty()) return values;
    } else if (secret.error().code() != Code::NotFound) {
      return std::move(secret).error();
    }
    Result<> slept = limited.sleep(kLook);
    if (!slept.ok()) {
      return Error(Code::Timeout,
                   cat("the hub has not answered the token ",
                       token.str(),
                       ": are its controllers running?"));
    }
  }
}

Result<> make_token(const Context& ctx,
                    kube::Client& client,
                    const kube::Key& key,
                    const std::string& ttl) {
  Object token = Object::make(api::ClusterRegistrationToken::kKind.gvk(), key);
  token.set({"spec"}, Value::object());
  if (!ttl.empty()) token.set({"spec", "ttl"}, ttl);
  Result<Object> made = client.create(ctx, api::ClusterRegistrationToken::kKind.resource(), token);
  if (made.ok() || made.error().code() == Code::AlreadyExists) return {};
  return std::move(made).error();
}

struct TokenState {
  HubFlags hub;
  std::string ttl;
};

Result<int> run_token(TokenState& state, Invocation& invocation) {
  HubClient hub = TRY(connect(state.hub));
  const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
  const kube::Key key{ns, invocation.args.empty() ? "clusters" : invocation.args.front()};
  TRY(make_token(invocation.ctx, *hub.client, key, state.ttl));
  invocation.out << TRY(token_values(invocation.ctx, *hub.client, key));
  invocation.err
      << "# values for the chart fleet-agent: save them as values.yaml, then on the cluster\n"
      << "# helm -n cattle-fleet-system install --create-namespace --wait fleet-agent fleet-agent "
         "-f values.yaml\n";
  return 0;
}

struct AddState {
  HubFlags hub;
  std::string cluster_kubeconfig;
  std::string cluster_context;
  std::vector<std::string> labels;
  std::string agent_namespace = "cattle-fleet-system";
};

Result<std::map<std::string, std::string>> read_labels(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> out;
  for (const std::string& text : texts) {
    for (std::string_view part : split(text, ',')) {
      auto pair = cut(part, "=");
      if (!pair) return Error(Code::BadRequest, cat("label ", quote(part), ": want key=value"));
      out[std::string(pair->before)] = std::string(pair->after);
    }
  }
  return out;
}

Result<> ensure(const Context& ctx,
                kube::Client& client,
                const kube::Resource& resource,
                const Object& object) {
  Result<Object> made = client.create(ctx, resource, object);
  if (made.ok()) return {};
  if (made.error().code() != Code::AlreadyExists) return std::move(made).error();
  if (resource.kind == "Namespace") return {};
  TRY(client.update(ctx, resource, object));
  return {};
}

// What the agent of a cluster finds there: its token and its settings.
Result<> lay_bootstrap(const Context& ctx,
                       kube::Client& cluster,
                       const AddState& state,
                       const std::string& values,
                       const std::string& client_id,
                       const std::map<std::string, std::string>& labels) {
  const kube::Resource namespaces{{"", "v1", "namespaces"}, "Namespace", false};
  const kube::Resource config_maps{{"", "v1", "configmaps"}, "ConfigMap", true};
  TRY(ensure(
      ctx, cluster, namespaces, Object::make(namespaces.gvk(), {"", state.agent_namespace})));
  Object bootstrap =
      Object::make(secrets().gvk(), {state.agent_namespace, "fleet-agent-bootstrap"});
  bootstrap.set({"data", "values"}, codec::base64_encode(values));
  TRY(ensure(ctx, cluster, secrets(), bootstrap));
  Value config = Value::object({{"clientID", client_id}});
  for (const auto& [key, value] : labels)
    config.set({"labels", key}, value);
  Object settings = Object::make(config_maps.gvk(), {state.agent_namespace, "fleet-agent"});
  settings.set({"data", "config"}, json::print(config, json::Keys::Sorted));
  return ensure(ctx, cluster, config_maps, settings);
}

Result<int> run_add(AddState& state, Invocation& invocation) {
  if (state.cluster_kubeconfig.empty()) {
    return Error(Code::BadRequest, "say which cluster with --cluster-kubeconfig FILE");
  }
  const std::string& name = invocation.args.front();
  const auto labels = TRY(read_labels(state.labels));
  HubClient hub = TRY(connect(state.hub));
  const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
  kube::KubeconfigSource source{state.cluster_kubeconfig, state.cluster_context};
  const kube::Access access = TRY(kube::load_kubeconfig(source));
  auto cluster_client = TRY(kube::make_http_client(access));
  const kube::Resource clusters = api::Cluster::kKind.resource();
  Object cluster = Object::make(clusters.gvk(), {ns, name});
  for (const auto& [key, value] : labels)
    cluster.set_label(key, value);
  const std::string client_id = cat(name, "-", api::key_hash(access.server + access.ca));
  cluster.set({"spec", "clientID"}, client_id);
  Result<Object> made = hub.client->create(invocation.ctx, clusters, cluster);
  if (!made.ok()) return std::move(made).error();
  const kube::Key token{ns, cat("add-", name)};
  TRY(make_token(invocation.ctx, *hub.client, token, "12h"));
  const std::string values = TRY(token_values(invocation.ctx, *hub.client, token));
  TRY(lay_bootstrap(invocation.ctx, *cluster_client, state, values, client_id, labels)
          .within("on the cluster"));
  invocation.out << "cluster " << ns << "/" << name << " added\n"
                 << "start its agent there: fleet agent --kubeconfig " << state.cluster_kubeconfig
                 << " --namespace " << state.agent_namespace << "\n";
  return 0;
}

Result<int> run_remove(HubFlags& flags, Invocation& invocation) {
  HubClient hub = TRY(connect(flags));
  const std::string ns = hub.ns.empty() ? std::string(api::kDefaultNamespace) : hub.ns;
  TRY(hub.client->remove(
      invocation.ctx, api::Cluster::kKind.resource(), {ns, invocation.args.front()}));
  invocation.out << "cluster " << ns << "/" << invocation.args.front()
                 << " removed; what is deployed there stays, its agent can be stopped\n";
  return 0;
}

}  // namespace

Command cluster_command() {
  Command token = {
      .name = "token",
      .usage = "[NAME]",
      .summary = "Make a registration token and print the values for an agent",
      .details = {},
      .max_args = 1,
      .setup = [](Setup& setup) -> Run {
        auto state = setup.state<TokenState>();
        state->hub.add_to(setup);
        setup.text("ttl", state->ttl, "how long the token is good: 24h; for ever when not given");
        return [state](Invocation& invocation) { return run_token(*state, invocation); };
      },
      .commands = {}};
  Command add = {
      .name = "add",
      .usage = "NAME",
      .summary = "Register a cluster by its kubeconfig",
      .details = {},
      .min_args = 1,
      .max_args = 1,
      .setup = [](Setup& setup) -> Run {
        auto state = setup.state<AddState>();
        state->hub.add_to(setup);
        setup.text(
            "cluster-kubeconfig", state->cluster_kubeconfig, "kubeconfig file of the cluster");
        setup.text("cluster-context", state->cluster_context, "context in that file");
        setup.list(
            "label", state->labels, "label of the cluster, key=value; may be given many times");
        setup.text(
            "agent-namespace", state->agent_namespace, "namespace of the agent on the cluster");
        return [state](Invocation& invocation) { return run_add(*state, invocation); };
      },
      .commands = {}};
  Command remove = {.name = "remove",
                    .usage = "NAME",
                    .summary = "Forget a cluster",
                    .details = {},
                    .min_args = 1,
                    .max_args = 1,
                    .setup = [](Setup& setup) -> Run {
                      auto flags = setup.state<HubFlags>();
                      flags->add_to(setup);
                      return [flags](Invocation& invocation) {
                        return run_remove(*flags, invocation);
                      };
                    },
                    .commands = {}};
  return {.name = "cluster",
          .usage = {},
          .summary = "Register and forget clusters",
          .details = {},
          .setup = {},
          .commands = {std::move(add), std::move(token), std::move(remove)}};
}

}  // namespace fleet::cli
