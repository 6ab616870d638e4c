#include "helm/action/apply.h"

#include <optional>
#include <utility>

#include "base/strings.h"
#include "helm/action/client_side.h"

namespace fleet::helm {
namespace {

using data::Value;

constexpr std::string_view kResourcePolicy = "helm.sh/resource-policy";
constexpr std::string_view kKeep = "keep";
constexpr int kReplaceTries = 5;

kube::WriteOptions strict(const ApplyOptions& options) {
  kube::WriteOptions write;
  write.field_manager = options.field_manager;
  write.field_validation = "Strict";
  return write;
}

Error apply_failed(const Target& target, Error error) {
  const std::string name =
      cat(target.object.ns(), "/", target.object.name(), " ", target.resource.gvk().str());
  if (error.code() == Code::Conflict) {
    return std::move(error).within(cat("conflict occurred while applying object ", name));
  }
  return std::move(error).within(cat("server-side apply failed for object ", name));
}

Result<> server_side_apply(const Context& ctx,
                           kube::Client& client,
                           const Target& target,
                           const ApplyOptions& options) {
  Result<kube::Object> done = client.patch(ctx,
                                           target.resource,
                                           target.key(),
                                           kube::Patch::apply(target.object.value()),
                                           strict(options));
  if (done.ok()) return {};
  return apply_failed(target, std::move(done).error());
}

// Entries that this manager made with ordinary writes become entries of its applies, so that fields
// which the new manifest leaves out go away.
Result<> adopt_fields(const Context& ctx,
                      kube::Client& client,
                      const Target& target,
                      const ApplyOptions& options) {
  auto change = [&](kube::Object& live) -> Result<bool> {
    bool changed = false;
    const size_t entries = live.at({"metadata", "managedFields"}).size();
    for (size_t i = 0; i < entries; ++i) {
      const Value& entry = live.at({"metadata", "managedFields", i});
      if (entry["manager"].as_string() != options.field_manager) continue;
      if (entry["operation"].as_string() != "Update" || entry.contains("subresource")) continue;
      live.set({"metadata", "managedFields", i, "operation"}, "Apply");
      changed = true;
    }
    return changed;
  };
  TRY(kube::change_object(ctx, client, target.resource, target.key(), change, strict(options)));
  return {};
}

Result<> create_one(const Context& ctx,
                    kube::Client& client,
                    const Target& target,
                    const ApplyOptions& options) {
  if (options.method == Method::ServerSide && !target.object.name().empty()) {
    return server_side_apply(ctx, client, target, options);
  }
  kube::WriteOptions write;
  write.field_manager = options.field_manager;
  TRY(client.create(ctx, target.resource, target.object, write));
  return {};
}

Result<> replace(const Context& ctx,
                 kube::Client& client,
                 const Target& target,
                 const ApplyOptions& options) {
  for (int i = 0;; ++i) {
    kube::Object live = TRY(client.get(ctx, target.resource, target.key()));
    kube::Object next = target.object;
    next.set_resource_version(live.resource_version());
    Result<kube::Object> done = client.update(ctx, target.resource, next, strict(options));
    if (done.ok()) return {};
    if (done.error().code() != Code::Conflict || i + 1 >= kReplaceTries) {
      return std::move(done).error().within("failed to replace object");
    }
  }
}

Result<> patch_client_side(const Context& ctx,
                           kube::Client& client,
                           const Target& original,
                           const Target& target,
                           const kube::Object& live,
                           const ApplyOptions& options) {
  const ClientSideInput input{
      original.object.value(), target.object.value(), live.value(), options.three_way_for_custom};
  std::optional<kube::Patch> patch = TRY(client_side_patch(target.resource, input));
  if (!patch) return {};
  kube::WriteOptions write;
  write.field_manager = options.field_manager;
  TRY(client.patch(ctx, target.resource, target.key(), *patch, write)
          .within(cat(
              "cannot patch ", quote(target.object.name()), " with kind ", target.resource.kind)));
  return {};
}

Result<> update_one(const Context& ctx,
                    kube::Client& client,
                    const Target* original,
                    const Target& target,
                    const kube::Object& live,
                    const ApplyOptions& options) {
  switch (options.method) {
    case Method::Replace:
      return replace(ctx, client, target, options);
    case Method::ServerSide:
      if (options.adopt_client_side_fields) TRY(adopt_fields(ctx, client, target, options));
      return server_side_apply(ctx, client, target, options);
    case Method::ClientSide:
      break;
  }
  const Target baseline{live, target.resource};
  return patch_client_side(ctx, client, original ? *original : baseline, target, live, options);
}

Error joined(const std::vector<Error>& errors, std::string_view separator) {
  std::vector<std::string> texts;
  for (const Error& error : errors)
    texts.push_back(error.message());
  return Error(errors.front().code(), join(texts, separator));
}

Result<> delete_surplus(const Context& ctx,
                        kube::Client& client,
                        const Targets& originals,
                        const Targets& targets,
                        const Owner& owner) {
  std::vector<Error> errors;
  for (const Target& original : originals) {
    if (find_same(targets, original) != nullptr) continue;
    Result<> done = delete_target(ctx, client, original, owner);
    if (!done.ok()) {
      errors.push_back(std::move(done).error().within(cat("failed to delete resource namespace=",
                                                          original.object.ns(),
                                                          ", name=",
                                                          original.object.name(),
                                                          ", kind=",
                                                          original.resource.kind)));
    }
  }
  if (errors.empty()) return {};
  return joined(errors, " && ");
}

}  // namespace

Result<> create_targets(const Context& ctx,
                        kube::Client& client,
                        const Targets& targets,
                        const ApplyOptions& options) {
  // Objects of one kind are tried all; a kind that failed ends the creation.
  std::vector<Error> errors;
  for (size_t i = 0; i < targets.size(); ++i) {
    const bool new_kind = i > 0 && targets[i].resource.kind != targets[i - 1].resource.kind;
    if (new_kind && !errors.empty()) break;
    TRY(ctx.check());
    Result<> done = create_one(ctx, client, targets[i], options);
    if (!done.ok()) errors.push_back(std::move(done).error());
  }
  if (errors.empty()) return {};
  return joined(errors, "\n");
}

Result<> update_targets(const Context& ctx,
                        kube::Client& client,
                        const Targets& originals,
                        const Targets& targets,
                        const ApplyOptions& options,
                        const Owner& owner) {
  std::vector<Error> errors;
  for (const Target& target : targets) {
    TRY(ctx.check());
    Result<kube::Object> live = client.get(ctx, target.resource, target.key());
    if (!live.ok() && live.error().code() != Code::NotFound) {
      return std::move(live).error().within("could not get information about the resource");
    }
    if (!live.ok()) {
      TRY(create_one(ctx, client, target, options).within("failed to create resource"));
      continue;
    }
    Result<> done = update_one(ctx, client, find_same(originals, target), target, *live, options);
    if (!done.ok()) errors.push_back(std::move(done).error());
  }
  if (!errors.empty()) return joined(errors, " && ");
  return delete_surplus(ctx, client, originals, targets, owner);
}

Result<> delete_target(const Context& ctx,
                       kube::Client& client,
                       const Target& target,
                       const Owner& owner) {
  Result<kube::Object> live = client.get(ctx, target.resource, target.key());
  if (!live.ok()) {
    if (live.error().code() == Code::NotFound) return {};
    return std::move(live).error();
  }
  if (live->annotation(kResourcePolicy) == kKeep) return {};
  if (Result<> owned = check_owner(*live, owner); !owned.ok()) {
    ctx.log().warn("object is not deleted: it belongs to someone else",
                   {{"object", target.describe()}, {"reason", owned.error()}});
    return {};
  }
  kube::DeleteOptions options;
  options.propagation = kube::Propagation::Background;
  options.uid = live->uid();
  Result<std::optional<kube::Object>> gone =
      client.remove(ctx, target.resource, target.key(), options);
  if (!gone.ok() && gone.error().code() != Code::NotFound) return std::move(gone).error();
  return {};
}

}  // namespace fleet::helm
