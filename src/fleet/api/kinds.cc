#include "fleet/api/kinds.h"

#include <set>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "fleet/api/fields.h"

namespace fleet::api {

namespace {

constexpr char kOperatorType[] = "v1.LabelSelectorOperator";

Result<> decode_bytes(const data::DecodeContext& context, const data::Value& value, void* out) {
  auto& bytes = *static_cast<Bytes*>(out);
  if (value.is_null()) return {};
  if (!value.is_string()) return context.type_error(value, "[]uint8");
  bytes.data = TRY(codec::base64_decode(value.as_string()));
  return {};
}

data::Value encode_bytes(const void* in) {
  const auto& bytes = *static_cast<const Bytes*>(in);
  return codec::base64_encode(bytes.data);
}

Result<> decode_map(const data::DecodeContext& context, const data::Value& value, void* out) {
  auto& map = *static_cast<GenericMap*>(out);
  if (value.is_null()) return {};
  if (!value.is_object()) return context.type_error(value, "map[string]interface {}");
  map.data = with_float_numbers(value);
  return {};
}

data::Value encode_map(const void* in) {
  return static_cast<const GenericMap*>(in)->data.sorted();
}

}  // namespace

kube::GroupVersionKind Kind::gvk() const {
  return {std::string(kGroup), std::string(kVersion), std::string(kind)};
}

kube::Resource Kind::resource() const {
  return {{std::string(kGroup), std::string(kVersion), std::string(plural)},
          std::string(kind),
          namespaced};
}

data::Fields LabelSelectorRequirement::fields() {
  return {
      field("key", &LabelSelectorRequirement::key, "The label's key.").always().required(),
      text_named<kOperatorType>(
          field("operator", &LabelSelectorRequirement::op, "In, NotIn, Exists or DoesNotExist."))
          .always()
          .required(),
      field("values", &LabelSelectorRequirement::values, "For In and NotIn.")
          .rule("x-kubernetes-list-type", "atomic"),
  };
}

data::Fields LabelSelector::fields() {
  return {
      field("matchLabels", &LabelSelector::match_labels, "Labels that must be equal."),
      field("matchExpressions", &LabelSelector::match_expressions, "Conditions that must hold.")
          .rule("x-kubernetes-list-type", "atomic"),
  };
}

data::Value LabelSelector::schema_rules() {
  return data::Value::object({{kMapType, "atomic"}});
}

Result<kube::LabelSelector> LabelSelector::compile() const {
  return kube::LabelSelector::from_value(data::encode(*this));
}

std::optional<LabelSelector> merge_selectors(const std::optional<LabelSelector>& a,
                                             const std::optional<LabelSelector>& b) {
  if (!a || !b) return a ? a : b;
  LabelSelector out = *a;
  for (const auto& [key, value] : b->match_labels) {
    out.match_labels[key] = value;
  }
  auto key_of = [](const LabelSelectorRequirement& term) {
    return cat(term.key, "|", term.op, "|", join(term.values, ","));
  };
  std::set<std::string> seen;
  for (const auto& term : out.match_expressions) {
    seen.insert(key_of(term));
  }
  for (const auto& term : b->match_expressions) {
    if (seen.insert(key_of(term)).second) out.match_expressions.push_back(term);
  }
  return out;
}

const data::TypeInfo& Bytes::data_type() {
  static constexpr data::CustomOps kOps{
      &decode_bytes,
      &encode_bytes,
      [](const void* in) { return static_cast<const Bytes*>(in)->data.empty(); },
      [] {
        return data::Value::object({{"type", "string"}, {"format", "byte"}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "[]uint8", .custom = &kOps};
  return kInfo;
}

const data::TypeInfo& GenericMap::data_type() {
  static constexpr data::CustomOps kOps{
      &decode_map,
      &encode_map,
      [](const void* in) { return static_cast<const GenericMap*>(in)->data.empty(); },
      [] {
        return data::Value::object({{"type", "object"}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "v1alpha1.GenericMap", .custom = &kOps};
  return kInfo;
}

data::Value with_float_numbers(const data::Value& value) {
  if (value.is_object()) {
    data::Value out = data::Value::object();
    for (const data::Member& member : value.members()) {
      out.set(member.key, with_float_numbers(member.value));
    }
    return out;
  }
  if (value.is_array()) {
    data::Value out = data::Value::array();
    for (const data::Value& item : value.items()) {
      out.push_back(with_float_numbers(item));
    }
    return out;
  }
  return value.is_number() ? data::Value(value.as_double()) : value;
}

data::Fields ObjectReference::fields() {
  return {
      field("apiVersion", &ObjectReference::api_version, "Of the owner.").always(),
      field("kind", &ObjectReference::kind, "Of the owner.").always(),
      field("name", &ObjectReference::name, "Of the owner.").always(),
      field("uid", &ObjectReference::uid, "Of the owner.").always(),
      field("controller", &ObjectReference::controller, "The owner manages the object."),
      field("blockOwnerDeletion",
            &ObjectReference::block_owner_deletion,
            "The owner goes after the object."),
  };
}

data::Fields ObjectMeta::fields() {
  using T = ObjectMeta;
  return {
      field("name", &T::name),
      field("generateName", &T::generate_name),
      field("namespace", &T::namespace_),
      field("selfLink", &T::self_link),
      field("uid", &T::uid),
      field("resourceVersion", &T::resource_version),
      field("generation", &T::generation),
      field("creationTimestamp", &T::creation_timestamp).omitzero(),
      field("deletionTimestamp", &T::deletion_timestamp),
      field("deletionGracePeriodSeconds", &T::deletion_grace_period_seconds),
      field("labels", &T::labels),
      field("annotations", &T::annotations),
      field("ownerReferences", &T::owner_references),
      field("finalizers", &T::finalizers),
      field("managedFields", &T::managed_fields),
  };
}

std::string_view ObjectMeta::label(std::string_view key) const {
  auto found = labels.find(key);
  return found == labels.end() ? std::string_view{} : std::string_view(found->second);
}

data::Value with_type(const Kind& kind, data::Value encoded) {
  data::Value out = data::Value::object();
  out.set("kind", kind.kind);
  out.set("apiVersion", kApiVersion);
  for (const data::Member& member : encoded.members()) {
    out.set(member.key, member.value);
  }
  return out;
}

data::Field duration_field(data::Field field) {
  constexpr std::string_view kMessage =
      "must be a valid Go duration using units ns, us, µs, ms, s, m, h (e.g. 15s, 5m, 2h, 1h30m); "
      "units like d (days) or w (weeks) are not supported";
  constexpr std::string_view kRule =
      R"cel(self == '0' || (self.matches('^([0-9]+([.][0-9]+)?(ns|us|µs|ms|s|m|h))+$') && duration(self) <= duration('2562047h')))cel";
  return std::move(field)
      .rule("type", "string")
      .min_length(1)
      .max_length(32)
      .rule("x-kubernetes-validations",
            data::Value::array({data::Value::object({{"message", kMessage}, {"rule", kRule}})}));
}

}  // namespace fleet::api
