#include "kube/merge/apply.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/merge/managed_fields.h"
#include "kube/merge/owners.h"
#include "kube/merge/typed.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kBeforeFirstApply = "before-first-apply";
constexpr std::string_view kAncientChanges = "ancient-changes";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr const char* kUntrackedMetadata[] = {"creationTimestamp",
                                              "selfLink",
                                              "uid",
                                              "clusterName",
                                              "generation",
                                              "managedFields",
                                              "resourceVersion"};

// The object as ownership sees it: what the server itself writes is left out.
data::Value tracked(const data::Value& object) {
  if (!object.is_object()) return data::Value::object();
  data::Value out = object;
  if (object["metadata"].is_object()) {
    data::Value& metadata = out.edit("metadata");
    for (const char* name : kUntrackedMetadata) {
      if (metadata.contains(name)) metadata.erase(name);
    }
  }
  return out;
}

// Places which no manager ever owns.
FieldSet ignored_fields(const Writer& writer) {
  auto field = [](std::string_view name) { return PathElement::field(name); };
  FieldSet set = FieldSet::of({{field("apiVersion")}, {field("kind")}});
  // "metadata" itself, but not what lies in it.
  for (const char* name : {"name", "namespace"})
    set.insert({field("metadata"), field(name)});
  for (const char* name : kUntrackedMetadata)
    set.insert({field("metadata"), field(name)});
  for (const std::string& path : writer.reset_fields) {
    FieldPath at;
    for (std::string_view part : split(path, '.')) {
      if (!part.empty()) at.push_back(field(part));
    }
    set.insert(at);
  }
  return set;
}

// The entries of an object, and the way between them and owners.
class Entries {
 public:
  static Result<Entries> read(const data::Value& object) {
    Entries entries;
    const data::Value& list = object.at({"metadata", "managedFields"});
    for (ManagedEntry& entry : TRY(read_managed_fields(list))) {
      std::string id = entry.identity();
      entries.by_id_[id] = std::move(entry);
    }
    return entries;
  }

  bool empty() const { return by_id_.empty(); }

  Owners owners() const {
    Owners owners;
    for (const auto& [id, entry] : by_id_) {
      owners[id] = {entry.fields, entry.api_version, entry.operation == Operation::Apply};
    }
    return owners;
  }

  // An entry to be the template of what `writer` owns.
  std::string add(const Writer& writer, Operation operation) {
    ManagedEntry entry;
    entry.manager = writer.manager;
    entry.operation = operation;
    entry.api_version = writer.api_version;
    entry.subresource = writer.subresource;
    std::string id = entry.identity();
    auto [at, fresh] = by_id_.try_emplace(id, entry);
    if (!fresh) at->second.api_version = writer.api_version;
    return id;
  }

  ManagedEntry& at(const std::string& id) { return by_id_[id]; }

  void take(const Owners& owners) {
    static const FieldSet kMetadataItself = FieldSet::of({{PathElement::field("metadata")}});
    for (auto at = by_id_.begin(); at != by_id_.end();) {
      auto found = owners.find(at->first);
      if (found == owners.end() || found->second.set.empty()) {
        at = by_id_.erase(at);
        continue;
      }
      at->second.fields = found->second.set.difference(kMetadataItself);
      at->second.api_version = found->second.version;
      at = at->second.fields.empty() ? by_id_.erase(at) : std::next(at);
    }
  }

  // Keeps at most kMaxUpdateManagers update entries: the oldest become one entry a version.
  void cap() {
    std::vector<std::string> updates;
    for (const auto& [id, entry] : by_id_) {
      if (entry.operation == Operation::Update && entry.subresource.empty()) updates.push_back(id);
    }
    if (updates.size() <= kMaxUpdateManagers) return;
    std::ranges::stable_sort(updates, {}, [this](const std::string& id) {
      return std::pair(by_id_[id].time.value_or(TimePoint::min()), by_id_[id].manager);
    });
    size_t count = updates.size();
    std::map<std::string, ManagedEntry> buckets;
    for (const std::string& id : updates) {
      if (count <= kMaxUpdateManagers) break;
      ManagedEntry old = std::move(by_id_[id]);
      by_id_.erase(id);
      auto [bucket, fresh] = buckets.try_emplace(old.api_version, old);
      if (fresh) {
        bucket->second.manager = kAncientChanges;
        continue;
      }
      bucket->second.fields = bucket->second.fields.united(old.fields);
      bucket->second.time = old.time;
      count--;
    }
    for (auto& [version, bucket] : buckets) {
      std::string id = bucket.identity();
      auto [at, fresh] = by_id_.try_emplace(id, bucket);
      if (!fresh) at->second.fields = at->second.fields.united(bucket.fields);
    }
  }

