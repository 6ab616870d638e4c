// The parts of one API server, put together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kube/apiserver/admission.h"
#include "kube/apiserver/authn.h"
#include "kube/apiserver/custom_kinds.h"
#include "kube/apiserver/decoded.h"
#include "kube/apiserver/endpoints.h"
#include "kube/apiserver/handle.h"
#include "kube/apiserver/http_front.h"
#include "kube/apiserver/pki.h"
#include "kube/apiserver/server.h"
#include "kube/apiserver/specials.h"
#include "kube/apiserver/watch_sender.h"

namespace fleet::kube::apiserver {

class Keeper;  // keeper.h: the controllers inside

class Machine {
 public:
  static Result<std::unique_ptr<Machine>> open(const Context& ctx, ApiServerOptions options);
  ~Machine();

  Client& client() { return *client_; }
  std::unique_ptr<Client> client_as(const ClientIdentity& identity);
  Result<> serve(const Context& ctx, const ListenOptions& options);
  std::string url() const;
  int port() const;
  void mount(std::string prefix, http::Handler handler);
  Result<ClientIdentity> authenticate(const Context& ctx, const http::Request& request);
  std::string ca_pem() const { return pki_.ca_pem(); }
  Result<std::string> admin_kubeconfig(std::string_view server) const;
  void stop(Duration grace);

 private:
  class SystemRandom final : public Random {
   public:
    std::string uuid() override;
    std::string suffix() override;
    uint64_t number(uint64_t below) override;
  };

  Machine(const Context& ctx,
          ApiServerOptions options,
          Pki pki,
          std::unique_ptr<store::Store> store,
          TokenFile token_file);
  Result<> start(const Context& ctx);
  std::vector<std::string> serving_names() const;

  Context ctx_;
  ApiServerOptions options_;
  Pki pki_;
  Metrics own_metrics_;
  std::unique_ptr<store::Store> store_;
  Registry registry_;
  DecodedCache decoded_;
  SystemRandom random_;
  RbacAuthorizer rbac_;
  CustomKinds custom_kinds_;
  Core core_;
  StandardAdmission admission_;
  TokenService tokens_;
  StandardAuthenticator authenticator_;
  StandardEndpoints endpoints_;
  StandardSpecials specials_;
  Handler handler_;
  std::unique_ptr<Client> client_;
  WatchSender sender_;
  std::unique_ptr<Keeper> keeper_;
  std::vector<HttpFront::Mount> mounts_;
  std::unique_ptr<HttpFront> front_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace fleet::kube::apiserver
