// Namespaces, CRDs and events on their way out.
#include "base/strings.h"
#include "kube/apiserver/custom_kinds.h"
#include "kube/apiserver/housekeeping.h"
#include "kube/meta/condition.h"

namespace fleet::kube::apiserver {

namespace {

constexpr Duration kLookAgain = std::chrono::milliseconds(100);

bool is_marked(const store::Event& event) {
  return event.after && contains(event.after->value, "\"deletionTimestamp\"");
}

// Asks for the deletion of everything below a prefix; says how much is still there.
Result<size_t> empty_out(
    const Context& ctx, Core& core, Client& client, const ServedPtr& served, std::string_view ns) {
  const store::Page page = TRY(core.store.list(ctx, {.prefix = served->prefix(ns)}));
  for (const store::EntryPtr& entry : page.entries) {
    const Object object(*core.decoded.get(*served, entry));
    if (object.is_being_deleted()) continue;
    DeleteOptions options;
    options.uid = std::string(object.uid());
    options.propagation = Propagation::Background;
    auto removed = client.remove(ctx, served->resource, object.key(), options);
    const bool gone = removed.ok() || removed.error().code() == Code::NotFound ||
                      removed.error().code() == Code::Conflict;
    if (!gone) return std::move(removed).error();
  }
  return core.store.count(ctx, served->prefix(ns));
}

class NamespaceCleaner final : public Chore {
 public:
  NamespaceCleaner(Core& core, Client& client)
      : core_(core),
        client_(client) {}

  std::string_view name() const override { return "namespaces"; }

  void see(const KeyParts& key, const store::Event& event, const Enqueue& enqueue) override {
    if (key.is("core", "namespaces") && is_marked(event)) {
      enqueue(std::string(key.name), Duration::zero());
    }
  }

  Result<std::optional<Duration>> work(const Context& ctx, const std::string& ns) override {
    const Resource namespaces = core_resource("namespaces", "Namespace", false);
    auto found = client_.get(ctx, namespaces, {"", ns});
    if (!found.ok()) {
      if (found.error().code() == Code::NotFound) return std::optional<Duration>();
      return std::move(found).error();
    }
    if (!found->is_being_deleted()) return std::optional<Duration>();
    std::vector<std::string> left;
    for (const ServedPtr& served : core_.registry.catalog()->stored()) {
      if (!served->resource.namespaced) continue;
      const size_t count = TRY(empty_out(ctx, core_, client_, served, ns));
      if (count > 0)
        left.push_back(cat(served->group_resource(), ". has ", count, " resource instances"));
    }
    if (!left.empty()) {
      TRY(tell(ctx, ns, cat("Some resources are remaining: ", join(left, ", "))));
      return std::optional<Duration>(kLookAgain);
    }
    found->set({"spec", "finalizers"}, data::Value::array());
    auto done = client_.update(ctx, namespaces, *found, {.subresource = "finalize"});
    if (!done.ok() && done.error().code() != Code::NotFound) return std::move(done).error();
    return std::optional<Duration>();
  }

 private:
  Result<> tell(const Context& ctx, const std::string& ns, const std::string& message) {
    const Resource namespaces = core_resource("namespaces", "Namespace", false);
    auto told =
        change_object(ctx,
                      client_,
                      namespaces,
                      {"", ns},
                      [&](Object& object) -> Result<bool> {
                        return set_meta_condition(
                            object.edit(),
                            {"NamespaceContentRemaining", "True", "SomeResourcesRemain", message},
                            ctx.clock().now());
                      },
                      {.subresource = "status"});
    if (told.ok() || told.error().code() == Code::NotFound) return {};
    return std::move(told).error();
  }

  Core& core_;
  Client& client_;
};

class CrdCleaner final : public Chore {
 public:
  CrdCleaner(Core& core, Client& client)
      : core_(core),
        client_(client) {}

  std::string_view name() const override { return "crds"; }

  void see(const KeyParts& key, const store::Event& event, const Enqueue& enqueue) override {
    if (key.is(kCrdGroup, kCrdPlural) && is_marked(event)) {
      enqueue(std::string(key.name), Duration::zero());
    }
  }

  Result<std::optional<Duration>> work(const Context& ctx, const std::string& crd) override {
    const Resource crds{
        {std::string(kCrdGroup), "v1", std::string(kCrdPlural)}, "CustomResourceDefinition", false};
    auto found = client_.get(ctx, crds, {"", crd});
    if (!found.ok()) {
      if (found.error().code() == Code::NotFound) return std::optional<Duration>();
      return std::move(found).error();
    }
    if (!found->is_being_deleted()) return std::optional<Duration>();
    const auto names = cut(crd, ".");
    if (names) {
      ServedPtr served = core_.registry.catalog()->find_any(names->after, names->before);
      if (served && TRY(empty_out(ctx, core_, client_, served, "")) > 0) {
        return std::optional<Duration>(kLookAgain);
      }
    }
    auto released =
        change_object(ctx, client_, crds, {"", crd}, [](Object& object) -> Result<bool> {
          return object.remove_finalizer(kCrdFinalizer);
        });
    if (!released.ok() && released.error().code() != Code::NotFound) {
      return std::move(released).error();
    }
    return std::optional<Duration>();
  }

 private:
  Core& core_;
  Client& client_;
};

class EventExpiry final : public Chore {
 public:
  EventExpiry(Core& core, Client& client, Duration ttl)
      : core_(core),
        client_(client),
        ttl_(ttl) {}

  std::string_view name() const override { return "events"; }

  void see(const KeyParts& key, const store::Event& event, const Enqueue& enqueue) override {
    if (!key.is("core", "events") || !event.after || event.before) return;
    enqueue(event.after->key, ttl_);
  }

  Result<std::optional<Duration>> work(const Context& ctx, const std::string& key) override {
    store::EntryPtr entry = TRY(core_.store.get(ctx, key));
    ServedPtr events = core_.registry.catalog()->find("", "v1", "events");
    if (!entry || !events) return std::optional<Duration>();
    const Object object(*core_.decoded.get(*events, entry));
    const Duration age = ctx.clock().now() - last_seen(object);
    if (age < ttl_) return std::optional<Duration>(ttl_ - age);
    DeleteOptions options;
    options.uid = std::string(object.uid());
    auto removed = client_.remove(ctx, events->resource, object.key(), options);
    if (!removed.ok() && removed.error().code() != Code::NotFound) {
      return std::move(removed).error();
    }
    return std::optional<Duration>();
  }

 private:
  static TimePoint last_seen(const Object& object) {
    TimePoint last = object.creation_timestamp().value_or(TimePoint());
    for (const data::Value* text : {&object["lastTimestamp"],
                                    &object["eventTime"],
                                    &object.at({"series", "lastObservedTime"})}) {
      if (auto time = parse_rfc3339(text->as_string())) last = std::max(last, *time);
    }
    return last;
  }

  Core& core_;
  Client& client_;
  Duration ttl_;
};

}  // namespace

Resource core_resource(std::string_view plural, std::string_view kind, bool namespaced) {
  return {{"", "v1", std::string(plural)}, std::string(kind), namespaced};
}

std::unique_ptr<Chore> make_namespace_cleaner(Core& core, Client& client) {
  return std::make_unique<NamespaceCleaner>(core, client);
}

std::unique_ptr<Chore> make_crd_cleaner(Core& core, Client& client) {
  return std::make_unique<CrdCleaner>(core, client);
}

std::unique_ptr<Chore> make_event_expiry(Core& core, Client& client, Duration ttl) {
  return std::make_unique<EventExpiry>(core, client, ttl);
}

}  // namespace fleet::kube::apiserver
