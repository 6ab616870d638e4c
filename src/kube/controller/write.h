// Writes that reconcilers make: only what changed, and nothing when nothing did.
#pragma once

#include <optional>

#include "base/result.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::kube {

// The JSON merge patch that leads from one document to the other; nothing when they are equal.
std::optional<data::Value> merge_difference(const data::Value& from, const data::Value& to);

// Patches the status subresource of `seen` so that its status is `status`. True when there was
// something to write. The uid of `seen` is part of the patch: a namesake made meanwhile is refused
// with Conflict.
Result<bool> write_status(const Context& ctx,
                          Client& client,
                          const Resource& resource,
                          const Object& seen,
                          const data::Value& status);

// Adds or takes away a finalizer of the live object. True when it was written. An object that is
// gone is no error when a finalizer is taken away.
Result<bool> add_finalizer(const Context& ctx,
                           Client& client,
                           const Resource& resource,
                           const Object& seen,
                           std::string_view finalizer);
Result<bool> remove_finalizer(const Context& ctx,
                              Client& client,
                              const Resource& resource,
                              const Object& seen,
                              std::string_view finalizer);

// Creates the object, or patches what differs of its labels, annotations, owners and the members
// named in `fields` ("spec", "data"); labels and annotations that others added stay.
// The live object is returned.
Result<Object> ensure_object(const Context& ctx,
                             Client& client,
                             const Resource& resource,
                             const Object& wanted,
                             const std::vector<std::string_view>& fields);

// NotFound is success: it is gone. With the uid of `seen` as a condition.
Result<> delete_object(const Context& ctx,
                       Client& client,
                       const Resource& resource,
                       const Object& seen,
                       Propagation propagation = Propagation::Background);

// True when the server, asked now, says that there is no such object. Any other answer that is not
// the object is an error.
Result<bool> is_gone(const Context& ctx, Client& client, const Resource& resource, const Key& key);

}  // namespace fleet::kube
