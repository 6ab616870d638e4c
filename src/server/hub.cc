#include "server/hub.h"

#include "base/strings.h"
#include "controller/gitjob/network_charts.h"
#include "controller/reconcilers/controllers.h"
#include "kube/apiserver/server.h"
#include "kube/controller/write.h"
#include "server/git.h"
#include "server/manifests.h"
#include "server/playgrounds.h"
#include "sys/files.h"
#include "sys/metrics.h"
#include "wire/http/server.h"

namespace fleet::server {
namespace {

Result<kube::ApiServerOptions> api_options(const ServerOptions& options, Metrics& metrics) {
  kube::ApiServerOptions api;
  api.metrics = &metrics;
  api.data_dir = options.data_dir;
  api.storage = options.store == Store::Sqlite ? kube::ApiServerOptions::Storage::Sqlite
                                               : kube::ApiServerOptions::Storage::Memory;
  api.tls_sans = options.tls_sans;
  if (!options.tls_cert.empty()) {
    api.tls_cert = TRY(sys::read_file(options.tls_cert).within("--tls-cert"));
    api.tls_key = TRY(sys::read_file(options.tls_key).within("--tls-key"));
  }
  api.manifests = hub_manifests();
  return api;
}

Result<> write_kubeconfigs(const kube::ApiServer& api, const ServerOptions& options) {
  std::string text = TRY(api.admin_kubeconfig());
  TRY(sys::write_file(options.data_dir + "/admin.kubeconfig", text, 0600));
  if (options.kubeconfig_out.empty()) return {};
  return sys::write_file(options.kubeconfig_out, text, 0600);
}

Result<> write_config(const Context& ctx, kube::ApiServer& api) {
  kube::Object config(controller_config(api.url(), api.ca_pem()));
  kube::Resource maps{{"", "v1", "configmaps"}, "ConfigMap", true};
  TRY(kube::ensure_object(ctx, api.client(), maps, config, {"data"}));
  return {};
}

// /metrics in plain HTTP, for scrapers of the machine; nothing if it was not asked for.
Result<std::unique_ptr<http::Server>> serve_metrics(const Context& ctx,
                                                    const ServerOptions& options,
                                                    const Metrics& metrics) {
  if (!options.metrics_listen) return std::unique_ptr<http::Server>();
  http::ServerOptions listen;
  listen.address = options.metrics_listen->host;
  listen.port = options.metrics_listen->port;
  listen.workers = 1;
  listen.name = "metrics";
  auto answer = [&metrics](const Context&, const http::Request& request, http::Responder out) {
    if (request.path != "/metrics") return out.send({.status = 404, .body = "see /metrics\n"});
    out.send({.headers = {{"content-type", "text/plain; version=0.0.4"}}, .body = metrics.text()});
  };
  return http::Server::start(ctx, listen, answer);
}

}  // namespace

Result<> run_hub(const Context& ctx, const ServerOptions& options, const SelfCommand& self) {
  TRY(sys::make_folders(options.data_dir, 0700));
  Metrics metrics;
  auto api = TRY(kube::ApiServer::open(ctx, TRY(api_options(options, metrics))));
  TRY(api->serve(ctx, {.address = options.listen.host, .port = options.listen.port}));
  TRY(write_config(ctx, *api));
  TRY(write_kubeconfigs(*api, options));
  auto metrics_server = TRY(serve_metrics(ctx, options, metrics).within("--metrics-listen"));
  ctx.log().info("hub is ready", {{"url", api->url()}, {"data", options.data_dir}});

  // Everything below ends with this scope, before the API server does.
  StopScope scope(ctx);
  controller::Hub hub;
  hub.api_server_url = api->url();
  hub.api_server_ca = api->ca_pem();
  GitSource git;
  gitjob::NetworkCharts charts(scope.context());
  controller::Controllers controllers(api->client(), git, charts, hub, ctx.clock());

  Playgrounds playgrounds(scope.context(), options, self);
  playgrounds.start(api->client());
  Result<> ended = controllers.run(scope.context());
  scope.stop();
  playgrounds.join();
  api->stop();
  return ended;
}

}  // namespace fleet::server
