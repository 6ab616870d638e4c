#include "kube/merge/owners.h"

#include <utility>

#include "base/strings.h"

namespace fleet::kube {
namespace {

Result<> reconcile(Owners& owners, const Type& type) {
  for (auto& [manager, owned] : owners) {
    auto changed = TRY(reconcile_with_schema(owned.set, type));
    if (changed) owned.set = std::move(*changed);
  }
  return {};
}

struct Taken {
  Comparison comparison;
  Owners conflicts;
};

// Takes changed and removed fields from all managers but the one that writes.
Result<Taken> take_over(const data::Value& before,
                        const data::Value& after,
                        Owners& owners,
                        const std::string& manager,
                        bool force,
                        const FieldSet& ignored,
                        const Type& type) {
  Taken taken;
  auto compared = compare_typed(&before, &after, type).within("failed to compare objects");
  taken.comparison = TRY(std::move(compared)).without(ignored);
  const FieldSet touched = taken.comparison.modified.united(taken.comparison.added);
  for (const auto& [name, owned] : owners) {
    if (name == manager) continue;
    FieldSet conflict = owned.set.intersection(touched);
    if (!conflict.empty()) taken.conflicts[name] = {std::move(conflict), owned.version, false};
  }
  if (!force && !taken.conflicts.empty()) return taken;
  for (auto at = owners.begin(); at != owners.end();) {
    Owned& owned = at->second;
    if (at->first != manager) {
      if (auto found = taken.conflicts.find(at->first); found != taken.conflicts.end()) {
        owned.set = owned.set.difference(found->second.set);
      }
      owned.set = owned.set.difference(taken.comparison.removed);
    }
    at = owned.set.empty() ? owners.erase(at) : std::next(at);
  }
  taken.conflicts.clear();
  return taken;
}

// Removes what this manager applied before and nobody owns now.
Result<data::Value> prune(const data::Value& merged,
                          const Owners& owners,
                          const FieldSet& last,
                          const Type& type) {
  if (last.empty()) return merged;
  auto named = [&](const FieldSet& set) { return set.with_named_fields(*type.schema, type.root); };
  const FieldSet named_last = named(last);
  data::Value pruned = remove_items(merged, named_last, type);
  const FieldSet all = named(TRY(to_field_set(merged, type)));
  FieldSet owned;
  for (const auto& [manager, one] : owners)
    owned = owned.united(one.set);
  const FieldSet kept = named(TRY(to_field_set(pruned, type))).united(named(owned));
  pruned = remove_items(merged, all.difference(kept), type);
  // What was removed although it was not in the last set was never this manager's.
  const FieldSet left = named(TRY(to_field_set(pruned, type)));
  return remove_items(merged, all.difference(left).intersection(named_last), type);
}

}  // namespace

Result<OwnersApplied> apply_owned(const data::Value& live,
                                  const data::Value& config,
                                  const std::string& version,
                                  Owners owners,
                                  const std::string& manager,
                                  bool force,
                                  const FieldSet& ignored,
                                  const Type& type) {
  TRY(reconcile(owners, type));
  data::Value merged = TRY(merge_typed(&live, &config, type).within("failed to merge config"));
  FieldSet last;
  if (auto found = owners.find(manager); found != owners.end()) last = found->second.set;
  FieldSet set = TRY(to_field_set(config, type).within("failed to get field set"));
  owners[manager] = {set.recursive_difference(ignored), version, true};
  merged = TRY(prune(merged, owners, last, type).within("failed to prune fields"));
  OwnersApplied applied;
  Taken taken = TRY(take_over(live, merged, owners, manager, force, ignored, type));
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
                            const FieldSet& ignored,
                            const Type& type) {
  TRY(reconcile(owners, type));
  Taken taken = TRY(take_over(live, next, owners, manager, true, ignored, type));
  const Comparison& changes = taken.comparison;
  Owned& mine = owners[manager];
  mine.set = mine.set.difference(changes.removed).united(changes.modified).united(changes.added);
  mine.set = mine.set.recursive_difference(ignored);
  mine.version = version;
  mine.applied = false;
  if (mine.set.empty()) owners.erase(manager);
  return owners;
}

}  // namespace fleet::kube
