#include "kube/apiserver/collector.h"

#include <map>
#include <set>

#include "base/strings.h"
#include "kube/apiserver/remove.h"
#include "kube/meta/object.h"

namespace fleet::kube::apiserver {

namespace {

constexpr Duration kSecondLook = std::chrono::milliseconds(100);
constexpr Duration kWaitForDependents = std::chrono::milliseconds(500);

// Who depends on whom, by what the store says. Keys are the store's.
struct Graph {
  std::map<std::string, std::set<std::string>, std::less<>> dependents;    // by owner's uid
  std::map<std::string, std::vector<std::string>, std::less<>> owners_of;  // uids, by key
  std::map<std::string, std::string, std::less<>> waiting;  // keys of owners that wait, by uid
  std::set<std::string> suspects;                           // owners were absent at the first look

  void forget(const std::string& key) {
    auto known = owners_of.find(key);
    if (known == owners_of.end()) return;
    for (const std::string& uid : known->second) {
      auto row = dependents.find(uid);
      if (row == dependents.end()) continue;
      row->second.erase(key);
      if (row->second.empty()) dependents.erase(row);
    }
    owners_of.erase(known);
  }

  std::vector<std::string> dependents_of(std::string_view uid) const {
    auto row = dependents.find(uid);
    if (row == dependents.end()) return {};
    return {row->second.begin(), row->second.end()};
  }
};

enum class OwnerState { Solid, Absent, Waiting };

class Collector final : public Chore {
 public:
  Collector(Core& core, Client& client)
      : core_(core),
        client_(client) {}

  std::string_view name() const override { return "collector"; }
  void see(const KeyParts& parts, const store::Event& event, const Enqueue& enqueue) override;
  Result<std::optional<Duration>> work(const Context& ctx, const std::string& key) override;

 private:
  struct Live {
    ServedPtr served;
    Object object;
  };

  ServedPtr served_of(const KeyParts& parts) const;
  Result<std::optional<Live>> read(const Context& ctx, const std::string& key) const;
  Result<OwnerState> owner_state(const Context& ctx,
                                 const Live& dependent,
                                 const OwnerReference& owner) const;
  Result<std::optional<Duration>> orphan(const Context& ctx, const Live& owner);
  Result<std::optional<Duration>> finish_foreground(const Context& ctx, const Live& owner);
  Result<std::optional<Duration>> judge(const Context& ctx,
                                        const std::string& key,
                                        const Live& live);
  Result<> remove(const Context& ctx, const Live& live, Propagation propagation);
  Result<> drop_owners(const Context& ctx, const Live& live, const std::set<std::string>& uids);
  Result<> drop_finalizer(const Context& ctx, const Live& live, std::string_view finalizer);

