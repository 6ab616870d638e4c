#include "controller/gitjob/source.h"

#include <utility>

#include "base/strings.h"
#include "codec/base64.h"

namespace fleet::gitjob {
namespace {

constexpr std::string_view kDefaultSecret = "gitcredential";

std::string field(const kube::Object& secret, std::string_view name) {
  return codec::base64_decode(secret.at({"data", name}).as_string()).value_or("");
}

Result<> add_credentials(const kube::Object& secret, GitQuery& query) {
  const std::string_view type = secret["type"].as_string();
  if (type == "kubernetes.io/basic-auth") {
    query.username = field(secret, "username");
    const std::string password = field(secret, "password");
    // A token alone is sent as the user's name, as upstream does.
    if (query.username.empty()) {
      query.username = password;
    } else {
      query.password = Secret<>(password);
    }
    return {};
  }
  if (type == "kubernetes.io/ssh-auth") {
    query.ssh_private_key = Secret<>(field(secret, "ssh-privatekey"));
    query.ssh_known_hosts = field(secret, "known_hosts");
    return {};
  }
  if (secret.at({"data", "github_app_id"}).is_string()) {
    return Error(Code::Unsupported, "GitHub App credentials are not offered");
  }
  return Error(Code::Invalid, cat("missing Github App keys in secret ", secret.key().str()));
}

}  // namespace

Result<GitQuery> query_of(const Context& ctx, kube::Client& client, const api::GitRepo& repo) {
  GitQuery query;
  query.url = repo.spec.repo;
  query.branch = repo.spec.branch;
  query.revision = repo.spec.revision;
  query.ca_bundle = repo.spec.ca_bundle.data;
  query.insecure_skip_tls_verify = repo.spec.insecure_skip_tls_verify;
  const bool named = !repo.spec.client_secret_name.empty();
  const std::string name = named ? repo.spec.client_secret_name : std::string(kDefaultSecret);
  const kube::Resource secrets{{"", "v1", "secrets"}, "Secret", true};
  Result<kube::Object> secret = client.get(ctx, secrets, {repo.metadata.namespace_, name});
  if (!secret.ok()) {
    if (secret.error().code() != Code::NotFound || named) {
      return std::move(secret).error().within("failed to look up git credentials");
    }
    return query;
  }
  TRY(add_credentials(*secret, query));
  return query;
}

}  // namespace fleet::gitjob
