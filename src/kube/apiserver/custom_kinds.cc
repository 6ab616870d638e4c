#include "kube/apiserver/custom_kinds.h"

#include "base/strings.h"
#include "kube/apiserver/custom_rules.h"
#include "kube/apiserver/objects.h"
#include "kube/apiserver/stored.h"
#include "kube/meta/object.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

// Another CRD's kind, plural, or short name in the same group that this one would take.
std::string name_conflict(const Registry& registry, const Value& crd) {
  const auto catalog = registry.catalog();
  const std::string group = crd.at({"spec", "group"}).to_string();
  const std::string own = crd.at({"metadata", "name"}).to_string();
  const Value& names = crd.at({"spec", "names"});
  for (const ServedGroup& served_group : catalog->groups()) {
    if (served_group.name != group) continue;
    for (const std::string& version : served_group.versions) {
      for (const ServedPtr& served : catalog->resources(group, version)) {
        if (served->crd_name == own) continue;
        if (served->resource.kind == names["kind"].as_string()) return served->resource.kind;
        if (served->resource.gvr.resource == names["plural"].as_string()) {
          return served->resource.gvr.resource;
        }
      }
    }
  }
  return "";
}

}  // namespace

bool is_crd_kind(const Served& served) {
  return served.resource.gvr.group == kCrdGroup && served.resource.gvr.resource == kCrdPlural;
}

Reply<> admit_crd(const Call& call, const Registry& registry, Value& crd) {
  crd::set_crd_defaults(crd);
  const auto compiled = crd::Definition::compile(crd);
  if (!compiled.errors.empty()) {
    const Object object(crd);
    return Status::invalid(kCrdGroup, "CustomResourceDefinition", object.name(), compiled.errors);
  }
  if (crd.at({"metadata", "deletionTimestamp"}).is_null()) {
    Object object(std::move(crd));
    object.add_finalizer(kCrdFinalizer);
    crd = std::move(object).value();
  }
  crd::set_crd_status(crd, name_conflict(registry, crd), call.now);
  return {};
}

void CustomKinds::written(const Served& served, const Value& object, bool gone) {
  if (!is_crd_kind(served)) return;
  const Object crd(object);
  const auto revision = parse_uint(crd.resource_version()).value_or(0);
  if (gone) {
    generations_.with([&](auto& generations) { generations.erase(std::string(crd.name())); });
    registry_.set_custom(crd.name(), revision, {});
    return;
  }
  const bool same = generations_.with([&](const auto& generations) {
    auto known = generations.find(std::string(crd.name()));
    return known != generations.end() && known->second == crd.generation();
  });
  if (!same) serve(object, revision);
}

void CustomKinds::serve(const Value& object, store::Revision revision) {
  const Object crd(object);
  auto compiled = crd::Definition::compile(object);
  if (!compiled.errors.empty()) return;  // admission let only good ones in
  auto definition = std::make_shared<const crd::Definition>(std::move(compiled.definition));
  registry_.set_custom(crd.name(), revision, serve_custom(definition));
  generations_.with(
      [&](auto& generations) { generations[std::string(crd.name())] = crd.generation(); });
}

Result<> CustomKinds::load(const Context& ctx, store::Store& store) {
  const std::string prefix = cat(kCrdGroup, "/", kCrdPlural, "/");
  const store::Page page = TRY(store.list(ctx, {.prefix = prefix}));
  for (const store::EntryPtr& entry : page.entries) {
    serve(TRY(decode_stored("apiextensions.k8s.io/v1", "CustomResourceDefinition", *entry)),
          entry->modified);
  }
  return {};
}

}  // namespace fleet::kube::apiserver
