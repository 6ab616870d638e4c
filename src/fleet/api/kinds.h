// What all of Fleet's kinds are made of: metadata, selectors, free-form maps, bytes.
//
// A kind is a plain struct with one table of fields (data/fields); `decode` and `to_object` go
// between it and the document that travels. What the tables do not name is lost on the way: who
// changes an object that others write, too, patches the document instead.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/fields/fields.h"
#include "data/value/value.h"
#include "fleet/api/labels.h"
#include "kube/meta/condition.h"
#include "kube/meta/gvk.h"
#include "kube/meta/intorstring.h"
#include "kube/meta/object.h"
#include "kube/meta/selector.h"
#include "kube/meta/time.h"

namespace fleet::api {

using kube::Condition;
using kube::GoDuration;
using kube::IntOrString;
using kube::Time;
using StringMap = std::map<std::string, std::string, std::less<>>;

// What a REST path needs to know of a kind.
struct Kind {
  std::string_view kind;
  std::string_view plural;
  bool namespaced = true;

  kube::GroupVersionKind gvk() const;
  kube::Resource resource() const;
};

// metav1.LabelSelector as it is written. Empty selects everything; an absent one nothing.
struct LabelSelectorRequirement {
  std::string key;
  std::string op;  // written "operator": In, NotIn, Exists, DoesNotExist
  std::vector<std::string> values;

  static constexpr const char* kGoType = "v1.LabelSelectorRequirement";
  static data::Fields fields();
  bool operator==(const LabelSelectorRequirement&) const = default;
};

struct LabelSelector {
  StringMap match_labels;
  std::vector<LabelSelectorRequirement> match_expressions;

  static constexpr const char* kGoType = "v1.LabelSelector";
  static data::Fields fields();
  // Replaced as a whole by server-side apply.
  static data::Value schema_rules();
  // Ready for matching. Errors: Invalid, in apimachinery's words.
  Result<kube::LabelSelector> compile() const;
  bool operator==(const LabelSelector&) const = default;
};

// Selectors of several restrictions as one: labels of later ones win, expressions are united.
std::optional<LabelSelector> merge_selectors(const std::optional<LabelSelector>& a,
                                             const std::optional<LabelSelector>& b);

// []byte: base64 on the wire.
struct Bytes {
  std::string data;

  bool empty() const { return data.empty(); }
  static const data::TypeInfo& data_type();
  bool operator==(const Bytes&) const = default;
};

// A free-form object, such as Helm values. As Fleet's GenericMap: all numbers become float64 when
// read from a document, so 1.0 comes out as 1; keys are written sorted.
struct GenericMap {
  data::Value data = data::Value::object();

  static const data::TypeInfo& data_type();
  bool operator==(const GenericMap&) const = default;
};
// All numbers as float64, as after encoding/json.
data::Value with_float_numbers(const data::Value& value);

struct ObjectReference {  // metav1.OwnerReference
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  std::optional<bool> controller;
  std::optional<bool> block_owner_deletion;

  static constexpr const char* kGoType = "v1.OwnerReference";
  static data::Fields fields();
  bool operator==(const ObjectReference&) const = default;
};

struct ObjectMeta {
  std::string name;
  std::string generate_name;
  std::string namespace_;
  std::string self_link;
  std::string uid;
  std::string resource_version;
  int64_t generation = 0;
  Time creation_timestamp;
  std::optional<Time> deletion_timestamp;
  std::optional<int64_t> deletion_grace_period_seconds;
  StringMap labels;
  StringMap annotations;
  std::vector<ObjectReference> owner_references;
  std::vector<std::string> finalizers;
  std::vector<data::Value> managed_fields;

  // The label's value, or "".
  std::string_view label(std::string_view key) const;
  bool is_being_deleted() const { return deletion_timestamp.has_value(); }
  kube::Key key() const { return {namespace_, name}; }

  static constexpr const char* kGoType = "v1.ObjectMeta";
  static data::Fields fields();
  bool operator==(const ObjectMeta&) const = default;
};

// The object as one of Fleet's kinds. Errors: Invalid, with the path of what has a wrong type.
template <typename T>
Result<T> from_object(const kube::Object& object) {
  return data::decode<T>(object.value());
}

// The document of a kind: apiVersion, kind, then the table's members in their order.
data::Value with_type(const Kind& kind, data::Value encoded);
template <typename T>
data::Value to_value(const T& object) {
  return with_type(T::kKind, data::encode(object));
}
template <typename T>
kube::Object to_object(const T& object) {
  return kube::Object(to_value(object));
}

}  // namespace fleet::api
