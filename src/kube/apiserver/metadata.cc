#include "kube/apiserver/metadata.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/meta/names.h"
#include "kube/meta/object.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr size_t kMaxGeneratedBase = 58;  // of 63, as kube-apiserver's name generator

Status wrong_kind(const Call& call, const Value& object) {
  const Resource& resource = call.served->resource;
  const std::string sent = object["apiVersion"].to_string();
  const std::string kind = object["kind"].to_string();
  if (sent != resource.gvr.api_version()) {
    return Status::bad_request(cat("the API version in the data (",
                                   sent,
                                   ") does not match the expected API version (",
                                   resource.gvr.api_version(),
                                   ")"));
  }
  return Status::bad_request(cat(
      "the kind in the data (", kind, ") does not match the expected kind (", resource.kind, ")"));
}

void check_labels(const Value& labels, const std::string& field, FieldErrors& errors) {
  for (const data::Member& label : labels.members()) {
    const std::string key(label.key.view());
    for (std::string& complaint : check_label_key(key)) {
      errors.push_back(FieldError::invalid(field, key, std::move(complaint)));
    }
    for (std::string& complaint : check_label_value(label.value.as_string())) {
      errors.push_back(FieldError::invalid(field, label.value, std::move(complaint)));
    }
  }
}

void check_annotations(const Value& annotations, FieldErrors& errors) {
  size_t bytes = 0;
  for (const data::Member& annotation : annotations.members()) {
    const std::string_view key = annotation.key.view();
    bytes += key.size() + annotation.value.as_string().size();
    for (std::string& complaint : check_qualified_name(to_lower(key))) {
      errors.push_back(FieldError::invalid("metadata.annotations", key, std::move(complaint)));
    }
  }
  if (bytes > kMaxAnnotationBytes) {
    errors.push_back(FieldError::too_long("metadata.annotations", kMaxAnnotationBytes));
  }
}

void check_owners(const Value& owners, FieldErrors& errors) {
  const std::string list = "metadata.ownerReferences";
  std::string controller;
  for (size_t i = 0; i < owners.size(); ++i) {
    const Value& owner = owners[i];
    const std::string field = cat(list, "[", i, "]");
    for (const char* part : {"apiVersion", "kind", "name", "uid"}) {
      if (!owner[part].as_string().empty()) continue;
      errors.push_back(
          FieldError::invalid(cat(field, ".", part), owner[part], "must not be empty"));
    }
    if (!owner["controller"].as_bool()) continue;
    if (controller.empty()) {
      controller = owner["uid"].to_string();
      continue;
    }
    errors.push_back(
        FieldError::invalid(list, owners, "Only one reference can have Controller set to true"));
  }
}

void check_finalizers(const Value& finalizers, FieldErrors& errors) {
  for (const Value& finalizer : finalizers.items()) {
    const std::string_view name = finalizer.as_string();
    for (std::string& complaint : check_qualified_name(name)) {
      errors.push_back(FieldError::invalid("metadata.finalizers", finalizer, std::move(complaint)));
    }
  }
}

void check_names(const Served& served, const Value& object, FieldErrors& errors) {
  const Value& metadata = object["metadata"];
  const Value& name = metadata["name"];
  if (name.as_string().empty()) {
    errors.push_back(FieldError::required("metadata.name", "name or generateName is required"));
    return;
  }
  for (std::string& complaint : served.rules->check_name(name.as_string())) {
    errors.push_back(FieldError::invalid("metadata.name", name, std::move(complaint)));
  }
  if (!served.resource.namespaced) return;
  const Value& ns = metadata["namespace"];
  for (std::string& complaint : check_dns1123_label(ns.as_string())) {
    errors.push_back(FieldError::invalid("metadata.namespace", ns, std::move(complaint)));
  }
}

void check_immutable(const Value& object, const Value& old, FieldErrors& errors) {
  for (const char* field : {"name",
                            "namespace",
                            "uid",
                            "creationTimestamp",
                            "deletionTimestamp",
                            "deletionGracePeriodSeconds"}) {
    const Value& now = object["metadata"][field];
    if (now == old["metadata"][field]) continue;
    errors.push_back(FieldError::invalid(cat("metadata.", field), now, "field is immutable"));
  }
  if (old["metadata"]["deletionTimestamp"].is_null()) return;
  for (const Value& finalizer : object["metadata"]["finalizers"].items()) {
    const auto before = old["metadata"]["finalizers"].items();
    if (std::find(before.begin(), before.end(), finalizer) != before.end()) continue;
    errors.push_back(FieldError::forbidden(
        "metadata.finalizers",
        cat("no new finalizers can be added if the object is being deleted, found new finalizers "
            "[]string{",
            quote(finalizer.to_string()),
            "}")));
  }
}

