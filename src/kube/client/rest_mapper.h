// RestMapper: which resource serves a kind, from the server's discovery documents.
//
// Discovery is read once and kept; an unknown kind makes it read again, at most once in ten
// seconds, so that a CRD made meanwhile is found. Both the aggregated form and one document per
// group and version are understood.
// Threads: all functions from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/client/client.h"
#include "sys/guarded.h"

namespace fleet::kube {

struct DiscoveredResource {
  Resource resource;
  std::string singular;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<std::string> verbs;
  std::vector<std::string> subresources;  // "status", "scale"

  bool can(std::string_view verb) const;
};

// Resources in the server's order: groups as listed, each group's preferred version first.
// A group that answers 503 is left out; any other failure fails the whole.
Result<std::vector<DiscoveredResource>> discover(const Context& ctx, Client& client);

// True when the server's own discovery documents, read now, do not name that resource. An answer
// that is no such document is an error.
Result<bool> lacks(const Context& ctx, Client& client, const GroupVersionResource& gvr);

class RestMapper {
 public:
  explicit RestMapper(Client& client);
  ~RestMapper();

  // NotFound: `no matches for kind "X" in version "g/v"`. An empty version: the preferred one.
  Result<Resource> resource_for(const Context& ctx, const GroupVersionKind& gvk);
  // By what people type: "pods", "pod", "po", "deployments.apps", "deployments.v1.apps", "Pod".
  // NotFound: `the server doesn't have a resource type "x"`.
  Result<DiscoveredResource> find(const Context& ctx, std::string_view word);
  Result<std::vector<DiscoveredResource>> all(const Context& ctx);
  void reset();  // read again next time

 private:
  struct State;
  Result<std::shared_ptr<const std::vector<DiscoveredResource>>> resources(const Context& ctx,
                                                                           bool again);
  Client& client_;
  std::unique_ptr<State> state_;
};

}  // namespace fleet::kube
