// What every request handler works with: the services of this server, and one call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kube/apiserver/decoded.h"
#include "kube/apiserver/negotiate.h"
#include "kube/apiserver/registry.h"
#include "kube/apiserver/reply.h"
#include "kube/apiserver/request.h"
#include "kube/apiserver/request_info.h"
#include "kube/meta/key.h"
#include "kube/store/store.h"
#include "sys/context.h"

namespace fleet::kube::apiserver {

struct Call;

// Says whether a caller may do something. Threads: any.
class Authorizer {
 public:
  struct Decision {
    bool allowed = false;
    std::string reason;
  };
  virtual ~Authorizer() = default;
  virtual Decision authorize(const Context& ctx,
                             const Identity& user,
                             const RequestInfo& info) const = 0;
};

// Changes or refuses what is about to be written. Threads: any.
class Admission {
 public:
  virtual ~Admission() = default;
  // `object` is null for a deletion, `old` for a creation.
  virtual Reply<> admit(const Call& call, data::Value* object, const data::Value* old) const = 0;
};

// Is told of every write that this server made, before the writer is. Threads: any.
class Observer {
 public:
  virtual ~Observer() = default;
  // `object` has the revision of the write. `gone`: it was its last state.
  virtual void written(const Served& served, const data::Value& object, bool gone) = 0;
};

// Random bits and names; not reproducible by others.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::string uuid() = 0;
  // Five characters for generateName.
  virtual std::string suffix() = 0;
  virtual uint64_t number(uint64_t below) = 0;
};

// The services. Everything outlives every call.
struct Core {
  store::Store& store;
  Registry& registry;
  const Authorizer& authorizer;
  const Admission& admission;
  Observer& observer;
  Random& random;
  DecodedCache& decoded;
};

// One request to a known resource, on its way.
struct Call {
  const Context& ctx;
  const Request& request;
  const RequestInfo& info;
  const Identity& user;
  ServedPtr served;
  Format format;
  TimePoint now;
  bool dry_run = false;
  bool is_apply = false;                // server-side apply: it keeps the books of fields itself
  std::vector<std::string> warnings{};  // become Warning headers

  const http::Query& query() const { return request.query; }
};

// The body as a document: JSON or YAML by its content type, or the caller's own document.
// BadRequest for an empty or broken one, UnsupportedMediaType for other types.
Reply<data::Value> read_body(const Request& request);

}  // namespace fleet::kube::apiserver
