#include "controller/reconcilers/content_reconciler.h"

#include <algorithm>
#include <utility>

#include "fleet/api/labels.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

// A deployment that is replaced by the next revision's must have had time to name its Content.
constexpr Duration kGrace = std::chrono::seconds(2);

}  // namespace

void ContentReconciler::attach(kube::Controller& controller) {
  controller.watch_mapped(
      caches_.deployments,
      [](const kube::CacheEvent& event) {
        std::vector<kube::Key> keys;
        for (const kube::CachedPtr& state : {event.before, event.after}) {
          if (!state) continue;
          const std::string_view name = state->object.label(api::label::kContentName);
          if (!name.empty()) keys.push_back({"", std::string(name)});
        }
        return keys;
      },
      [](const kube::CacheEvent& event) {
        if (event.type == kube::CacheEvent::Type::Resync) return false;
        if (event.type != kube::CacheEvent::Type::Updated) return true;
        return event.before->object.label(api::label::kContentName) !=
               event.after->object.label(api::label::kContentName);
      },
      kGrace);
}

Result<kube::Requeue> ContentReconciler::reconcile(const Context& ctx, const kube::Key& key) {
  const kube::Resource resource = api::Content::kKind.resource();
  Result<kube::Object> live = client_.get(ctx, resource, key);
  if (!live.ok()) {
    if (live.error().code() == Code::NotFound) return kube::Requeue::never();
    return std::move(live).error();
  }
  kube::ListOptions which;
  which.labels = kube::LabelSelector::from_set({{std::string(api::label::kContentName), key.name}});
  kube::ObjectList users =
      TRY(kube::list_all(ctx, client_, api::BundleDeployment::kKind.resource(), which));
  const auto count = std::count_if(users.items.begin(),
                                   users.items.end(),
                                   [](const kube::Object& o) { return !o.is_being_deleted(); });
  const int64_t before = live->at({"status", "referenceCount"}).as_int();
  const bool unused = count == 0 && before > 0 &&
                      caches_.deployments.indexer().by_index(index::kByContent, key.name).empty();
  if (unused) {
    TRY(kube::delete_object(ctx, client_, resource, *live));
    return kube::Requeue::never();
  }
  data::Value status = data::Value::object();
  if (count > 0) status.set("referenceCount", static_cast<int64_t>(count));
  if (count == 0 && before > 0) return kube::Requeue::after(kGrace);
  TRY(kube::write_status(ctx, client_, resource, *live, status));
  return kube::Requeue::never();
}

}  // namespace fleet::controller
