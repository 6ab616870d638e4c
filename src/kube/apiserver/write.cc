#include "kube/apiserver/write.h"

#include "base/strings.h"
#include "kube/apiserver/field_manager.h"
#include "kube/apiserver/metadata.h"
#include "kube/apiserver/remove.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr int kMaxNameTries = 8;

std::string name_of(const Value& object) {
  return object.at({"metadata", "name"}).to_string();
}

Status invalid(const Served& served, const Value& object, const FieldErrors& errors) {
  return Status::invalid(served.resource.gvr.group, served.resource.kind, name_of(object), errors);
}

// JSON nulls in metadata mean "not there", as in the Go types.
void drop_null_metadata(Value& object) {
  std::vector<std::string> nulls;
  for (const data::Member& member : object["metadata"].members()) {
    if (member.value.is_null()) nulls.emplace_back(member.key.view());
  }
  for (const std::string& field : nulls)
    object.edit("metadata").erase(field);
}

Reply<> check_all(const Served& served, const Value& object, const Value* old) {
  FieldErrors errors = validate_metadata(served, object, old);
  FieldErrors more = served.rules->validate(object, old);
  errors.insert(errors.end(), more.begin(), more.end());
  if (!errors.empty()) return invalid(served, object, errors);
  return {};
}

// The status subresource takes the status; everything else leaves it alone.
Value split_status(const Call& call, const Value& object, const Value& old) {
  if (call.info.subresource == "status") {
    Value next = old;
    if (const Value* status = object.find("status")) {
      next.set("status", *status);
    } else {
      next.erase("status");
    }
    if (const Value* managed = object["metadata"].find("managedFields")) {
      next.set({"metadata", "managedFields"}, *managed);
    }
    return next;
  }
  if (!call.served->has_status) return object;
  Value next = object;
  if (const Value* status = old.find("status")) {
    next.set("status", *status);
  } else {
    next.erase("status");
  }
  return next;
}

Reply<> check_preconditions(const Call& call, const Value& object, const Current& old) {
  const Served& served = *call.served;
  const Value& sent = object["metadata"];
  const Value& current = (*old.document)["metadata"];
  const std::string uid = sent["uid"].to_string();
  if (!uid.empty() && uid != current["uid"].as_string()) {
    return Status::conflict(served.group_resource(),
                            current["name"].as_string(),
                            cat("Precondition failed: UID in precondition: ",
                                uid,
                                ", UID in object meta: ",
                                current["uid"].to_string()));
  }
  const std::string revision = sent["resourceVersion"].to_string();
  if (revision.empty() || revision == "0") {
    if (served.rules->allows_unconditional_update()) return {};
    return invalid(
        served,
        object,
        {FieldError::invalid("metadata.resourceVersion", 0, "must be specified for an update")});
  }
  if (TRY(parse_revision(revision)) != old.entry->modified) {
    return object_modified(served, current["name"].as_string());
  }
  return {};
}

// The object that is to be stored: everything but the write itself.
Reply<Value> complete_update(Core& core, Call& call, Value object, const Current& old) {
  const Served& served = *call.served;
  const Value& before = *old.document;
  drop_null_metadata(object);
  TRY(decode_strictly(call, object));
  carry_metadata(object, before);
  object = split_status(call, object, before);
  served.rules->set_defaults(object);
  TRY(core.admission.admit(call, &object, &before));
  if (call.info.subresource != "status" && served.rules->counts_generations() &&
      !same_desired(object, before)) {
    object.set({"metadata", "generation"}, before.at({"metadata", "generation"}).as_int() + 1);
  }
  object = TRY(track_fields(call, std::move(object), &before));
  object.set({"metadata", "resourceVersion"}, std::to_string(old.entry->modified));
  TRY(check_all(served, object, &before));
  return object;
}

}  // namespace

Reply<Unknown> field_validation(const Call& call) {
  const std::string_view asked = call.query().value("fieldValidation");
  if (asked == "Ignore") return Unknown::Ignore;
  if (asked.empty() || asked == "Warn") return Unknown::Warn;
  if (asked == "Strict") return Unknown::Strict;
  return Status::bad_request(cat("fieldValidation: Unsupported value: \"",
                                 asked,
                                 "\": supported values: \"Ignore\", \"Warn\", \"Strict\""));
}

Reply<> decode_strictly(Call& call, Value& object) {
  const Unknown mode = TRY(field_validation(call));
  std::vector<std::string> unknown;
  TRY(call.served->rules->read(object, unknown));
  if (unknown.empty() || mode == Unknown::Ignore) return {};
  if (mode == Unknown::Strict) {
    const std::string& kind = call.served->resource.kind;
    return Status::bad_request(cat(kind,
                                   " in version \"",
                                   call.info.version,
                                   "\" cannot be handled as a ",
                                   kind,
                                   ": strict decoding error: ",
                                   join(unknown, ", ")));
  }
  call.warnings.insert(call.warnings.end(), unknown.begin(), unknown.end());
  return {};
}

Reply<Value> create_object(Core& core, Call& call, Value object) {
  const Served& served = *call.served;
  if (!object.at({"metadata", "resourceVersion"}).as_string().empty()) {
    return Status::bad_request("resourceVersion should not be set on objects to be created");
  }
  drop_null_metadata(object);
  TRY(decode_strictly(call, object));
  const bool generated = object.at({"metadata", "name"}).as_string().empty();
  const Value sent_metadata = object["metadata"];
  for (int tries = 1;; ++tries) {
    prepare_metadata(core, call, object);
    if (served.has_status) object.erase("status");
    served.rules->set_defaults(object);
    TRY(core.admission.admit(call, &object, nullptr));
    TRY(check_all(served, object, nullptr));
    Value tracked = TRY(track_fields(call, object, nullptr));
    if (call.dry_run) {
      const bool exists = read_object(call, core, {call.info.ns, name_of(object)}).ok();
      if (exists) return Status::already_exists(served.group_resource(), name_of(object));
      return tracked;
    }
    auto created = store_create(core, call, tracked);
    const bool collided = generated && !created.ok() &&
                          created.error().reason == Code::AlreadyExists && tries < kMaxNameTries;
    if (!collided) return created;
    object.set("metadata", sent_metadata);
  }
}

Reply<Value> update_object(Core& core, Call& call, const Key& key, const Update& update) {
  for (int tries = 1;; ++tries) {
    const Current old = TRY(read_object(call, core, key));
    Value object = TRY(update(*old.document));
    TRY(check_preconditions(call, object, old));
    object = TRY(complete_update(core, call, std::move(object), old));
    if (call.dry_run || same_content(object, *old.document)) return object;
    const bool goes =
        !object["metadata"]["deletionTimestamp"].is_null() && may_go(*call.served, object);
    auto written = goes ? store_delete(core, call, object, old.entry->modified)
                        : store_update(core, call, object, old.entry->modified);
    if (written.ok() || written.error().reason != Code::Conflict || tries == kMaxConflictTries) {
      return written;
    }
  }
}

}  // namespace fleet::kube::apiserver
