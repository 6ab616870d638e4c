#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"
#include "kube/apiserver/field_manager.h"
#include "kube/apiserver/metadata.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"
#include "kube/apiserver/write.h"
#include "kube/merge/strategic.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kJsonPatch = "application/json-patch+json";
constexpr std::string_view kMergePatch = "application/merge-patch+json";
constexpr std::string_view kStrategicPatch = "application/strategic-merge-patch+json";
constexpr std::string_view kApplyPatch = "application/apply-patch+yaml";
constexpr std::string_view kApplyJsonPatch = "application/apply-patch+json";
constexpr size_t kMaxJsonOperations = 10'000;

Status unsupported_patch(const Served& served) {
  return Status::unsupported_media_type(
      cat("the body of the request was in an unknown format - accepted media types include: ",
          kJsonPatch,
          ", ",
          kMergePatch,
          served.is_custom ? "" : ", ",
          served.is_custom ? std::string_view() : kStrategicPatch,
          ", ",
          kApplyPatch));
}

Status unprocessable(const Error& error) {
  Status status;
  status.reason = Code::Invalid;
  status.http = 422;
  status.message = error.message();
  return status;
}

// A patch in the JSON patch library's terms keeps numbers as they were written.
Result<Value> as_written(const Value& value) {
  return json::parse(json::print(value, json::Keys::AsWritten), {json::Numbers::AsWritten});
}

Result<Value> as_numbers(const Value& value) {
  return json::parse(json::print(value, json::Keys::AsWritten));
}

Reply<Value> apply_json(const Value& current, const Value& patch) {
  if (patch.size() > kMaxJsonOperations) {
    return Status::too_large(cat("The allowed maximum operations in a JSON patch is ",
                                 kMaxJsonOperations,
                                 ", got ",
                                 patch.size()));
  }
  auto patched = patch::apply_json_patch(TRY(as_written(current)), TRY(as_written(patch)));
  if (!patched.ok()) return unprocessable(patched.error());
  return TRY(as_numbers(*patched));
}

Reply<Value> apply_merge(const Value& current, const Value& patch) {
  if (!patch.is_object()) return Status::bad_request("a merge patch must be an object");
  return TRY(patch::apply_merge_patch(current, patch));
}

Reply<Value> apply_strategic_patch(const Call& call, const Value& current, const Value& patch) {
  const PatchSchemaRef schema = patch_schema(call.served->resource.gvk());
  // A CustomResourceDefinition has no tags: its lists are replaced.
  if (!schema) return apply_merge(current, patch);
  auto patched = apply_strategic(current, patch, *schema);
  if (patched.ok()) return std::move(patched).value();
  return unprocessable(patched.error());
}

// What a patch may not change by itself: it is still this object.
Reply<Value> checked(const Call& call, Value patched) {
  TRY(check_identity(call, patched, call.info.name));
  return patched;
}

Reply<Response> patch_stored(Core& core, Call& call, std::string_view type) {
  const Value patch = TRY(read_body(call.request));
  Value updated = TRY(update_object(
      core, call, {call.info.ns, call.info.name}, [&](const Value& current) -> Reply<Value> {
        if (type == kJsonPatch) return checked(call, TRY(apply_json(current, patch)));
        if (type == kMergePatch) return checked(call, TRY(apply_merge(current, patch)));
        return checked(call, TRY(apply_strategic_patch(call, current, patch)));
      }));
  return respond_object(call, std::move(updated));
}

Status apply_conflict(const Applied& applied) {
  Status status;
  status.reason = Code::Conflict;
  status.http = 409;
  status.message = applied.conflict_message;
  for (const FieldConflict& conflict : applied.conflicts) {
    status.causes.push_back(
        {"FieldManagerConflict", cat("conflict with ", conflict.manager), conflict.path});
  }
  return status;
}

Reply<Applied> apply_fields(const Call& call, const Value& live, const Value& config) {
  const Writer writer = TRY(writer_of(call));
  const Force force = query_flag(call.query(), "force") ? Force::Yes : Force::No;
  Applied applied = TRY(apply(live, config, writer, force, call.served->rules->merge_type()));
  if (!applied.conflicts.empty()) return apply_conflict(applied);
  return applied;
}

Reply<Response> apply_patch(Core& core, Call& call) {
  if (call.query().value("fieldManager").empty()) {
    return Status::invalid("meta.k8s.io",
                           "PatchOptions",
                           "",
                           {FieldError::required("fieldManager", "is required for apply patch")});
  }
  Value config = TRY(read_body(call.request));
  TRY(check_identity(call, config, call.info.name));
  TRY(decode_strictly(call, config));
  call.is_apply = true;
  const Key key{call.info.ns, call.info.name};
  for (int tries = 1;; ++tries) {
    auto found = read_object(call, core, key);
    if (!found.ok() && found.error().reason != Code::NotFound) return std::move(found).error();
    if (found.ok()) {
      Value updated = TRY(update_object(core, call, key, [&](const Value& current) -> Reply<Value> {
        Applied applied = TRY(apply_fields(call, current, config));
        return applied.changed ? std::move(applied.object) : current;
      }));
      return respond_object(call, std::move(updated));
    }
    if (!call.info.subresource.empty()) return std::move(found).error();
    Applied applied = TRY(apply_fields(call, Value(), config));
    auto created = create_object(core, call, std::move(applied.object));
    if (created.ok()) return respond_object(call, std::move(created).value(), 201);
    const bool lost_race = created.error().reason == Code::AlreadyExists;
    if (!lost_race || tries == kMaxConflictTries) return std::move(created).error();
  }
}

}  // namespace

Reply<Response> rest_patch(Core& core, Call& call) {
  const std::string_view type = media_type(call.request.headers.value("content-type"));
  if (type == kApplyPatch || type == kApplyJsonPatch) return apply_patch(core, call);
  const bool strategic = type == kStrategicPatch && !call.served->is_custom;
  if (type != kJsonPatch && type != kMergePatch && !strategic) {
    return unsupported_patch(*call.served);
  }
  if (query_flag(call.query(), "force")) {
    return Status::invalid("meta.k8s.io",
                           "PatchOptions",
                           "",
                           {FieldError::forbidden("force",
                                                  "may not be specified for non-apply "
                                                  "patch")});
  }
  return patch_stored(core, call, type);
}

}  // namespace fleet::kube::apiserver
