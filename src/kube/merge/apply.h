// Server-side apply and the bookkeeping of who owns which field, as a Kubernetes API server does
// it.
//
// Every write goes through one of two functions: `apply` for apply patches, `track_update` for all
// other writes. Both read the live object's metadata.managedFields and answer the object to store,
// with metadata.managedFields brought up to date. They do not touch anything else of metadata
// (resourceVersion, generation, times): that is the caller's.
//
// As Kubernetes 1.36 (structured-merge-diff v6). Pure. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"
#include "kube/merge/schema.h"
#include "kube/merge/versions.h"

namespace fleet::kube {

// Who writes what, and when. Lifetime: the referenced type outlives the call.
struct Writer {
  std::string manager;      // fieldManager, or the first part of the user agent; never empty
  std::string api_version;  // of the request: "apps/v1"
  std::string subresource;  // "" or "status", "scale"
  TimePoint now;
  // Fields that this request cannot set, as paths from the root: for most kinds {"status"} on the
  // main resource, and {"spec", ...} on the status subresource. They are not owned by the write.
  std::vector<std::string> reset_fields;
};

enum class Force { No, Yes };

// One field that another manager owns and this apply would change.
struct FieldConflict {
  std::string manager;  // as the message shows it: "kubectl" using apps/v1 at 2024-..
  std::string path;     // ".spec.replicas", ".spec.containers[name=\"a\"].image"
};

struct Applied {
  data::Value object;
  bool changed = false;                  // false: the live object as it was, nothing to store
  std::vector<FieldConflict> conflicts;  // not empty: refused, `object` is null
  std::string conflict_message;          // "Apply failed with 1 conflict: ..."
};

// Applies `config` to the live object; null live creates it. Both have the form of the writer's
// version.
// Errors: BadRequest for a wrong apiVersion in the config ("Incorrect version specified in apply
// patch. ..."), for managedFields in it, or for managedFields that cannot be read; Invalid when
// config does not fit the schema (".spec.x: field not declared in schema", "duplicate entries for
// key ..."). A conflict is no error here: see Applied.
Result<Applied> apply(const data::Value& live,
                      const data::Value& config,
                      const Writer& writer,
                      Force force,
                      const Versions& versions);
// The same for a kind whose versions have one form.
Result<Applied> apply(const data::Value& live,
                      const data::Value& config,
                      const Writer& writer,
                      Force force,
                      const Type& type);

// Records that `writer` wrote `next` over `live` (null live: a create). The answer is `next` with
// metadata.managedFields; an empty list sent by the client, `[]` or `[{}]`, resets tracking.
// Objects which exist untracked stay untracked. At most kMaxUpdateManagers update entries are kept:
// the oldest become "ancient-changes". Never fails: what does not fit the schema is not tracked.
data::Value track_update(const data::Value& live,
                         const data::Value& next,
                         const Writer& writer,
                         const Versions& versions);
// The same for a kind whose versions have one form.
data::Value track_update(const data::Value& live,
                         const data::Value& next,
                         const Writer& writer,
                         const Type& type);

inline constexpr size_t kMaxUpdateManagers = 10;

}  // namespace fleet::kube
