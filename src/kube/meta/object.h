// Object: any API object, as the document it is, with its metadata at hand.
//
// A thin view over a data::Value: copying is O(1), unknown fields stay, nothing is converted.
// Readers of metadata never fail: what is absent, or of a wrong type, is empty.
// Lifetime: string_views are valid while the object is neither changed nor gone.
// Threads: a const Object may be read from any number of threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "data/value/value.h"
#include "kube/meta/gvk.h"
#include "kube/meta/key.h"

namespace fleet::kube {

using StringMap = std::map<std::string, std::string, std::less<>>;

struct OwnerReference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;
  bool block_owner_deletion = false;

  static OwnerReference from(const data::Value& value);
  data::Value to_value() const;  // false flags are left out

  friend bool operator==(const OwnerReference&, const OwnerReference&) = default;
};

class Object {
 public:
  Object() = default;
  explicit Object(data::Value value)
      : value_(std::move(value)) {}
  // An object with apiVersion, kind and metadata.name (and namespace, if one is given).
  static Object make(const GroupVersionKind& gvk, const Key& key);

  const data::Value& value() const& { return value_; }
  data::Value value() && { return std::move(value_); }
  data::Value& edit() { return value_; }

  const data::Value& operator[](std::string_view key) const { return value_[key]; }
  const data::Value& at(data::Path path) const { return value_.at(path); }
  void set(data::Path path, data::Value value) { value_.set(path, std::move(value)); }

  std::string_view api_version() const { return text("apiVersion"); }
  std::string_view kind() const { return text("kind"); }
  GroupVersionKind gvk() const { return GroupVersionKind::of(api_version(), kind()); }
  void set_gvk(const GroupVersionKind& gvk);

  std::string_view name() const { return meta("name"); }
  std::string_view ns() const { return meta("namespace"); }
  std::string_view generate_name() const { return meta("generateName"); }
  std::string_view uid() const { return meta("uid"); }
  std::string_view resource_version() const { return meta("resourceVersion"); }
  int64_t generation() const { return metadata()["generation"].as_int(); }
  Key key() const { return {std::string(ns()), std::string(name())}; }

  void set_name(std::string_view name) { set_meta("name", name); }
  void set_ns(std::string_view ns) { set_meta("namespace", ns); }
  void set_uid(std::string_view uid) { set_meta("uid", uid); }
  void set_resource_version(std::string_view version) { set_meta("resourceVersion", version); }
  void set_generation(int64_t generation) { value_.set({"metadata", "generation"}, generation); }

  const data::Value& metadata() const { return value_["metadata"]; }
  std::optional<TimePoint> creation_timestamp() const { return time("creationTimestamp"); }
  std::optional<TimePoint> deletion_timestamp() const { return time("deletionTimestamp"); }
  bool is_being_deleted() const { return !meta("deletionTimestamp").empty(); }

  // Empty if absent. `label` and `annotation` do not tell absent from empty: has_* do.
  std::string_view label(std::string_view key) const;
  std::string_view annotation(std::string_view key) const;
  bool has_label(std::string_view key) const;
  bool has_annotation(std::string_view key) const;
  StringMap labels() const;
  StringMap annotations() const;
  void set_label(std::string_view key, std::string_view value);
  void set_annotation(std::string_view key, std::string_view value);
  bool remove_label(std::string_view key);  // true if it was there
  bool remove_annotation(std::string_view key);
  void set_labels(const StringMap& labels);  // an empty map removes the field
  void set_annotations(const StringMap& annotations);

  std::vector<std::string> finalizers() const;
  bool has_finalizer(std::string_view name) const;
  bool add_finalizer(std::string_view name);  // true if it was not there
  bool remove_finalizer(std::string_view name);

  std::vector<OwnerReference> owner_references() const;
  std::optional<OwnerReference> controller() const;  // the owner with controller: true
  // Adds the reference, or replaces the one with the same uid.
  void add_owner(const OwnerReference& owner);

  friend bool operator==(const Object& a, const Object& b) { return a.value_ == b.value_; }

 private:
  std::string_view text(std::string_view field) const { return value_[field].as_string(); }
  std::string_view meta(std::string_view field) const { return metadata()[field].as_string(); }
  void set_meta(std::string_view field, std::string_view text);  // an empty text removes it
  std::optional<TimePoint> time(std::string_view field) const;

  data::Value value_;
};

// An object's reference to `owner` as its controller.
OwnerReference controller_reference(const Object& owner);

}  // namespace fleet::kube
