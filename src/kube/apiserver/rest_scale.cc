#include "base/strings.h"
#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"
#include "kube/apiserver/write.h"
#include "kube/meta/selector.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

// "spec.replicas" in an object.
const Value& at_path(const Value& object, std::string_view path) {
  const Value* at = &object;
  for (const std::string_view part : split(path, '.'))
    at = &(*at)[part];
  return *at;
}

void set_path(Value& object, std::string_view path, Value value) {
  Value* at = &object;
  for (const std::string_view part : split(path, '.'))
    at = &at->edit(part);
  *at = std::move(value);
}

Value scale_of(const Served& served, const Value& object) {
  const Value& metadata = object["metadata"];
  Value meta = Value::object();
  for (const char* field : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (metadata.contains(field)) meta.set(field, metadata[field]);
  }
  Value scale = Value::object({{"kind", "Scale"},
                               {"apiVersion", "autoscaling/v1"},
                               {"metadata", std::move(meta)},
                               {"spec", Value::object()},
                               {"status", Value::object()}});
  const Value& wanted = at_path(object, served.scale->spec_replicas);
  if (wanted.is_integer()) scale.set({"spec", "replicas"}, wanted);
  scale.set({"status", "replicas"}, at_path(object, served.scale->status_replicas).as_int());
  if (!served.scale->selector.empty()) {
    const Value& selector = at_path(object, served.scale->selector);
    auto parsed = LabelSelector::from_value(selector);
    const std::string text = selector.is_string() ? selector.to_string()
                             : parsed.ok()        ? parsed->str()
                                                  : std::string();
    if (!text.empty()) scale.set({"status", "selector"}, text);
  }
  return scale;
}

Reply<Value> changed_scale(const Call& call, const Value& scale) {
  const Value body = TRY(read_body(call.request));
  if (call.info.verb == "update") return body;
  const std::string_view type = media_type(call.request.headers.value("content-type"));
  if (type == "application/json-patch+json") return TRY(patch::apply_json_patch(scale, body));
  return TRY(patch::apply_merge_patch(scale, body));
}

}  // namespace

Reply<Response> rest_get_scale(Core& core, Call& call) {
  const Current current = TRY(read_object(call, core, {call.info.ns, call.info.name}));
  return respond_document(scale_of(*call.served, *current.document), call.format);
}

Reply<Response> rest_update_scale(Core& core, Call& call) {
  Value updated = TRY(update_object(
      core, call, {call.info.ns, call.info.name}, [&](const Value& current) -> Reply<Value> {
        const Value scale = TRY(changed_scale(call, scale_of(*call.served, current)));
        const Value& replicas = scale.at({"spec", "replicas"});
        if (replicas.as_int() < 0) {
          return Status::invalid(
              "autoscaling",
              "Scale",
              call.info.name,
              {FieldError::invalid(
                  "spec.replicas", replicas, "must be greater than or equal to 0")});
        }
        Value next = current;
        set_path(next, call.served->scale->spec_replicas, replicas.as_int());
        const Value& revision = scale.at({"metadata", "resourceVersion"});
        if (revision.is_string() && !revision.as_string().empty()) {
          next.set({"metadata", "resourceVersion"}, revision);
        }
        return next;
      }));
  return respond_document(scale_of(*call.served, updated), call.format);
}

}  // namespace fleet::kube::apiserver
