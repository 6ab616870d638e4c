#include "kube/apiserver/custom_rules.h"

#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/print.h"
#include "sys/guarded.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

class CustomRules final : public Rules {
 public:
  CustomRules(std::shared_ptr<const crd::Definition> definition, const crd::Version& version)
      : definition_(std::move(definition)),
        version_(version) {}

  const std::shared_ptr<const crd::Definition>& definition() const { return definition_; }
  const crd::Version& version() const { return version_; }

  Result<> read(Value& object, std::vector<std::string>& unknown) const override {
    version_.prune(object, unknown);
    return {};
  }
  void set_defaults(Value& object) const override { version_.set_defaults(object); }
  FieldErrors validate(const Value& object, const Value* old) const override {
    return version_.validate(object, old);
  }
  Complaints check_name(std::string_view name) const override {
    return check_dns1123_subdomain(name);
  }
  bool counts_generations() const override { return true; }
  bool allows_unconditional_update() const override { return false; }
  std::vector<Column> columns() const override { return version_.columns; }
  std::vector<Value> cells(const Value& object, TimePoint now) const override {
    return version_.cells(object, now);
  }
  std::optional<std::string> selectable(const Value& object,
                                        std::string_view field) const override {
    return version_.selectable(object, field);
  }
  Type merge_type() const override {
    return type_.with([&](std::optional<Type>& type) {
      if (!type) {
        type = version_.schema == nullptr || definition_->preserve_unknown_fields
                   ? deduced_type()
                   : structural_type(version_.raw_schema);
      }
      return *type;
    });
  }

 private:
  std::shared_ptr<const crd::Definition> definition_;
  const crd::Version& version_;
  mutable Guarded<std::optional<Type>> type_;  // made at first use
};

const std::vector<std::string>& all_verbs() {
  static const std::vector<std::string> kVerbs{
      "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"};
  return kVerbs;
}

}  // namespace

std::vector<ServedPtr> serve_custom(const std::shared_ptr<const crd::Definition>& definition) {
  std::vector<ServedPtr> all;
  for (const crd::Version& version : definition->versions) {
    if (!version.served) continue;
    auto served = std::make_shared<Served>();
    served->resource = definition->resource(version);
    served->list_kind = definition->list_kind;
    served->singular = definition->singular;
    served->short_names = definition->short_names;
    served->categories = definition->categories;
    served->verbs = all_verbs();
    served->has_status = version.has_status;
    if (version.scale) {
      served->scale = ScalePaths{
          version.scale->spec_replicas, version.scale->status_replicas, version.scale->selector};
    }
    served->root = cat(definition->group, "/", definition->plural, "/");
    served->is_custom = true;
    served->crd_name = definition->name;
    served->schema_tag = codec::sha256_hex(json::print(version.raw_schema, json::Keys::AsWritten));
    served->rules = std::make_shared<CustomRules>(definition, version);
    all.push_back(std::move(served));
  }
  return all;
}

CustomKind custom_kind(const Served& served) {
  if (!served.is_custom) return {};
  const auto& rules = dynamic_cast<const CustomRules&>(*served.rules);
  return {rules.definition(), &rules.version()};
}

}  // namespace fleet::kube::apiserver