  Core& core_;
  Client& client_;
  Guarded<Graph> graph_;
};

ServedPtr Collector::served_of(const KeyParts& parts) const {
  const std::string_view group = parts.group == "core" ? std::string_view() : parts.group;
  return core_.registry.catalog()->find_any(group, parts.plural);
}

void Collector::see(const KeyParts& parts, const store::Event& event, const Enqueue& enqueue) {
  const std::string& key = event.key();
  const store::Entry* after = event.after.get();
  const bool owned = after != nullptr && contains(after->value, "\"ownerReferences\"");
  const bool holds = after != nullptr && contains(after->value, "\"deletionTimestamp\"") &&
                     (contains(after->value, kForegroundFinalizer) ||
                      contains(after->value, cat('"', kOrphanFinalizer, '"')));
  const bool known = graph_.with([&](const Graph& graph) { return graph.owners_of.contains(key); });
  const bool others_depend =
      graph_.with([](const Graph& graph) { return !graph.dependents.empty(); });
  if (!owned && !holds && !known && !(after == nullptr && others_depend)) return;
  ServedPtr served = served_of(parts);
  if (!served) return;
  const Object object(*core_.decoded.get(*served, event.after ? event.after : event.before));
  const std::string uid(object.uid());
  std::vector<std::string> due;
  graph_.with([&](Graph& graph) {
    std::vector<std::string> owners_before;
    if (known) owners_before = graph.owners_of[key];
    graph.forget(key);
    for (const std::string& owner : owners_before) {
      auto waiting = graph.waiting.find(owner);
      if (waiting != graph.waiting.end()) due.push_back(waiting->second);
    }
    if (owned) {
      for (const OwnerReference& owner : object.owner_references()) {
        graph.dependents[owner.uid].insert(key);
        graph.owners_of[key].push_back(owner.uid);
      }
      due.push_back(key);
    }
    if (holds) {
      graph.waiting[uid] = key;
      due.push_back(key);
    }
    if (after == nullptr) graph.waiting.erase(uid);
    if (after == nullptr || holds) {
      for (std::string& dependent : graph.dependents_of(uid))
        due.push_back(std::move(dependent));
    }
  });
  for (std::string& subject : due)
    enqueue(std::move(subject), Duration::zero());
}

Result<std::optional<Collector::Live>> Collector::read(const Context& ctx,
                                                       const std::string& key) const {
  ServedPtr served = served_of(parse_key(key));
  store::EntryPtr entry = TRY(core_.store.get(ctx, key));
  if (!entry || !served) return std::optional<Live>();
  return std::optional<Live>(Live{served, Object(*core_.decoded.get(*served, entry))});
}

Result<OwnerState> Collector::owner_state(const Context& ctx,
                                          const Live& dependent,
                                          const OwnerReference& owner) const {
  const GroupVersionKind gvk = GroupVersionKind::of(owner.api_version, owner.kind);
  ServedPtr served = core_.registry.catalog()->find_kind(gvk.group, gvk.version, gvk.kind);
  if (!served) return OwnerState::Solid;  // nobody can say now
  std::string ns;
  if (served->resource.namespaced) {
    ns = std::string(dependent.object.ns());
    // A cluster-scoped object cannot be owned from within a namespace: such a reference is void.
    if (ns.empty()) return OwnerState::Solid;
  }
  store::EntryPtr entry = TRY(core_.store.get(ctx, served->key(ns, owner.name)));
  if (!entry) return OwnerState::Absent;
  const Object object(*core_.decoded.get(*served, entry));
  if (object.uid() != owner.uid) return OwnerState::Absent;
  const bool waits = object.is_being_deleted() && object.has_finalizer(kForegroundFinalizer);
  return waits ? OwnerState::Waiting : OwnerState::Solid;
}

Result<> Collector::remove(const Context& ctx, const Live& live, Propagation propagation) {
  DeleteOptions options;
  options.propagation = propagation;
  options.uid = std::string(live.object.uid());
  options.resource_version = std::string(live.object.resource_version());
  auto removed = client_.remove(ctx, live.served->resource, live.object.key(), options);
  if (removed.ok() || removed.error().code() == Code::NotFound) return {};
  return std::move(removed).error();
}

Result<> Collector::drop_owners(const Context& ctx,
                                const Live& live,
                                const std::set<std::string>& uids) {
  auto changed = change_object(
      ctx, client_, live.served->resource, live.object.key(), [&](Object& object) -> Result<bool> {
        data::Value kept = data::Value::array();
        const data::Value owners = object.at({"metadata", "ownerReferences"});
        for (const data::Value& owner : owners.items()) {
          if (!uids.contains(owner["uid"].to_string())) kept.push_back(owner);
        }
        if (kept.size() == owners.size()) return false;
        object.set({"metadata", "ownerReferences"}, std::move(kept));
        return true;
      });
  if (changed.ok() || changed.error().code() == Code::NotFound) return {};
  return std::move(changed).error();
}

Result<> Collector::drop_finalizer(const Context& ctx,
                                   const Live& live,
                                   std::string_view finalizer) {
  auto changed = change_object(
      ctx, client_, live.served->resource, live.object.key(), [&](Object& object) -> Result<bool> {
        return object.uid() == live.object.uid() && object.remove_finalizer(finalizer);
      });
  if (changed.ok() || changed.error().code() == Code::NotFound) return {};
  return std::move(changed).error();
}

Result<std::optional<Duration>> Collector::orphan(const Context& ctx, const Live& owner) {
  const std::string uid(owner.object.uid());
  const auto dependents = graph_.with([&](const Graph& graph) { return graph.dependents_of(uid); });
  for (const std::string& key : dependents) {
    const auto live = TRY(read(ctx, key));
    if (live) TRY(drop_owners(ctx, *live, {uid}));
  }
  TRY(drop_finalizer(ctx, owner, kOrphanFinalizer));
  return std::optional<Duration>();
}

Result<std::optional<Duration>> Collector::finish_foreground(const Context& ctx,
                                                             const Live& owner) {
  const std::string uid(owner.object.uid());
  const auto dependents = graph_.with([&](const Graph& graph) { return graph.dependents_of(uid); });
  for (const std::string& key : dependents) {
    const auto live = TRY(read(ctx, key));
    if (!live) continue;
    for (const OwnerReference& reference : live->object.owner_references()) {
      // They are in line themselves; their going puts this owner in line again.
      if (reference.uid == uid && reference.block_owner_deletion) {
        return std::optional<Duration>(kWaitForDependents);
      }
    }
  }
  TRY(drop_finalizer(ctx, owner, kForegroundFinalizer));
  return std::optional<Duration>();
}

// An object that has owners: does it still have one?
Result<std::optional<Duration>> Collector::judge(const Context& ctx,
                                                 const std::string& key,
                                                 const Live& live) {
  std::set<std::string> absent;
  std::set<std::string> waiting;
  size_t solid = 0;
  for (const OwnerReference& owner : live.object.owner_references()) {
    const OwnerState state = TRY(owner_state(ctx, live, owner));
    if (state == OwnerState::Absent) absent.insert(owner.uid);
    if (state == OwnerState::Waiting) waiting.insert(owner.uid);
    if (state == OwnerState::Solid) ++solid;
  }
  const bool second_look = graph_.with([&](Graph& graph) {
    if (absent.empty()) {
      graph.suspects.erase(key);
      return true;
    }
    return !graph.suspects.insert(key).second;
  });
  if (absent.empty() && waiting.empty()) return std::optional<Duration>();
  if (!second_look) return std::optional<Duration>(kSecondLook);
  graph_.with([&](Graph& graph) { graph.suspects.erase(key); });
  if (solid > 0) {
    absent.insert(waiting.begin(), waiting.end());
    TRY(drop_owners(ctx, live, absent));
    return std::optional<Duration>();
  }
  const bool has_dependents =
      graph_.with([&](const Graph& graph) { return graph.dependents.contains(live.object.uid()); });
  TRY(remove(
      ctx,
      live,
      !waiting.empty() && has_dependents ? Propagation::Foreground : Propagation::Background));
  return std::optional<Duration>();
}

Result<std::optional<Duration>> Collector::work(const Context& ctx, const std::string& key) {
  const auto live = TRY(read(ctx, key));
  if (!live) return std::optional<Duration>();
  if (live->object.is_being_deleted()) {
    if (live->object.has_finalizer(kOrphanFinalizer)) return orphan(ctx, *live);
    if (live->object.has_finalizer(kForegroundFinalizer)) return finish_foreground(ctx, *live);
    return std::optional<Duration>();
  }
  if (live->object.owner_references().empty()) return std::optional<Duration>();
  return judge(ctx, key, *live);
}

}  // namespace

std::unique_ptr<Chore> make_collector(Core& core, Client& client) {
  return std::make_unique<Collector>(core, client);
}

}  // namespace fleet::kube::apiserver
