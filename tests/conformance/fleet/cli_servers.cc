#include "fleet/cli_servers.h"

#include "base/file_tree.h"
#include "data/yaml/node.h"
#include "fleet/api/crds.h"
#include "kube/client/rest_mapper.h"
#include "sys/files.h"

namespace fleet::conformance {
namespace {

// Namespaces are part of `state/` only where a command looks at them.
Result<> make_namespace(const Context& ctx, kube::ApiServer& server, std::string_view name) {
  const kube::Resource resource{{"", "v1", "namespaces"}, "Namespace", false};
  auto object = kube::Object::make({"", "v1", "Namespace"}, {"", std::string(name)});
  Result<kube::Object> made = server.client().create(ctx, resource, object);
  if (made.ok() || made.error().code() == Code::AlreadyExists) return {};
  return std::move(made).error();
}

Result<> put(const Context& ctx,
             kube::ApiServer& server,
             kube::RestMapper& mapper,
             const data::Value& document) {
  kube::Object object(document);
  for (std::string_view field : {"uid", "resourceVersion", "creationTimestamp", "generation"}) {
    if (document["metadata"].is_object()) object.edit().edit("metadata").erase(field);
  }
  kube::Resource resource = TRY(mapper.resource_for(ctx, object.gvk()));
  if (resource.namespaced) TRY(make_namespace(ctx, server, object.ns()));
  Result<kube::Object> made = server.client().create(ctx, resource, object);
  if (!made.ok()) {
    if (made.error().code() == Code::AlreadyExists) return {};
    return std::move(made).error();
  }
  if (resource.kind == "Namespace" || document["status"].is_null()) return {};
  kube::Object next = *made;
  next.set({"status"}, document["status"]);
  TRY(server.client().update_status(ctx, resource, next));
  return {};
}

}  // namespace

Result<std::unique_ptr<kube::ApiServer>> serve_objects(const Context& ctx,
                                                       const std::string& folder) {
  kube::ApiServerOptions options;
  options.controllers = false;
  options.manifests = api::crds();
  std::unique_ptr<kube::ApiServer> server = TRY(kube::ApiServer::open(ctx, std::move(options)));
  TRY(server->serve(ctx, {}));
  kube::RestMapper mapper(server->client());
  for (const std::string& name : TRY(sys::list_folder(folder))) {
    std::string text = TRY(sys::read_file(folder + "/" + name));
    // The states were written for readers of YAML 1.2: `y` is text there.
    for (const yaml::Node& node : TRY(yaml::parse_nodes(text))) {
      data::Value document = TRY(yaml::to_value(node));
      TRY(put(ctx, *server, mapper, document).within(name));
    }
  }
  return server;
}

Result<std::unique_ptr<http::Server>> serve_files(const Context& ctx,
                                                  const std::string& folder,
                                                  int port,
                                                  const std::string& authorization) {
  auto answer = [folder, authorization](
                    const Context&, const http::Request& request, http::Responder responder) {
    if (!authorization.empty() && request.headers.value("authorization") != authorization) {
      responder.send({.status = 401, .headers = {}, .body = {}});
      return;
    }
    std::string path = clean_path("." + request.path);
    Result<std::string> bytes =
        is_local_path(path) ? sys::read_file(folder + "/" + path) : Error{Code::NotFound, path};
    if (bytes.ok()) {
      responder.send({.status = 200, .headers = {}, .body = std::move(bytes).value()});
    } else {
      responder.send({.status = 404, .headers = {}, .body = {}});
    }
  };
  http::ServerOptions options;
  options.port = port;
  return http::Server::start(ctx, std::move(options), answer);
}

}  // namespace fleet::conformance