  data::Value list() const {
    std::vector<ManagedEntry> entries;
    for (const auto& [id, entry] : by_id_)
      entries.push_back(entry);
    return write_managed_fields(std::move(entries));
  }

  bool same_as(const Entries& other) const { return list() == other.list(); }

 private:
  std::map<std::string, ManagedEntry> by_id_;
};

void put_entries(data::Value& object, const Entries& entries) {
  if (entries.empty()) {
    if (object["metadata"].is_object()) object.edit("metadata").erase("managedFields");
    return;
  }
  object.set({"metadata", "managedFields"}, entries.list());
}

std::string manager_text(const ManagedEntry& entry) {
  std::string text = quote(entry.manager);
  if (!entry.subresource.empty()) text += cat(" with subresource ", quote(entry.subresource));
  if (entry.operation == Operation::Update) {
    text += cat(" using ", entry.api_version);
    if (entry.time) text += cat(" at ", format_rfc3339(*entry.time));
  }
  return text;
}

void describe_conflicts(const Owners& conflicts, Entries& entries, Applied& applied) {
  std::map<std::string, std::set<std::string>> by_manager;
  for (const auto& [id, owned] : conflicts) {
    std::string manager = manager_text(entries.at(id));
    owned.set.each([&](const FieldPath& path) {
      applied.conflicts.push_back({manager, path_text(path)});
      by_manager[manager].insert(path_text(path));
    });
  }
  std::ranges::stable_sort(applied.conflicts, [](const FieldConflict& a, const FieldConflict& b) {
    return std::tie(a.manager, a.path) < std::tie(b.manager, b.path);
  });
  std::vector<std::string> lines;
  size_t count = applied.conflicts.size();
  if (count == 1) {
    const FieldConflict& only = applied.conflicts[0];
    applied.conflict_message =
        cat("Apply failed with 1 conflict: conflict with ", only.manager, ": ", only.path);
    return;
  }
  for (const auto& [manager, paths] : by_manager) {
    lines.push_back(cat("conflicts with ", manager, ":"));
    for (const std::string& path : paths)
      lines.push_back(cat("- ", path));
  }
  applied.conflict_message = cat("Apply failed with ", count, " conflicts: ", join(lines, "\n"));
}

// kubectl's own way of applying wrote down what it set: those fields are its to take.
bool taken_from_last_applied(const Owners& conflicts,
                             const data::Value& live,
                             const Writer& writer,
                             const Type& type) {
  const data::Value& annotation = live.at({"metadata", "annotations", kLastApplied});
  if (writer.manager != "kubectl" || !annotation.is_string()) return false;
  auto last = json::parse(annotation.as_string());
  if (!last.ok() || !last->is_object()) return false;
  auto fields = to_field_set(tracked(*last), type);
  if (!fields.ok()) return false;
  const data::Value was = tracked(*last);
  const data::Value is = tracked(live);
  auto changes = compare_typed(&was, &is, type);
  if (!changes.ok()) return false;
  const FieldSet safe = fields->difference(changes->modified);
  return std::ranges::all_of(conflicts, [&](const auto& conflict) {
    return conflict.second.set.difference(safe).empty();
  });
}

// The config must be of the request's version and may not speak of ownership or another object.
Result<> check_config(const data::Value& live, const data::Value& config, const Writer& writer) {
  if (config["apiVersion"].as_string() != writer.api_version) {
    return Error(Code::BadRequest,
                 cat("Incorrect version specified in apply patch. Specified patch version: ",
                     config["apiVersion"].as_string(),
                     ", expected: ",
                     writer.api_version));
  }
  if (const data::Value* list = config["metadata"].find("managedFields");
      list != nullptr && !list->is_null()) {
    return Error(Code::BadRequest, "metadata.managedFields must be nil");
  }
  const data::Value& version = config.at({"metadata", "resourceVersion"});
  if (!version.is_null() && live.is_object() &&
      version != live.at({"metadata", "resourceVersion"})) {
    return Error(Code::Conflict,
                 "the object has been modified; please apply your changes to the latest version "
                 "and try again");
  }
  return {};
}

