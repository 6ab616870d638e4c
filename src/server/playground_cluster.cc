#include "server/playground_cluster.h"

#include "base/strings.h"
#include "kube/apiserver/server.h"
#include "playground/nodes.h"
#include "sys/files.h"

namespace fleet::server {
namespace {

// The port of the last run, or the one asked for.
int choose_port(const PlaygroundOptions& options) {
  if (options.listen.port != 0 || options.data_dir.empty()) return options.listen.port;
  auto text = sys::read_file(options.data_dir + "/port");
  return text.ok() ? static_cast<int>(parse_int(trim(*text)).value_or(0)) : 0;
}

}  // namespace

Result<> run_playground(const Context& ctx, const PlaygroundOptions& options) {
  kube::ApiServerOptions api;
  api.data_dir = options.data_dir;
  api.storage = options.store == Store::Sqlite ? kube::ApiServerOptions::Storage::Sqlite
                                               : kube::ApiServerOptions::Storage::Memory;
  if (!options.data_dir.empty()) TRY(sys::make_folders(options.data_dir, 0700));
  auto server = TRY(kube::ApiServer::open(ctx, std::move(api)));
  TRY(server->serve(ctx, {.address = options.listen.host, .port = choose_port(options)}));
  if (!options.data_dir.empty()) {
    TRY(sys::write_file(options.data_dir + "/port", cat(server->port(), '\n')));
  }
  if (!options.kubeconfig_out.empty()) {
    TRY(sys::write_file(options.kubeconfig_out, TRY(server->admin_kubeconfig()), 0600));
  }
  ctx.log().info("simulated cluster is ready", {{"url", server->url()}});
  Result<> ended = playground::run(ctx, server->client(), playground::Options{options.ready_delay});
  server->stop();
  return ended;
}

}  // namespace fleet::server
