// Observer: watches the hub as anyone can, and remembers when it first saw what.
//
// BundleDeployments are told apart by the value of one label: the commit, or the bundle's name.
// Threads: all functions from any thread. Lifetime: as the client's, which is its own.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "kube/cache/informer.h"
#include "kube/client/client.h"
#include "sys/context.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::bench {

class Observer {
 public:
  // Returns when it has seen what is there already.
  static Result<std::unique_ptr<Observer>> start(const Context& ctx,
                                                 std::unique_ptr<kube::Client> client,
                                                 std::string label);
  ~Observer() { scope_.stop(); }  // then its threads end

  // Each waits. When a GitRepo's status first named the commit:
  Result<Instant> polled(const Context& ctx, const std::string& commit);
  // When the last of `count` BundleDeployments with this label value was written, or Ready:
  Result<Instant> written(const Context& ctx, const std::string& value, size_t count);
  Result<Instant> ready(const Context& ctx, const std::string& value, size_t count);

 private:
  using Moments = std::map<std::string, Instant>;  // by name
  struct Seen {
    Moments polled;  // by commit
    std::map<std::string, Moments> written;
    std::map<std::string, Moments> ready;
  };

  Observer(const Context& ctx, std::unique_ptr<kube::Client> client, std::string label);
  void see_repo(const kube::Object& repo);
  void see_deployment(const kube::Object& deployment);
  Result<Instant> last(const Context& ctx,
                       std::map<std::string, Moments> Seen::*which,
                       const std::string& value,
                       size_t count);

  StopScope scope_;
  std::unique_ptr<kube::Client> client_;
  const std::string label_;
  Guarded<Seen> seen_;
  kube::Informer repos_;
  kube::Informer deployments_;
  Thread repos_thread_;
  Thread deployments_thread_;
};

}  // namespace fleet::bench
