#include "agent/monitor.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/strings.h"
#include "fleet/api/labels.h"
#include "fleet/deploy/object_set.h"
#include "fleet/monitor/compare.h"
#include "fleet/summary/summarize.h"
#include "helm/release/storage.h"
#include "kube/health/summary.h"
#include "kube/meta/condition.h"

namespace fleet::agent {
namespace {

using data::Value;
using kube::Object;

constexpr size_t kMaxDetails = 10;

// Group, kind, namespace and name: versions do not make another object.
using Name = std::tuple<std::string, std::string, std::string, std::string>;

Name name_of(const kube::Resource& resource, const Object& object) {
  return {resource.gvr.group, resource.kind, std::string(object.ns()), std::string(object.name())};
}

// Conditions that the bundle says do not matter are taken out before the object is judged.
Value without_ignored(const Value& object, const std::optional<api::IgnoreOptions>& ignore) {
  if (!ignore || ignore->conditions.empty()) return object;
  Value kept = Value::array();
  for (const Value& condition : object.at({"status", "conditions"}).items()) {
    const bool drop =
        std::any_of(ignore->conditions.begin(), ignore->conditions.end(), [&](const auto& wanted) {
          return std::all_of(wanted.begin(), wanted.end(), [&](const auto& pair) {
            return condition[pair.first].as_string() == pair.second;
          });
        });
    if (!drop) kept.push_back(condition);
  }
  Value out = object;
  if (!out.at({"status", "conditions"}).is_null())
    out.set({"status", "conditions"}, std::move(kept));
  return out;
}

api::NonReadyStatus non_ready(const Object& object, const kube::Summary& summary) {
  api::NonReadyStatus out;
  out.uid = object.uid();
  out.kind = object.kind();
  out.api_version = object.api_version();
  out.namespace_ = object.ns();
  out.name = object.name();
  out.summary.state = summary.state;
  out.summary.error = summary.error;
  out.summary.transitioning = summary.transitioning;
  out.summary.message = summary.messages;
  return out;
}

api::BundleDeploymentResource resource_of(const Object& object) {
  api::BundleDeploymentResource out;
  out.kind = object.kind();
  out.api_version = object.api_version();
  out.namespace_ = object.ns();
  out.name = object.name();
  if (auto made = object.creation_timestamp()) out.created_at = api::Time::of(*made);
  return out;
}

std::string count_key(std::string_view kind, std::string_view ns, std::string_view name) {
  return cat(kind, " ", ns, "/", name);
}

// Each object counts once: as modified, else as not ready, else as ready. `live` are all of them.
api::ResourceCounts count(std::set<std::string> live,
                          const std::vector<api::ModifiedStatus>& modified,
                          const std::vector<api::NonReadyStatus>& waiting) {
  api::ResourceCounts counts;
  counts.desired_ready = static_cast<int>(live.size());
  for (const api::ModifiedStatus& entry : modified) {
    live.erase(count_key(entry.kind, entry.namespace_, entry.name));
    if (entry.missing) {
      ++counts.missing;
      ++counts.desired_ready;
    } else {
      ++(entry.extra ? counts.orphaned : counts.modified);
    }
  }
  for (const api::NonReadyStatus& entry : waiting) {
    counts.not_ready +=
        static_cast<int>(live.erase(count_key(entry.kind, entry.namespace_, entry.name)));
  }
  counts.ready = static_cast<int>(live.size());
  return counts;
}

}  // namespace

void set_condition(api::BundleDeploymentStatus& status,
                   std::string_view type,
                   const Error* error,
                   TimePoint now) {
  kube::set_error(status.conditions, type, "", error, now);
}

struct Monitor::View {
  monitor::Seen seen;
  std::vector<Object> live;  // of this bundle, wanted and not
};

Result<helm::Targets> Monitor::desired(const Context& ctx,
                                       const std::string& bundle,
                                       const helm::Release& release) {
  helm::Targets targets =
      TRY(helm::build_targets(ctx, around_.mapper, release.manifest, release.ns));
  const std::string id = deploy::set_id(bundle, "default", around_.scope);
  for (helm::Target& target : targets) {
    for (const auto& [key, value] : deploy::set_labels(id))
      target.object.set_label(key, value);
    for (const auto& [key, value] : deploy::set_annotations(id))
      target.object.set_annotation(key, value);
  }
  return targets;
}

Result<Monitor::View> Monitor::look(const Context& ctx,
                                    const std::string& bundle,
                                    const helm::Release& release) {
  View view;
  const helm::Targets targets = TRY(desired(ctx, bundle, release));
  const api::StringMap labels =
      deploy::set_labels(deploy::set_id(bundle, "default", around_.scope));
  auto hash = labels.find(api::label::kObjectSetHash);
  view.seen.set_hash = hash == labels.end() ? std::string() : hash->second;
  std::map<kube::Resource, std::set<std::string>> places;
  for (const helm::Target& target : targets) {
    places[target.resource].insert(std::string(target.object.ns()));
  }
  std::map<Name, Object> ours;
  for (const auto& [resource, namespaces] : places) {
    for (const std::string& ns : namespaces) {
      kube::ListOptions which;
      which.ns = ns;
      which.labels = kube::LabelSelector::from_set(labels);
      for (Object& object : TRY(kube::list_all(ctx, around_.local, resource, which)).items) {
        Name name = name_of(resource, object);
        ours.insert_or_assign(std::move(name), std::move(object));
      }
    }
  }
  std::set<Name> wanted;
  for (const helm::Target& target : targets) {
    monitor::Pair pair{target.object.value(), std::nullopt};
    const Name name = name_of(target.resource, target.object);
    wanted.insert(name);
    auto live = ours.find(name);
    if (live != ours.end()) {
      pair.live = live->second.value();
      view.live.push_back(live->second);
    } else {
      // There, but not marked as ours: told apart from missing.
      Result<Object> other = around_.local.get(ctx, target.resource, target.key());
      if (other.ok()) pair.live = other->value();
      if (!other.ok() && other.error().code() != Code::NotFound) return std::move(other).error();
    }
    view.seen.pairs.push_back(std::move(pair));
  }
  for (const auto& [name, object] : ours) {
    if (wanted.contains(name)) continue;
    if (object.label("objectset.rio.cattle.io/prune") == "false") continue;
    view.seen.extra.push_back(object.value());
  }
  if (!view.seen.extra.empty()) TRY(keep_former(ctx, release, view));
  return view;
}

// Of what is there and not wanted, only what the revision before had is told.
Result<> Monitor::keep_former(const Context& ctx, const helm::Release& release, View& view) {
  std::set<std::pair<std::string, std::string>> former;
  Result<helm::Release> before =
      helm::Storage(around_.local, release.ns).get(ctx, release.name, release.version - 1);
  if (before.ok()) {
    for (const helm::Target& target :
         TRY(helm::build_targets(ctx, around_.mapper, before->manifest, before->ns))) {
      former.emplace(target.object.kind(), target.object.name());
    }
  } else if (before.error().code() != Code::NotFound) {
    return std::move(before).error();
  }
  std::erase_if(view.seen.extra, [&](const Value& object) {
    return !former.contains(
        {object["kind"].to_string(), object.at({"metadata", "name"}).to_string()});
  });
  return {};
}

Result<> Monitor::update(const Context& ctx,
                         const api::BundleDeployment& deployment,
                         const helm::Release& release,
                         api::BundleDeploymentStatus& status) {
  const api::BundleDeploymentOptions& options = deployment.spec.options;
  const View view = TRY(look(ctx, deployment.metadata.name, release));
  const std::vector<api::ComparePatch> patches =
      options.diff ? options.diff->compare_patches : std::vector<api::ComparePatch>();
  std::vector<api::ModifiedStatus> modified = TRY(monitor::find_modified(view.seen, patches));
  const TimePoint now = ctx.clock().now();
  std::vector<api::NonReadyStatus> waiting;
  status.resources.clear();
  std::set<std::string> keys;
  for (const Object& object : view.live) {
    status.resources.push_back(resource_of(object));
    keys.insert(count_key(object.kind(), object.ns(), object.name()));
    const kube::Summary summary =
        kube::summarize(without_ignored(object.value(), options.ignore), now);
    if (!summary.is_ready()) waiting.push_back(non_ready(object, summary));
  }
  std::sort(
      waiting.begin(), waiting.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
  status.resource_counts = count(std::move(keys), modified, waiting);
  status.ready = waiting.empty();
  status.non_modified = modified.empty();
  status.incomplete_state = waiting.size() > kMaxDetails || modified.size() > kMaxDetails;
  if (waiting.size() > kMaxDetails) waiting.resize(kMaxDetails);
  if (modified.size() > kMaxDetails) modified.resize(kMaxDetails);
  status.non_ready_status = std::move(waiting);
  status.modified_status = std::move(modified);
  status.sync_generation = options.force_sync_generation;
  if (!status.ready) {
    const Error why(Code::Unknown, summary::describe(status.non_ready_status.front()));
    set_condition(status, "Ready", &why, now);
  } else if (!status.non_modified) {
    const Error why(Code::Unknown, summary::describe(status.modified_status.front()));
    set_condition(status, "Ready", &why, now);
  } else {
    set_condition(status, "Ready", nullptr, now);
  }
  return {};
}

}  // namespace fleet::agent