bool equal_but(const Value& a, const Value& b, std::initializer_list<std::string_view> skipped) {
  auto is_skipped = [&](std::string_view key) {
    return std::find(skipped.begin(), skipped.end(), key) != skipped.end();
  };
  size_t count = 0;
  for (const data::Member& member : a.members()) {
    if (is_skipped(member.key.view())) continue;
    ++count;
    const Value* other = b.find(member.key.view());
    if (other == nullptr || !(member.value.same_node(*other) || member.value == *other)) {
      return false;
    }
  }
  for (const data::Member& member : b.members()) {
    if (!is_skipped(member.key.view())) --count;
  }
  return count == 0;
}

}  // namespace

Reply<> check_identity(const Call& call, Value& object, std::string_view name) {
  const Resource& resource = call.served->resource;
  if (!object.is_object()) {
    return Status::bad_request(
        cat("the object provided is unrecognized (must be of type ", resource.kind, ")"));
  }
  if (object["kind"].as_string().empty() && object["apiVersion"].as_string().empty()) {
    if (call.served->is_custom) {
      return Status::bad_request("Object 'Kind' is missing in the body");
    }
    object.set("kind", resource.kind);
    object.set("apiVersion", resource.gvr.api_version());
  }
  if (object["kind"].as_string() != resource.kind ||
      object["apiVersion"].as_string() != resource.gvr.api_version()) {
    return wrong_kind(call, object);
  }
  if (!object["metadata"].is_object()) object.set("metadata", Value::object());
  const std::string sent_ns = object.at({"metadata", "namespace"}).to_string();
  if (resource.namespaced) {
    if (!sent_ns.empty() && sent_ns != call.info.ns) {
      return Status::bad_request(
          cat("the namespace of the provided object does not match the "
              "namespace sent on the request"));
    }
    object.set({"metadata", "namespace"}, call.info.ns);
  } else {
    object.edit("metadata").erase("namespace");
  }
  if (name.empty()) return {};
  const std::string sent_name = object.at({"metadata", "name"}).to_string();
  if (!sent_name.empty() && sent_name != name) {
    return Status::bad_request(cat("the name of the object (",
                                   sent_name,
                                   ") does not match the name on the URL (",
                                   name,
                                   ")"));
  }
  object.set({"metadata", "name"}, name);
  return {};
}

void prepare_metadata(Core& core, const Call& call, Value& object) {
  Value& metadata = object.edit("metadata");
  for (const char* field :
       {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"}) {
    metadata.erase(field);
  }
  const std::string base = metadata["generateName"].to_string();
  if (metadata["name"].as_string().empty() && !base.empty()) {
    metadata.set("name", base.substr(0, kMaxGeneratedBase) + core.random.suffix());
  }
  metadata.set("uid", core.random.uuid());
  metadata.set("creationTimestamp", format_rfc3339(call.now));
  if (call.served->rules->counts_generations()) {
    metadata.set("generation", 1);
  } else {
    metadata.erase("generation");
  }
}

FieldErrors validate_metadata(const Served& served, const Value& object, const Value* old) {
  FieldErrors errors;
  const Value& metadata = object["metadata"];
  if (old == nullptr) {
    check_names(served, object, errors);
  } else {
    check_immutable(object, *old, errors);
  }
  check_labels(metadata["labels"], "metadata.labels", errors);
  check_annotations(metadata["annotations"], errors);
  check_owners(metadata["ownerReferences"], errors);
  check_finalizers(metadata["finalizers"], errors);
  return errors;
}

void carry_metadata(Value& object, const Value& old) {
  Value& metadata = object.edit("metadata");
  const Value& before = old["metadata"];
  for (const char* field :
       {"generation", "deletionTimestamp", "deletionGracePeriodSeconds", "creationTimestamp"}) {
    if (const Value* value = before.find(field)) {
      metadata.set(field, *value);
    } else {
      metadata.erase(field);
    }
  }
  if (metadata["uid"].as_string().empty()) metadata.set("uid", before["uid"]);
  if (metadata["generateName"].as_string().empty() && before.contains("generateName")) {
    metadata.set("generateName", before["generateName"]);
  }
  metadata.erase("selfLink");
}

bool same_content(const Value& a, const Value& b) {
  return equal_but(a, b, {"metadata"}) &&
         equal_but(a["metadata"], b["metadata"], {"resourceVersion"});
}

bool same_desired(const Value& a, const Value& b) {
  return equal_but(a, b, {"metadata", "status"});
}

}  // namespace fleet::kube::apiserver
