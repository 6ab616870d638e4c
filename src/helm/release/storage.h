// Storage: the releases of one namespace, kept in Secrets exactly as Helm 4.2 keeps them, so that
// `helm list`, `history` and `rollback` work on what we wrote, and we on what Helm wrote.
//
// Name sh.helm.release.v1.NAME.vREVISION, type helm.sh/release.v1, labels owner=helm, name, status,
// version, createdAt (modifiedAt after an update).
// Errors: those of the API; NotFound "release: not found" when there is no such release.
// Threads: all functions from any thread. Lifetime: the client outlives the storage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "helm/release/release.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::helm {

class Storage {
 public:
  // An empty namespace reads those of all namespaces; such a storage cannot write.
  Storage(kube::Client& client, std::string ns)
      : client_(client),
        ns_(std::move(ns)) {}

  // Stores a new revision. With max_history > 0 the oldest revisions are removed first until
  // max_history - 1 are left; the last deployed one always stays.
  Result<> create(const Context& ctx, const Release& release, int max_history = 0);
  Result<> update(const Context& ctx, const Release& release);
  Result<> remove(const Context& ctx, const Release& release);

  // All revisions of a release, oldest first. NotFound when there is none.
  Result<std::vector<Release>> history(const Context& ctx, std::string_view name);
  Result<Release> get(const Context& ctx, std::string_view name, int revision);
  Result<Release> last(const Context& ctx, std::string_view name);
  // The newest with status deployed. NotFound: `"NAME" has no deployed releases`.
  Result<Release> deployed(const Context& ctx, std::string_view name);
  std::string_view ns() const { return ns_; }

  // Every revision of every release. Secrets that cannot be read are skipped, and logged.
  Result<std::vector<Release>> list(const Context& ctx);

 private:
  Result<std::vector<Release>> query(const Context& ctx, const kube::StringMap& labels);
  Result<> prune(const Context& ctx, std::string_view name, int max_history);
  kube::Object secret(const Release& release) const;

  kube::Client& client_;
  std::string ns_;
};

}  // namespace fleet::helm
