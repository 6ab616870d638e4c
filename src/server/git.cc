#include "server/git.h"

#include "wire/git/remote.h"

namespace fleet::server {
namespace {

Result<git::Remote> remote_of(const gitjob::GitQuery& query) {
  git::RemoteOptions options;
  options.url = query.url;
  options.username = query.username;
  options.password = query.password;
  options.ssh_private_key = query.ssh_private_key;
  options.ssh_known_hosts = query.ssh_known_hosts;
  options.ca_bundle = query.ca_bundle;
  options.insecure_skip_tls_verify = query.insecure_skip_tls_verify;
  return git::Remote::open(std::move(options));
}

}  // namespace

Result<std::string> GitSource::latest_commit(const Context& ctx, const gitjob::GitQuery& query) {
  git::Remote remote = TRY(remote_of(query));
  return remote.latest_commit(ctx, query.branch, query.revision);
}

Result<FileTree> GitSource::checkout(const Context& ctx,
                                     const gitjob::GitQuery& query,
                                     const std::string& commit) {
  git::Remote remote = TRY(remote_of(query));
  git::CheckoutRequest request;
  request.branch = query.branch;
  request.revision = query.revision;
  request.commit = commit;
  return TRY(remote.checkout(ctx, request)).tree;
}

}  // namespace fleet::server
