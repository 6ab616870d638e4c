#include "kube/apiserver/server.h"

#include "base/strings.h"
#include "kube/apiserver/bootstrap.h"
#include "kube/apiserver/machine.h"

namespace fleet::kube {

struct ApiServer::State {
  std::unique_ptr<apiserver::Machine> machine;
};

ApiServer::ApiServer(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

ApiServer::~ApiServer() {
  stop(Duration::zero());
}

Result<std::unique_ptr<ApiServer>> ApiServer::open(const Context& ctx, ApiServerOptions options) {
  auto state = std::make_unique<State>();
  state->machine = TRY(apiserver::Machine::open(ctx, std::move(options)));
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(state)));
}

Client& ApiServer::client() {
  return state_->machine->client();
}

std::unique_ptr<Client> ApiServer::client_as(ClientIdentity identity) {
  return state_->machine->client_as(identity);
}

Result<> ApiServer::serve(const Context& ctx, const ListenOptions& options) {
  return state_->machine->serve(ctx, options);
}

std::string ApiServer::url() const {
  return state_->machine->url();
}

int ApiServer::port() const {
  return state_->machine->port();
}

void ApiServer::mount(std::string prefix, http::Handler handler) {
  state_->machine->mount(std::move(prefix), std::move(handler));
}

Result<ClientIdentity> ApiServer::authenticate(const Context& ctx, const http::Request& request) {
  return state_->machine->authenticate(ctx, request);
}

std::string ApiServer::ca_pem() const {
  return state_->machine->ca_pem();
}

Result<std::string> ApiServer::admin_kubeconfig(std::string_view server) const {
  return state_->machine->admin_kubeconfig(server);
}

void ApiServer::stop(Duration grace) {
  state_->machine->stop(grace);
}

}  // namespace fleet::kube
