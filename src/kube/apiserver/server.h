// ApiServer: a Kubernetes API in this process, over a store of its own.
//
// The hub, a playground cluster, and every controller test use this one implementation. Callers in
// the same process talk to it through `client()`; everyone else over HTTPS after `serve`.
//
//   auto api = TRY(ApiServer::open(ctx, {}));            // in memory
//   api->client().create(ctx, ...);                      // as cluster-admin, without a socket
//   TRY(api->serve(ctx, {.port = 0}));
//   write(api->admin_kubeconfig());
//
// Errors of `open`: those of the store (store/open.h), and what reading or writing the data folder
// gives. Threads: all functions from any thread. Lifetime: clients end before their server.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/client/client.h"
#include "sys/context.h"
#include "sys/metrics.h"
#include "wire/http/server.h"

namespace fleet::kube {

struct ApiServerOptions {
  enum class Storage { Memory, Sqlite };

  // Certificates, keys and the database live here. Empty: all in memory, new at each start.
  std::string data_dir{};
  Storage storage = Storage::Memory;  // Sqlite needs a data_dir
  // Lines "token,user,uid,"group1,group2"", as kube-apiserver's --token-auth-file. Empty: none.
  std::string token_file{};
  // Names and addresses in the serving certificate beside localhost, 127.0.0.1 and ::1.
  std::vector<std::string> tls_sans{};
  // A serving certificate and its key of one's own, as PEM. Empty: made here.
  std::string tls_cert{};
  std::string tls_key{};
  // Garbage collection, namespace deletion, service accounts, event expiry. A test of the bare API
  // may leave them out.
  bool controllers = true;
  Duration event_ttl = std::chrono::hours(1);
  // Objects made at start if they are not there, and updated if their spec differs: CRDs, roles.
  std::vector<data::Value> manifests{};
  Metrics* metrics = nullptr;  // null: one of its own, shown at /metrics
};

struct ListenOptions {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: any free one
  http::Limits limits = {};
};

// Who an in-process client is. Empty name: cluster-admin.
struct ClientIdentity {
  std::string user;
  std::vector<std::string> groups;
};

class ApiServer {
 public:
  static Result<std::unique_ptr<ApiServer>> open(const Context& ctx, ApiServerOptions options);
  ~ApiServer();  // stops

  // As cluster-admin (group system:masters).
  Client& client();
  std::unique_ptr<Client> client_as(ClientIdentity identity);

  // Answers HTTPS from now on; `url` and `port` are known when it returns.
  Result<> serve(const Context& ctx, const ListenOptions& options);
  std::string url() const;
  int port() const;

  // Requests whose path begins with `prefix` ("/ui/") go to `handler` instead; authentication is
  // then the handler's own business. Call it before `serve`.
  void mount(std::string prefix, http::Handler handler);
  // The user that an HTTP request to a mounted handler comes from; Unauthorized if there is none.
  Result<ClientIdentity> authenticate(const Context& ctx, const http::Request& request);

  std::string ca_pem() const;
  // For the cluster administrator, with a client certificate; `server` empty: `url()`.
  Result<std::string> admin_kubeconfig(std::string_view server = {}) const;

  // Ends watches and refuses new requests; running ones get up to `grace`. Then the controllers
  // and the store stop.
  void stop(Duration grace = std::chrono::seconds(5));

 private:
  struct State;
  explicit ApiServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fleet::kube
