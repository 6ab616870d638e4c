// Service accounts, their tokens in Secrets, the root CA ConfigMap, and aggregated roles.
#include "base/strings.h"
#include "codec/base64.h"
#include "kube/apiserver/housekeeping.h"
#include "kube/rbac/authorize.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kTokenType = "kubernetes.io/service-account-token";
constexpr std::string_view kAccountName = "kubernetes.io/service-account.name";
constexpr std::string_view kAccountUid = "kubernetes.io/service-account.uid";
constexpr std::string_view kRootCa = "kube-root-ca.crt";
constexpr std::string_view kNamespaceSubject = "ns:";   // subjects: "ns:<namespace>"
constexpr std::string_view kSecretSubject = "secret:";  // "secret:<namespace>/<name>"
constexpr std::string_view kAccountSubject = "gone:";   // "gone:<namespace>/<account>"

using Done = Result<std::optional<Duration>>;

class AccountKeeper final : public Chore {
 public:
  AccountKeeper(Client& client, const TokenService& tokens, std::string ca_pem)
      : client_(client),
        tokens_(tokens),
        ca_pem_(std::move(ca_pem)) {}

  std::string_view name() const override { return "accounts"; }

  void see(const KeyParts& key, const store::Event& event, const Enqueue& enqueue) override {
    if (key.is("core", "namespaces")) {
      if (event.after && !event.before) enqueue(cat(kNamespaceSubject, key.name), {});
    } else if (key.is("core", "serviceaccounts")) {
      if (event.after) return;
      enqueue(cat(kAccountSubject, key.ns, "/", key.name), {});
      if (key.name == "default") enqueue(cat(kNamespaceSubject, key.ns), {});
    } else if (key.is("core", "configmaps")) {
      if (key.name == kRootCa && event.before) enqueue(cat(kNamespaceSubject, key.ns), {});
    } else if (key.is("core", "secrets")) {
      if (event.after && contains(event.after->value, kTokenType)) {
        enqueue(cat(kSecretSubject, key.ns, "/", key.name), {});
      }
    }
  }

  Done work(const Context& ctx, const std::string& subject) override {
    const std::string_view text = subject;
    if (text.starts_with(kNamespaceSubject)) {
      return fill_namespace(ctx, std::string(text.substr(kNamespaceSubject.size())));
    }
    if (text.starts_with(kSecretSubject)) {
      return fill_secret(ctx, TRY(Key::parse(text.substr(kSecretSubject.size()))));
    }
    return account_gone(ctx, TRY(Key::parse(text.substr(kAccountSubject.size()))));
  }

 private:
  // Nothing to do (yet, or any more) is no failure.
  static Done settle(Result<Object> written) {
    if (written.ok()) return std::optional<Duration>();
    const Code code = written.error().code();
    const bool fine = code == Code::AlreadyExists || code == Code::NotFound ||
                      code == Code::Forbidden || code == Code::Conflict;
    if (fine) return std::optional<Duration>();
    return std::move(written).error();
  }

  Done fill_namespace(const Context& ctx, const std::string& ns) {
    TRY(settle(client_.create(
        ctx, accounts_, Object::make({"", "v1", "ServiceAccount"}, {ns, "default"}))));
    Object ca = Object::make({"", "v1", "ConfigMap"}, {ns, std::string(kRootCa)});
    ca.set_annotation("kubernetes.io/description",
                      "Contains a CA bundle that can be used to verify the kube-apiserver when "
                      "using internal endpoints such as the internal service IP or "
                      "kubernetes.default.svc. No other usage is guaranteed across distributions "
                      "of Kubernetes clusters.");
    ca.set({"data", "ca.crt"}, ca_pem_);
    auto created = client_.create(ctx, config_maps_, ca);
    if (created.ok() || created.error().code() != Code::AlreadyExists) {
      return settle(std::move(created));
    }
    return settle(
        change_object(ctx, client_, config_maps_, ca.key(), [&](Object& object) -> Result<bool> {
          if (object["data"] == ca["data"]) return false;
          object.set({"data"}, ca["data"]);
          return true;
        }));
  }

