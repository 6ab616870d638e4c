#include "kube/apiserver/machine.h"

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "kube/apiserver/bootstrap.h"
#include "kube/apiserver/builtin_rules.h"
#include "kube/apiserver/keeper.h"
#include "kube/apiserver/local_client.h"
#include "kube/client/kubeconfig.h"
#include "kube/store/open.h"
#include "sys/files.h"
#include "wire/crypto/random.h"
#include "wire/tls/context.h"

namespace fleet::kube::apiserver {

namespace {

constexpr Duration kAdminLifetime = std::chrono::hours(24 * 3650);

Identity admin() {
  Identity user;
  user.name = "system:admin";
  user.groups = {std::string(kMasters), std::string(kAuthenticated)};
  return user;
}

Result<std::unique_ptr<store::Store>> open_store(const Context& ctx,
                                                 const ApiServerOptions& options) {
  if (options.storage == ApiServerOptions::Storage::Memory) return store::open_memory(ctx.clock());
  if (options.data_dir.empty()) {
    return Error(Code::Invalid, "a store on disk needs a data folder");
  }
  return store::open_sqlite(ctx, options.data_dir + "/fleet.db");
}

}  // namespace

std::string Machine::SystemRandom::uuid() {
  return crypto::random_uuid();
}
uint64_t Machine::SystemRandom::number(uint64_t below) {
  return crypto::random_number(below);
}
std::string Machine::SystemRandom::suffix() {
  return crypto::random_suffix();
}

Machine::Machine(const Context& ctx,
                 ApiServerOptions options,
                 Pki pki,
                 std::unique_ptr<store::Store> store,
                 TokenFile token_file)
    : ctx_(ctx),
      options_(std::move(options)),
      pki_(std::move(pki)),
      store_(std::move(store)),
      registry_(builtin_catalog()),
      custom_kinds_(registry_),
      core_{*store_, registry_, rbac_, admission_, custom_kinds_, random_, decoded_},
      admission_(core_, rbac_),
      tokens_(pki_.account_key()),
      authenticator_(core_, tokens_, std::move(token_file)),
      endpoints_(core_, tokens_, options_.metrics != nullptr ? *options_.metrics : own_metrics_),
      specials_(core_, authenticator_, tokens_, rbac_),
      handler_(core_,
               authenticator_,
               endpoints_,
               specials_,
               options_.metrics != nullptr ? *options_.metrics : own_metrics_),
      client_(make_local_client(handler_, admin())),
      sender_(ctx.clock()) {}

Machine::~Machine() {
  stop(Duration::zero());
}

Result<std::unique_ptr<Machine>> Machine::open(const Context& ctx, ApiServerOptions options) {
  Pki pki = TRY(Pki::open(ctx, options.data_dir));
  auto store = TRY(open_store(ctx, options));
  TokenFile token_file;
  if (!options.token_file.empty()) {
    const std::string text = TRY(sys::read_file(options.token_file));
    token_file = TRY(parse_token_file(text).within(options.token_file));
  }
  std::unique_ptr<Machine> machine(new Machine(
      ctx, std::move(options), std::move(pki), std::move(store), std::move(token_file)));
  TRY(machine->start(ctx));
  return machine;
}

Result<> Machine::start(const Context& ctx) {
  TRY(custom_kinds_.load(ctx, *store_));
  TRY(rbac_.start(ctx, *store_));
  TRY(bootstrap(ctx, core_, *client_, options_.manifests));
  if (options_.controllers) {
    keeper_ = std::make_unique<Keeper>(
        ctx, core_, *client_, tokens_, KeeperOptions{pki_.ca_pem(), options_.event_ttl});
    TRY(keeper_->start());
  }
  endpoints_.set_ready(true);
  return {};
}

std::unique_ptr<Client> Machine::client_as(const ClientIdentity& identity) {
  if (identity.user.empty()) return make_local_client(handler_, admin());
  Identity user;
  user.name = identity.user;
  user.groups = identity.groups;
  user.groups.emplace_back(kAuthenticated);
  return make_local_client(handler_, std::move(user));
}

std::vector<std::string> Machine::serving_names() const {
  std::vector<std::string> names{"localhost",
                                 "127.0.0.1",
                                 "::1",
                                 "kubernetes",
                                 "kubernetes.default",
                                 "kubernetes.default.svc",
                                 "kubernetes.default.svc.cluster.local"};
  names.insert(names.end(), options_.tls_sans.begin(), options_.tls_sans.end());
  return names;
}

Result<> Machine::serve(const Context& ctx, const ListenOptions& listen) {
  tls::ServerSettings settings;
  settings.client_ca = pki_.ca_pem();
  if (options_.tls_cert.empty()) {
    KeyPair pair = TRY(pki_.serving(ctx, serving_names()));
    settings.certificate_chain = std::move(pair.certificate_pem);
    settings.key = std::move(pair.key_pem);
  } else {
    settings.certificate_chain = options_.tls_cert;
    settings.key = Secret<>(options_.tls_key);
  }
  front_ = std::make_unique<HttpFront>(handler_, sender_, mounts_);
  http::ServerOptions options;
  options.address = listen.address;
  options.port = listen.port;
  options.limits = listen.limits;
  options.name = "api";
  options.tls = TRY(tls::ServerContext::make(settings));
  options.exempt = HttpFront::is_exempt;
  server_ = TRY(http::Server::start(
      ctx,
      std::move(options),
      [this](const Context& call, const http::Request& request, http::Responder responder) {
        front_->answer(call, request, std::move(responder));
      }));
  endpoints_.set_address(cat(listen.address, ":", server_->port()));
  return {};
}

std::string Machine::url() const {
  return server_ ? server_->url() : std::string();
}

int Machine::port() const {
  return server_ ? server_->port() : 0;
}

void Machine::mount(std::string prefix, http::Handler handler) {
  mounts_.push_back({std::move(prefix), std::move(handler)});
}

Result<ClientIdentity> Machine::authenticate(const Context& ctx, const http::Request& request) {
  auto user = authenticator_.authenticate(ctx, from_http(request));
  if (!user.ok()) return user.error().to_error();
  if (user->is_anonymous()) return Status::unauthorized().to_error();
  return ClientIdentity{user->name, user->groups};
}

Result<std::string> Machine::admin_kubeconfig(std::string_view server) const {
  KeyPair pair = TRY(pki_.client(ctx_, "system:admin", {std::string(kMasters)}, kAdminLifetime));
  Access access;
  access.server = server.empty() ? url() : std::string(server);
  access.ca = ca_pem();
  access.client_certificate = std::move(pair.certificate_pem);
  access.client_key = std::move(pair.key_pem);
  return yaml::print(make_kubeconfig(access, "fleet"));
}

void Machine::stop(Duration grace) {
  endpoints_.set_ready(false);
  if (server_) server_->stop(grace);
  sender_.stop();
  if (keeper_) keeper_->stop();
  store_->stop();
}

}  // namespace fleet::kube::apiserver
