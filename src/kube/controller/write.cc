#include "kube/controller/write.h"

#include <utility>

namespace fleet::kube {
namespace {

using data::Value;

Value with_uid(const Object& seen, Value patch) {
  if (!seen.uid().empty()) patch.set({"metadata", "uid"}, seen.uid());
  return patch;
}

Result<bool> write_finalizers(const Context& ctx,
                              Client& client,
                              const Resource& resource,
                              const Object& seen,
                              std::string_view finalizer,
                              bool wanted) {
  bool wrote = false;
  auto change = [&](Object& live) -> Result<bool> {
    if (live.uid() != seen.uid()) return false;
    wrote = wanted ? live.add_finalizer(finalizer) : live.remove_finalizer(finalizer);
    return wrote;
  };
  Result<Object> done = change_object(ctx, client, resource, seen.key(), change);
  if (!done.ok() && !(done.error().code() == Code::NotFound && !wanted)) {
    return std::move(done).error();
  }
  return wrote;
}

}  // namespace

std::optional<Value> merge_difference(const Value& from, const Value& to) {
  if (from == to) return std::nullopt;
  if (!from.is_object() || !to.is_object()) return to;
  Value patch = Value::object();
  for (const data::Member& member : to.members()) {
    const Value* before = from.find(member.key.view());
    if (before == nullptr) {
      if (!member.value.is_null()) patch.set(member.key, member.value);
      continue;
    }
    if (auto inner = merge_difference(*before, member.value))
      patch.set(member.key, std::move(*inner));
  }
  for (const data::Member& member : from.members()) {
    if (!to.contains(member.key.view())) patch.set(member.key, Value());
  }
  if (patch.empty()) return std::nullopt;
  return patch;
}

Result<bool> write_status(const Context& ctx,
                          Client& client,
                          const Resource& resource,
                          const Object& seen,
                          const Value& status) {
  auto patch = merge_difference(seen["status"], status);
  if (!patch) return false;
  Value body = with_uid(seen, Value::object({{"status", std::move(*patch)}}));
  TRY(client.patch_status(ctx, resource, seen.key(), Patch::merge(std::move(body))));
  return true;
}

Result<bool> add_finalizer(const Context& ctx,
                           Client& client,
                           const Resource& resource,
                           const Object& seen,
                           std::string_view finalizer) {
  return write_finalizers(ctx, client, resource, seen, finalizer, true);
}

Result<bool> remove_finalizer(const Context& ctx,
                              Client& client,
                              const Resource& resource,
                              const Object& seen,
                              std::string_view finalizer) {
  return write_finalizers(ctx, client, resource, seen, finalizer, false);
}

Result<Object> ensure_object(const Context& ctx,
                             Client& client,
                             const Resource& resource,
                             const Object& wanted,
                             const std::vector<std::string_view>& fields) {
  Result<Object> live = client.get(ctx, resource, wanted.key());
  if (!live.ok()) {
    if (live.error().code() != Code::NotFound) return live;
    Result<Object> made = client.create(ctx, resource, wanted);
    if (made.ok() || made.error().code() != Code::AlreadyExists) return made;
    live = TRY(client.get(ctx, resource, wanted.key()));
  }
  Object next = *live;
  for (const auto& [key, value] : wanted.labels())
    next.set_label(key, value);
  for (const auto& [key, value] : wanted.annotations())
    next.set_annotation(key, value);
  for (const OwnerReference& owner : wanted.owner_references())
    next.add_owner(owner);
  for (std::string_view field : fields) {
    if (wanted.value().contains(field)) {
      next.edit().set(field, wanted[field]);
    } else {
      next.edit().erase(field);
    }
  }
  auto patch = merge_difference(live->value(), next.value());
  if (!patch) return live;
  return client.patch(
      ctx, resource, wanted.key(), Patch::merge(with_uid(*live, std::move(*patch))));
}

Result<> delete_object(const Context& ctx,
                       Client& client,
                       const Resource& resource,
                       const Object& seen,
                       Propagation propagation) {
  DeleteOptions options;
  options.propagation = propagation;
  options.uid = seen.uid();
  Result<std::optional<Object>> done = client.remove(ctx, resource, seen.key(), options);
  if (done.ok() || done.error().code() == Code::NotFound) return {};
  return std::move(done).error();
}

Result<bool> is_gone(const Context& ctx, Client& client, const Resource& resource, const Key& key) {
  Result<Object> live = client.get(ctx, resource, key);
  if (live.ok()) return false;
  if (live.error().code() == Code::NotFound) return true;
  return std::move(live).error();
}

}  // namespace fleet::kube
