#include "kube/merge/owners.h"

#include <optional>
#include <utility>

#include "base/strings.h"

namespace fleet::kube {
namespace {

// What was written in a version that is no more is not tracked any longer.
bool is_missing(const Error& error) {
  return error.code() == Code::NotFound;
}

// One write: of which object, by whom, under which types.
struct Write {
  const data::Value& live;
  const std::string& version;
  const std::string& manager;
  const Ignored& ignored;
  const Versions& versions;
};

// Brings all sets into the form of today's types.
Result<> reconcile(Owners& owners, const Write& write) {
  for (auto at = owners.begin(); at != owners.end();) {
    auto type = write.versions.type(at->second.version);
    if (!type.ok() && is_missing(type.error())) {
      at = owners.erase(at);
      continue;
    }
    auto changed = TRY(reconcile_with_schema(at->second.set, TRY(std::move(type))));
    if (changed) at->second.set = std::move(*changed);
    ++at;
  }
  return {};
}

// What the write changes, seen in `version`.
Result<Comparison> changes_in(const std::string& version,
                              const data::Value& after,
                              const Write& write) {
  const Type type = TRY(write.versions.type(version));
  const bool own = version == write.version;
  const data::Value old = own ? write.live
                              : TRY(write.versions.convert(write.live, write.version, version)
                                        .within("failed to convert old object"));
  const data::Value now = own ? after
                              : TRY(write.versions.convert(after, write.version, version)
                                        .within("failed to convert new object"));
  auto compared = compare_typed(&old, &now, type).within("failed to compare objects");
  return TRY(std::move(compared)).without(write.ignored.of(version));
}

struct Taken {
  Comparison comparison;
  Owners conflicts;
};

// Takes changed and removed fields from all managers but the one that writes.
Result<Taken> take_over(const data::Value& after, Owners& owners, bool force, const Write& write) {
  Taken taken;
  std::map<std::string, Comparison> seen;
  seen[write.version] = taken.comparison = TRY(changes_in(write.version, after, write));
  for (auto at = owners.begin(); at != owners.end();) {
    const auto& [name, owned] = *at;
    if (name != write.manager && !seen.contains(owned.version)) {
      auto changes = changes_in(owned.version, after, write);
      if (!changes.ok() && is_missing(changes.error())) {
        at = owners.erase(at);
        continue;
      }
      seen[owned.version] = TRY(std::move(changes));
    }
    ++at;
  }
  for (const auto& [name, owned] : owners) {
    if (name == write.manager) continue;
    const Comparison& changes = seen[owned.version];
    FieldSet conflict = owned.set.intersection(changes.modified.united(changes.added));
    if (!conflict.empty()) taken.conflicts[name] = {std::move(conflict), owned.version, false};
  }
  if (!force && !taken.conflicts.empty()) return taken;
  for (auto at = owners.begin(); at != owners.end();) {
    Owned& owned = at->second;
    if (at->first != write.manager) {
      if (auto found = taken.conflicts.find(at->first); found != taken.conflicts.end()) {
        owned.set = owned.set.difference(found->second.set);
      }
      owned.set = owned.set.difference(seen[owned.version].removed);
    }
    at = owned.set.empty() ? owners.erase(at) : std::next(at);
  }
  taken.conflicts.clear();
  return taken;
}

// An object before and after the removal of what its manager no longer applies, in one version.
struct Pruning {
  data::Value merged;
  data::Value pruned;
  std::string version;
};

Result<FieldSet> named_fields(const data::Value& object, const Type& type) {
  return TRY(to_field_set(object, type)).with_named_fields(*type.schema, type.root);
}

// Puts back what managers own in `version`. A version that is no more has no say.
Result<> put_back_owned(Pruning& at,
                        const std::string& version,
                        const FieldSet& owned,
                        const Versions& versions) {
  auto type = versions.type(version);
  if (!type.ok() && is_missing(type.error())) return {};
  TRY(type);
  auto merged = versions.convert(at.merged, at.version, version);
  if (!merged.ok() && is_missing(merged.error())) return {};
  at.merged =
      TRY(std::move(merged).within(cat("failed to convert merged object at version ", version)));
  at.pruned = TRY(versions.convert(at.pruned, at.version, version)
                      .within(cat("failed to convert pruned object at version ", version)));
  at.version = version;
  const FieldSet all = TRY(named_fields(at.merged, *type));
  const FieldSet kept = TRY(named_fields(at.pruned, *type))
                            .united(owned.with_named_fields(*type->schema, type->root));
  at.pruned = remove_items(at.merged, all.difference(kept), *type);
  return {};
}

// Removes what this manager applied before and nobody owns now.
Result<data::Value> prune(const data::Value& merged,
                          const Owners& owners,
                          const Owned& last,
                          const Write& write) {
  if (last.set.empty()) return merged;
  auto last_type = write.versions.type(last.version);
  if (!last_type.ok() && is_missing(last_type.error())) return merged;
  const Type type = TRY(std::move(last_type));
  const data::Value before = TRY(write.versions.convert(merged, write.version, last.version)
                                     .within("failed to convert merged object to last version"));
  const FieldSet named_last = last.set.with_named_fields(*type.schema, type.root);
  Pruning at{before, remove_items(before, named_last, type), last.version};
  std::map<std::string, FieldSet> owned;
  for (const auto& [manager, one] : owners)
    owned[one.version] = owned[one.version].united(one.set);
  // The version pruned in comes first: a field that another version's form is made from may have
  // been removed and belong to somebody.
  if (auto own = owned.extract(last.version); !own.empty())
    TRY(put_back_owned(at, own.key(), own.mapped(), write.versions));
  for (const auto& [version, set] : owned)
    TRY(put_back_owned(at, version, set, write.versions));
  const data::Value left = TRY(write.versions.convert(at.pruned, at.version, last.version)
                                   .within("failed to convert pruned object to last version"));
  // What was removed although it was not in the last set was never this manager's.
  const FieldSet gone = TRY(named_fields(before, type)).difference(TRY(named_fields(left, type)));
  const data::Value pruned = remove_items(before, gone.intersection(named_last), type);
  return write.versions.convert(pruned, last.version, write.version);
}

}  // namespace

FieldSet Ignored::of(const std::string& version) const {
  auto found = by_version.find(version);
  return found == by_version.end() ? everywhere : everywhere.united(found->second);
}

Owners difference(const Owners& left, const Owners& right) {
  Owners out;
  for (const auto& [manager, owned] : left) {
    auto other = right.find(manager);
    if (other == right.end()) {
      if (!owned.set.empty()) out[manager] = owned;
      continue;
    }
    const Owned& theirs = other->second;
    if (owned.version != theirs.version) {
      out[manager] = theirs;
      continue;
    }
    FieldSet either = owned.set.difference(theirs.set).united(theirs.set.difference(owned.set));
    if (!either.empty()) out[manager] = {std::move(either), theirs.version, false};
  }
  for (const auto& [manager, owned] : right) {
    if (!left.contains(manager) && !owned.set.empty()) out[manager] = owned;
  }
  return out;
}

Result<OwnersApplied> apply_owned(const data::Value& live,
                                  const data::Value& config,
                                  const std::string& version,
                                  Owners owners,
                                  const std::string& manager,
                                  bool force,
                                  const Ignored& ignored,
                                  const Versions& versions) {
  const Write write{live, version, manager, ignored, versions};
  const Type type = TRY(versions.type(version));
  TRY(reconcile(owners, write));
  data::Value merged = TRY(merge_typed(&live, &config, type).within("failed to merge config"));
  Owned last;
  if (auto found = owners.find(manager); found != owners.end()) last = found->second;
  FieldSet set = TRY(to_field_set(config, type).within("failed to get field set"));
  owners[manager] = {set.recursive_difference(ignored.of(version)), version, true};
  merged = TRY(prune(merged, owners, last, write).within("failed to prune fields"));
  OwnersApplied applied;
  Taken taken = TRY(take_over(merged, owners, force, write));
  applied.conflicts = std::move(taken.conflicts);
  if (!applied.conflicts.empty()) return applied;
  applied.changed = live != merged;
  applied.object = std::move(merged);
  applied.owners = std::move(owners);
  return applied;
}

Result<Owners> update_owned(const data::Value& live,
                            const data::Value& next,
                            const std::string& version,
                            Owners owners,
                            const std::string& manager,
                            const Ignored& ignored,
                            const Versions& versions) {
  const Write write{live, version, manager, ignored, versions};
  TRY(reconcile(owners, write));
  Taken taken = TRY(take_over(next, owners, true, write));
  const Comparison& changes = taken.comparison;
  Owned& mine = owners[manager];
  mine.set = mine.set.difference(changes.removed).united(changes.modified).united(changes.added);
  mine.set = mine.set.recursive_difference(ignored.of(version));
  mine.version = version;
  mine.applied = false;
  if (mine.set.empty()) owners.erase(manager);
  return owners;
}

}  // namespace fleet::kube
