#include "kube/apiserver/builtin_rules.h"

#include "base/strings.h"
#include "kube/builtin/kinds.h"
#include "kube/builtin/rules.h"
#include "kube/merge/schema.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

class BuiltinRules final : public Rules {
 public:
  explicit BuiltinRules(const builtin::Kind& kind)
      : kind_(kind),
        stored_(builtin::storage_kind(kind)) {}

  Result<> read(Value& object, std::vector<std::string>& unknown) const override {
    return builtin::read_strictly(kind_, object, unknown);
  }
  void set_defaults(Value& object) const override { builtin::set_defaults(kind_, object); }
  FieldErrors validate(const Value& object, const Value* old) const override {
    return builtin::validate(kind_, object, old);
  }
  Complaints check_name(std::string_view name) const override {
    return builtin::check_name(kind_, name);
  }
  bool counts_generations() const override { return builtin::counts_generations(kind_); }
  bool allows_unconditional_update() const override {
    return builtin::allows_unconditional_update(kind_);
  }
  std::vector<Column> columns() const override { return builtin::columns(kind_); }
  std::vector<Value> cells(const Value& object, TimePoint now) const override {
    return builtin::cells(kind_, object, now);
  }
  std::optional<std::string> selectable(const Value& object,
                                        std::string_view field) const override {
    return builtin::selectable(kind_, object, field);
  }
  Type merge_type() const override {
    return type_.with([&](std::optional<Type>& type) {
      if (!type) type = builtin_type(kind_.gvk()).value_or(deduced_type());
      return *type;
    });
  }

  bool stored_as_is() const override { return &stored_ == &kind_; }
  Value to_storage(Value object) const override {
    return builtin::to_storage(kind_, std::move(object));
  }
  Value from_storage(Value object) const override {
    return builtin::from_storage(kind_, std::move(object));
  }

 private:
  const builtin::Kind& kind_;
  const builtin::Kind& stored_;
  mutable Guarded<std::optional<Type>> type_;  // made at first use
};

std::vector<Subresource> more_subresources(const builtin::Kind& kind) {
  std::vector<Subresource> parts;
  for (std::string& name : builtin::words(kind.subresources)) {
    if (name == "token") {
      parts.push_back(
          {std::move(name), {"authentication.k8s.io", "v1", "TokenRequest"}, {"create"}});
    } else if (name == "eviction") {
      parts.push_back({std::move(name), {"policy", "v1", "Eviction"}, {"create"}});
    } else if (name == "finalize") {
      parts.push_back({std::move(name), kind.gvk(), {"update"}});
    }
  }
  return parts;
}

ServedPtr serve(const builtin::Kind& kind) {
  auto served = std::make_shared<Served>();
  served->resource = kind.resource();
  served->list_kind = cat(kind.kind, "List");
  served->singular = std::string(kind.singular);
  served->short_names = builtin::words(kind.short_names);
  served->categories = builtin::words(kind.categories);
  served->verbs = builtin::words(kind.verbs);
  served->has_status = kind.has_status;
  if (kind.has_scale) {
    served->scale = ScalePaths{"spec.replicas", "status.replicas", "spec.selector"};
  }
  served->more_subresources = more_subresources(kind);
  const builtin::Kind& stored = builtin::storage_kind(kind);
  served->root = cat(stored.group.empty() ? "core" : stored.group, "/", stored.plural, "/");
  served->is_virtual = kind.is_virtual;
  served->rules = std::make_shared<BuiltinRules>(kind);
  return served;
}

}  // namespace

Catalog builtin_catalog() {
  Catalog catalog;
  for (const builtin::Kind& kind : builtin::kinds())
    catalog.add(serve(kind));
  return catalog;
}

}  // namespace fleet::kube::apiserver
