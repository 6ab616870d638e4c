#include "agent/drift_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fleet/api/labels.h"

namespace fleet::agent {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(200);
constexpr Duration kLastPause = std::chrono::seconds(30);
constexpr std::chrono::seconds kWatchTime{300};

}  // namespace

DriftWatch::~DriftWatch() {
  ctx_.stop();
  state_.with([](State& s) { return std::exchange(s.threads, {}); }).clear();
}

void DriftWatch::follow(const kube::Key& key,
                        const std::string& hash,
                        const std::set<kube::Resource>& kinds) {
  state_.with([&](State& s) {
    if (auto old = s.hashes.find(key); old != s.hashes.end() && old->second != hash)
      s.keys.erase(old->second);
    s.keys[hash] = key;
    s.hashes[key] = hash;
    for (const kube::Resource& kind : kinds) {
      if (s.threads.contains(kind)) continue;
      s.threads.emplace(kind, Thread("drift", [this, kind](const std::stop_token&) {
                          run(ctx_.context(), kind);
                        }));
    }
  });
}

void DriftWatch::forget(const kube::Key& key) {
  state_.with([&](State& s) {
    auto hash = s.hashes.find(key);
    if (hash == s.hashes.end()) return;
    s.keys.erase(hash->second);
    s.hashes.erase(hash);
  });
}

void DriftWatch::run(const Context& ctx, const kube::Resource& resource) {
  std::string version;
  Duration pause = kFirstPause;
  while (ctx.check().ok()) {
    const std::string before = version;
    Result<> done = watch_once(ctx, resource, version);
    if (done.ok() || version != before) pause = kFirstPause;
    if (done.ok()) continue;
    // Too old or not: without a version the server tells the whole state first.
    version.clear();
    if (!ctx.sleep(pause).ok()) return;
    pause = std::min<Duration>(pause * 2, kLastPause);
  }
}

Result<> DriftWatch::watch_once(const Context& ctx,
                                const kube::Resource& resource,
                                std::string& version) {
  kube::WatchOptions which;
  which.labels = TRY(kube::LabelSelector::parse(api::label::kObjectSetHash));
  which.resource_version = version;
  which.metadata_only = true;
  which.timeout = kWatchTime;
  auto stream = TRY(client_.watch(ctx, resource, which));
  for (;;) {
    std::optional<kube::WatchEvent> event = TRY(stream->next(ctx));
    if (!event) return {};
    if (auto seen = event->object.resource_version(); !seen.empty()) version = seen;
    if (event->type != kube::WatchEvent::Type::Bookmark) touched(event->object);
  }
}

void DriftWatch::touched(const kube::Object& object) {
  const std::string hash(object.label(api::label::kObjectSetHash));
  std::optional<kube::Key> key = state_.with([&](const State& s) -> std::optional<kube::Key> {
    auto it = s.keys.find(hash);
    if (it == s.keys.end()) return std::nullopt;
    return it->second;
  });
  if (key) queue_.add_after(*key, delay_);
}

}  // namespace fleet::agent