// Puts back what is not tracked: uid, resourceVersion and the like come from the live object.
void restore_untracked(data::Value& object, const data::Value& live) {
  for (const char* name : kUntrackedMetadata) {
    if (const data::Value* value = live["metadata"].find(name))
      object.set({"metadata", name}, *value);
  }
}

}  // namespace

Result<Applied> apply(const data::Value& live,
                      const data::Value& config,
                      const Writer& writer,
                      Force force,
                      const Versions& versions) {
  const Type type = TRY(versions.type(writer.api_version));
  TRY(check_config(live, config, writer));
  Entries entries = TRY(Entries::read(live));
  const Entries before = entries;
  const data::Value live_tracked = tracked(live);
  const data::Value config_tracked = tracked(config);
  TRY(validate(config_tracked, type, DuplicateItems::Refused));
  const Ignored ignored{.everywhere = ignored_fields(writer), .by_version = {}};
  if (entries.empty() && live.is_object()) {
    // The first apply to an untracked object: all that is there belongs to who was before.
    Writer earlier{.manager = std::string(kBeforeFirstApply),
                   .api_version = live["apiVersion"].to_string(),
                   .subresource = "",
                   .now = writer.now,
                   .reset_fields = {}};
    std::string id = entries.add(earlier, Operation::Update);
    entries.at(id).time = writer.now;
    entries.take(TRY(update_owned(
        data::Value::object(), live_tracked, earlier.api_version, {}, id, ignored, versions)));
  }
  Owners owners = entries.owners();
  const std::string id = entries.add(writer, Operation::Apply);
  auto run = [&](bool forced) {
    return apply_owned(
        live_tracked, config_tracked, writer.api_version, owners, id, forced, ignored, versions);
  };
  OwnersApplied result = TRY(run(force == Force::Yes));
  Applied applied;
  if (!result.conflicts.empty()) {
    if (!taken_from_last_applied(result.conflicts, live, writer, type)) {
      describe_conflicts(result.conflicts, entries, applied);
      return applied;
    }
    result = TRY(run(true));
  }
  entries.take(result.owners);
  const bool fields_changed = !entries.same_as(before);
  applied.changed = result.changed || fields_changed || !live.is_object();
  if (!applied.changed) {
    applied.object = live;
    return applied;
  }
  applied.object = std::move(result.object);
  restore_untracked(applied.object, live);
  if (result.owners.contains(id)) {
    auto& mine = entries.at(id);
    if (!mine.fields.empty()) mine.time = writer.now;
  }
  put_entries(applied.object, entries);
  return applied;
}

data::Value track_update(const data::Value& live,
                         const data::Value& next,
                         const Writer& writer,
                         const Versions& versions) {
  data::Value out = next;
  const data::Value& sent = next.at({"metadata", "managedFields"});
  const bool reset = sent.is_array() &&
                     (sent.empty() || (sent.size() == 1 && sent[0].is_object() && sent[0].empty()));
  if (reset) {
    out.edit("metadata").erase("managedFields");
    return out;
  }
  // The client's list counts when it can be read; otherwise the stored one.
  auto entries = sent.is_array() ? Entries::read(next) : Entries::read(live);
  if (!entries.ok()) entries = Entries::read(live);
  if (!entries.ok()) entries = Entries();
  if (entries->empty() && live.is_object()) {
    if (out["metadata"].is_object()) out.edit("metadata").erase("managedFields");
    return out;
  }
  const Ignored ignored{.everywhere = ignored_fields(writer), .by_version = {}};
  const Entries before = *entries;
  Owners owners = entries->owners();
  const std::string id = entries->add(writer, Operation::Update);
  auto changed =
      update_owned(tracked(live), tracked(next), writer.api_version, owners, id, ignored, versions);
  if (!changed.ok()) {
    put_entries(out, before);
    return out;
  }
  entries->take(*changed);
  if (!entries->same_as(before) && changed->contains(id)) {
    ManagedEntry& mine = entries->at(id);
    if (!mine.fields.empty()) mine.time = writer.now;
  }
  entries->cap();
  put_entries(out, *entries);
  return out;
}

Result<Applied> apply(const data::Value& live,
                      const data::Value& config,
                      const Writer& writer,
                      Force force,
                      const Type& type) {
  return apply(live, config, writer, force, OneForm(type));
}

data::Value track_update(const data::Value& live,
                         const data::Value& next,
                         const Writer& writer,
                         const Type& type) {
  return track_update(live, next, writer, OneForm(type));
}

}  // namespace fleet::kube
