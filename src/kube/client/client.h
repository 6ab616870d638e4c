// Client: what a program can ask of a Kubernetes API, over HTTP or in the same process.
//
//   const kube::Object pod = TRY(client.get(ctx, kPods, {"default", "web"}));
//
// Objects are documents with apiVersion and kind set, also those of lists and watches. A kind is
// named by its `Resource`; `RestMapper` finds the one of a GroupVersionKind.
// Errors: the server's reason and message (NotFound, Conflict, AlreadyExists, Invalid, Forbidden,
// Expired, ...); ServiceUnavailable when it cannot be reached, or something else answers in its
// place; Timeout, Cancelled. NotFound is what a Kubernetes API said: the object is not there, or
// discovery has no such kind.
// Threads: all functions from any thread; one Watch by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/meta/object.h"
#include "kube/meta/selector.h"
#include "sys/context.h"

namespace fleet::kube {

struct GetOptions {
  std::string resource_version{};  // empty: the newest
};

struct ListOptions {
  std::string ns{};  // empty: all namespaces, or a cluster-scoped kind
  LabelSelector labels{};
  FieldSelector fields{};
  int64_t limit = 0;  // 0: all in one answer
  std::string continue_token{};
  std::string resource_version{};
  std::string resource_version_match{};  // "Exact" or "NotOlderThan"
  // Only metadata, as PartialObjectMetadata.
  bool metadata_only = false;
};

struct ObjectList {
  std::vector<Object> items;
  std::string resource_version;
  std::string continue_token;  // of the next page; empty: this was the last
  std::optional<int64_t> remaining;
};

struct WatchOptions {
  std::string ns{};
  LabelSelector labels{};
  FieldSelector fields{};
  std::string resource_version{};  // changes after this one; empty: all objects first, as Added
  bool bookmarks = true;
  // Send the state as Added events first, then a Bookmark with the annotation
  // k8s.io/initial-events-end; servers that cannot do so answer Invalid.
  bool send_initial_events = false;
  std::optional<std::chrono::seconds> timeout{};  // the server ends the watch after this
  bool metadata_only = false;
};

struct WatchEvent {
  enum class Type { Added, Modified, Deleted, Bookmark };
  Type type = Type::Added;
  Object object;
};
std::string_view to_string(WatchEvent::Type type);  // "ADDED"
std::optional<WatchEvent::Type> parse_watch_event_type(std::string_view text);

// A running watch. The destructor ends it.
class Watch {
 public:
  virtual ~Watch() = default;
  // The next event; nothing when the server ended the watch in order (start another from the last
  // seen resourceVersion). Expired: that version is too old now, list again.
  virtual Result<std::optional<WatchEvent>> next(const Context& ctx) = 0;
};

struct WriteOptions {
  std::string subresource{};  // "status", "scale"; for create: "token" of the named object
  std::string field_manager{};
  std::string field_validation{};  // "Strict", "Warn", "Ignore"; empty: the server's default
  bool dry_run = false;
  bool force = false;  // patch Apply: take fields from other managers
};

enum class PatchType { Json, Merge, Strategic, Apply };
std::string_view content_type(PatchType type);  // "application/merge-patch+json"

struct Patch {
  PatchType type = PatchType::Merge;
  data::Value body;

  static Patch json(data::Value operations) { return {PatchType::Json, std::move(operations)}; }
  static Patch merge(data::Value body) { return {PatchType::Merge, std::move(body)}; }
  static Patch strategic(data::Value body) { return {PatchType::Strategic, std::move(body)}; }
  static Patch apply(data::Value body) { return {PatchType::Apply, std::move(body)}; }
};

enum class Propagation { Default, Background, Foreground, Orphan };

struct DeleteOptions {
  Propagation propagation = Propagation::Default;
  std::string uid{};               // refuse (Conflict) if the object has another one
  std::string resource_version{};  // the same
  std::optional<int64_t> grace_period_seconds{};
  bool dry_run = false;
};

// Any other request: discovery, /version, a token review, OpenAPI.
struct RawRequest {
  std::string method = "GET";
  std::string path;  // escaped, with query: "/apis?x=y"
  std::string accept = "application/json";
  std::string content_type = "application/json";
  std::string body{};
};
struct RawAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
  // The error that a Status document, or a status over 399, means. Only a Status whose reason is
  // NotFound is NotFound, since removals rest on it; any other 404 is ServiceUnavailable.
  Result<> check() const;
  // A 404 that is a proxy's page, or how kube-apiserver speaks of paths that it does not serve.
  bool is_foreign_not_found() const;
};

class Client {
 public:
  virtual ~Client() = default;

  virtual Result<Object> get(const Context& ctx,
                             const Resource& resource,
                             const Key& key,
                             const GetOptions& options = {}) = 0;
  virtual Result<ObjectList> list(const Context& ctx,
                                  const Resource& resource,
                                  const ListOptions& options = {}) = 0;
  // Ends with `ctx` too: next() is then Cancelled or Timeout.
  virtual Result<std::unique_ptr<Watch>> watch(const Context& ctx,
                                               const Resource& resource,
                                               const WatchOptions& options = {}) = 0;
  // The object's metadata says its namespace and name (or generateName).
  virtual Result<Object> create(const Context& ctx,
                                const Resource& resource,
                                const Object& object,
                                const WriteOptions& options = {}) = 0;
  // Replaces. Conflict when metadata.resourceVersion is set and no longer the newest.
  virtual Result<Object> update(const Context& ctx,
                                const Resource& resource,
                                const Object& object,
                                const WriteOptions& options = {}) = 0;
  virtual Result<Object> patch(const Context& ctx,
                               const Resource& resource,
                               const Key& key,
                               const Patch& patch,
                               const WriteOptions& options = {}) = 0;
  // The object while it waits for finalizers or its grace period; nothing when it is gone.
  virtual Result<std::optional<Object>> remove(const Context& ctx,
                                               const Resource& resource,
                                               const Key& key,
                                               const DeleteOptions& options = {}) = 0;
  virtual Result<> remove_collection(const Context& ctx,
                                     const Resource& resource,
                                     const ListOptions& which,
                                     const DeleteOptions& options = {}) = 0;
  virtual Result<RawAnswer> raw(const Context& ctx, const RawRequest& request) = 0;

  // The status subresource alone.
  Result<Object> update_status(const Context& ctx, const Resource& resource, const Object& object);
  Result<Object> patch_status(const Context& ctx,
                              const Resource& resource,
                              const Key& key,
                              const Patch& patch);
};

// All pages of a list, `page` objects at a time. A list that expires half-way starts again once,
// without pages.
Result<ObjectList> list_all(const Context& ctx,
                            Client& client,
                            const Resource& resource,
                            ListOptions options = {},
                            int64_t page = 500);

// Reads, lets `change` edit, and writes; again from a fresh read after a Conflict, up to `tries`
// times. `change` returns false when there is nothing to write.
Result<Object> change_object(const Context& ctx,
                             Client& client,
                             const Resource& resource,
                             const Key& key,
                             const std::function<Result<bool>(Object&)>& change,
                             const WriteOptions& options = {},
                             int tries = 10);

}  // namespace fleet::kube