  Done fill_secret(const Context& ctx, const Key& key) {
    auto secret = client_.get(ctx, secrets_, key);
    if (!secret.ok()) return settle(std::move(secret));
    if ((*secret)["type"].as_string() != kTokenType || secret->is_being_deleted()) {
      return std::optional<Duration>();
    }
    const std::string account_name(secret->annotation(kAccountName));
    const std::string wanted_uid(secret->annotation(kAccountUid));
    auto account = client_.get(ctx, accounts_, {key.ns, account_name});
    const bool missing = !account.ok() && account.error().code() == Code::NotFound;
    if (!account.ok() && !missing) return std::move(account).error();
    if (missing || (!wanted_uid.empty() && wanted_uid != account->uid())) {
      return remove_secret(ctx, *secret);
    }
    const std::string uid(account->uid());
    return settle(change_object(ctx, client_, secrets_, key, [&](Object& object) -> Result<bool> {
      if (!object.at({"data", "token"}).as_string().empty() &&
          object.annotation(kAccountUid) == uid) {
        return false;
      }
      const std::string token = TRY(tokens_.issue_legacy({key.ns, account_name}, uid, key.name));
      object.set_annotation(kAccountUid, uid);
      object.set({"data", "token"}, codec::base64_encode(token));
      object.set({"data", "ca.crt"}, codec::base64_encode(ca_pem_));
      object.set({"data", "namespace"}, codec::base64_encode(key.ns));
      return true;
    }));
  }

  Done remove_secret(const Context& ctx, const Object& secret) {
    DeleteOptions options;
    options.uid = std::string(secret.uid());
    auto removed = client_.remove(ctx, secrets_, secret.key(), options);
    if (removed.ok() || removed.error().code() == Code::NotFound) return std::optional<Duration>();
    return std::move(removed).error();
  }

  Done account_gone(const Context& ctx, const Key& account) {
    if (client_.get(ctx, accounts_, account).ok()) return std::optional<Duration>();
    ListOptions which;
    which.ns = account.ns;
    which.fields = TRY(FieldSelector::parse(cat("type=", kTokenType)));
    const ObjectList list = TRY(client_.list(ctx, secrets_, which));
    for (const Object& secret : list.items) {
      if (secret.annotation(kAccountName) == account.name) TRY(remove_secret(ctx, secret));
    }
    return std::optional<Duration>();
  }

  Client& client_;
  const TokenService& tokens_;
  std::string ca_pem_;
  Resource accounts_ = core_resource("serviceaccounts", "ServiceAccount");
  Resource secrets_ = core_resource("secrets", "Secret");
  Resource config_maps_ = core_resource("configmaps", "ConfigMap");
};

class RoleAggregator final : public Chore {
 public:
  explicit RoleAggregator(Client& client)
      : client_(client) {}

  std::string_view name() const override { return "roles"; }

  void see(const KeyParts& key, const store::Event&, const Enqueue& enqueue) override {
    if (key.is("rbac.authorization.k8s.io", "clusterroles")) enqueue("all", {});
  }

  Done work(const Context& ctx, const std::string&) override {
    const ObjectList roles = TRY(client_.list(ctx, roles_));
    rbac::RuleBook book;
    for (const Object& role : roles.items)
      book.set_cluster_role(role.name(), &role.value());
    for (const Object& role : roles.items) {
      if (!role["aggregationRule"].is_object()) continue;
      data::Value next = role.value();
      if (!book.aggregate(next)) continue;
      auto written = client_.update(ctx, roles_, Object(std::move(next)));
      if (!written.ok() && written.error().code() != Code::NotFound) {
        return std::move(written).error();
      }
    }
    return std::optional<Duration>();
  }

 private:
  Client& client_;
  Resource roles_{{"rbac.authorization.k8s.io", "v1", "clusterroles"}, "ClusterRole", false};
};

}  // namespace

std::unique_ptr<Chore> make_account_keeper(Client& client,
                                           const TokenService& tokens,
                                           std::string ca_pem) {
  return std::make_unique<AccountKeeper>(client, tokens, std::move(ca_pem));
}

std::unique_ptr<Chore> make_role_aggregator(Client& client) {
  return std::make_unique<RoleAggregator>(client);
}

}  // namespace fleet::kube::apiserver
