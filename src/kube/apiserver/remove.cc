#include "kube/apiserver/remove.h"

#include "base/strings.h"
#include "kube/apiserver/metadata.h"
#include "kube/meta/object.h"

namespace fleet::kube::apiserver {

using data::Value;
using Propagation = RemoveOptions::Propagation;

namespace {

bool is_namespace(const Served& served) {
  return served.resource.gvr.group.empty() && served.resource.gvr.resource == "namespaces";
}

Reply<Propagation> parse_propagation(std::string_view text) {
  if (text.empty()) return Propagation::Unset;
  if (text == "Background") return Propagation::Background;
  if (text == "Foreground") return Propagation::Foreground;
  if (text == "Orphan") return Propagation::Orphan;
  return Status::bad_request(cat("propagationPolicy: Unsupported value: \"",
                                 text,
                                 "\": supported values: \"Foreground\", \"Background\", "
                                 "\"Orphan\", \"nil\""));
}

// Pods that run somewhere get time to stop; everything else goes at once.
int64_t grace_of(const Served& served, const Value& object, const RemoveOptions& options) {
  if (!served.resource.gvr.group.empty() || served.resource.gvr.resource != "pods") return 0;
  const std::string phase = object.at({"status", "phase"}).to_string();
  const bool runs = !object.at({"spec", "nodeName"}).as_string().empty() && phase != "Failed" &&
                    phase != "Succeeded";
  if (!runs) return 0;
  if (options.grace_seconds) return std::max<int64_t>(*options.grace_seconds, 0);
  return object.at({"spec", "terminationGracePeriodSeconds"}).as_int(30);
}

void set_propagation_finalizers(Object& object, Propagation propagation) {
  if (propagation == Propagation::Unset) return;
  if (propagation == Propagation::Orphan) {
    object.add_finalizer(kOrphanFinalizer);
  } else {
    object.remove_finalizer(kOrphanFinalizer);
  }
  if (propagation == Propagation::Foreground) {
    object.add_finalizer(kForegroundFinalizer);
  } else {
    object.remove_finalizer(kForegroundFinalizer);
  }
}

// The object as it waits: marked once; a second deletion can only shorten the grace.
Value mark(const Call& call, const Value& old, const RemoveOptions& options) {
  Object object(old);
  set_propagation_finalizers(object, options.propagation);
  Value next = std::move(object).value();
  Value& metadata = next.edit("metadata");
  const int64_t grace = grace_of(*call.served, old, options);
  if (metadata["deletionTimestamp"].is_null()) {
    metadata.set("deletionTimestamp", format_rfc3339(call.now + std::chrono::seconds(grace)));
    metadata.set("deletionGracePeriodSeconds", grace);
    const int64_t generation = metadata["generation"].as_int();
    if (generation > 0) metadata.set("generation", generation + 1);
  } else if (grace < metadata["deletionGracePeriodSeconds"].as_int()) {
    metadata.set("deletionGracePeriodSeconds", grace);
    metadata.set("deletionTimestamp", format_rfc3339(call.now + std::chrono::seconds(grace)));
  }
  if (is_namespace(*call.served)) next.set({"status", "phase"}, "Terminating");
  return next;
}

Reply<> check_preconditions(const Call& call, const Value& object, const RemoveOptions& options) {
  const Value& metadata = object["metadata"];
  const std::string group_resource = call.served->group_resource();
  const std::string uid = metadata["uid"].to_string();
  const std::string name = metadata["name"].to_string();
  if (!options.uid.empty() && options.uid != uid) {
    return Status::conflict(group_resource,
                            name,
                            cat("Precondition failed: UID in precondition: ",
                                options.uid,
                                ", UID in object meta: ",
                                uid));
  }
  const std::string revision = metadata["resourceVersion"].to_string();
  if (!options.resource_version.empty() && options.resource_version != revision) {
    return Status::conflict(group_resource,
                            name,
                            cat("Precondition failed: ResourceVersion in precondition: ",
                                options.resource_version,
                                ", ResourceVersion in object meta: ",
                                revision));
  }
  return {};
}

}  // namespace

Reply<RemoveOptions> RemoveOptions::of(Call& call) {
  RemoveOptions options;
  Value body;
  const bool has_body = call.request.has_document() || !trim(call.request.text()).empty();
  if (has_body) body = TRY(read_body(call.request));
  const auto& query = call.query();
  const std::string policy = body["propagationPolicy"].is_string()
                                 ? body["propagationPolicy"].to_string()
                                 : std::string(query.value("propagationPolicy"));
  options.propagation = TRY(parse_propagation(policy));
  const Value& orphan = body["orphanDependents"];
  const bool orphan_set = orphan.is_bool() || query.has("orphanDependents");
  if (orphan_set && options.propagation != Propagation::Unset) {
    return Status::bad_request(
        "DeleteOptions is invalid: OrphanDependents and DeletionPropagation cannot be both set");
  }
  if (orphan_set) {
    const bool orphans =
        orphan.is_bool() ? orphan.as_bool() : query_flag(query, "orphanDependents");
    options.propagation = orphans ? Propagation::Orphan : Propagation::Background;
    options.orphan_dependents_set_false = !orphans;
  }
  if (body["gracePeriodSeconds"].is_integer()) {
    options.grace_seconds = body["gracePeriodSeconds"].as_int();
  } else if (query.has("gracePeriodSeconds")) {
    options.grace_seconds = parse_int(query.value("gracePeriodSeconds"));
  }
  options.uid = body.at({"preconditions", "uid"}).to_string();
  options.resource_version = body.at({"preconditions", "resourceVersion"}).to_string();
  for (const Value& stage : body["dryRun"].items()) {
    if (stage.as_string() == "All") call.dry_run = true;
  }
  return options;
}

bool may_go(const Served& served, const Value& object) {
  const Value& metadata = object["metadata"];
  if (!metadata["finalizers"].empty()) return false;
  if (metadata["deletionGracePeriodSeconds"].as_int() > 0) return false;
  return !is_namespace(served) || object.at({"spec", "finalizers"}).empty();
}

Reply<Removed> remove_object(Core& core, Call& call, const Key& key, const RemoveOptions& options) {
  for (int tries = 1;; ++tries) {
    const Current old = TRY(read_object(call, core, key));
    TRY(check_preconditions(call, *old.document, options));
    TRY(core.admission.admit(call, nullptr, old.document.get()));
    Value marked = mark(call, *old.document, options);
    const bool goes = may_go(*call.served, marked);
    if (call.dry_run) return Removed{goes ? *old.document : std::move(marked), goes};
    if (!goes && same_content(marked, *old.document)) return Removed{std::move(marked), false};
    auto written = goes ? store_delete(core, call, *old.document, old.entry->modified)
                        : store_update(core, call, marked, old.entry->modified);
    if (written.ok()) return Removed{std::move(written).value(), goes};
    const bool lost_race = written.error().reason == Code::Conflict;
    if (!lost_race || tries == kMaxConflictTries) return std::move(written).error();
  }
}

}  // namespace fleet::kube::apiserver
