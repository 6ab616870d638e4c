#include "kube/cache/informer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"

namespace fleet::kube {
namespace {

// The server ends a watch after this, so that a dead connection is noticed.
constexpr std::chrono::seconds kWatchTime{300};

bool too_old(const Error& error) {
  return error.code() == Code::Expired || error.code() == Code::Gone;
}

Instant::duration steady(Duration duration) {
  return std::chrono::duration_cast<Instant::duration>(duration);
}

}  // namespace

Informer::Informer(Client& client, InformerOptions options)
    : client_(client),
      options_(std::move(options)) {}

bool Informer::has_synced() const {
  return state_.with([](const State& s) { return s.synced; });
}

Result<> Informer::wait_synced(const Context& ctx) {
  return state_.wait(ctx, [](const State& s) { return s.synced; })
      .within(cat("waiting for the list of ", options_.resource.gvr.group_resource()));
}

std::optional<Error> Informer::trouble() const {
  return state_.with([](const State& s) { return s.trouble; });
}

Result<> Informer::run(const Context& ctx) {
  std::string version;
  bool must_list = true;
  next_relist_ = ctx.clock().instant() + steady(options_.first_relist);
  while (ctx.check().ok()) {
    Result<> done;
    if (must_list) {
      Result<std::string> listed = list(ctx);
      if (listed.ok()) {
        version = std::move(listed).value();
        must_list = false;
        state_.with([](State& s) { s = State{true, std::nullopt}; });
        state_.notify_all();
        failures_ = 0;
      } else {
        done = std::move(listed).error();
      }
    }
    if (done.ok()) done = watch(ctx, version);
    if (ctx.clock().instant() >= next_relist_) {
      must_list = true;
      next_relist_ = ctx.clock().instant() + steady(options_.relist);
    }
    if (done.ok()) continue;
    if (too_old(done.error())) {
      must_list = true;
      continue;
    }
    TRY(pause(ctx, done.error()));
  }
  return ctx.check();
}

Result<> Informer::pause(const Context& ctx, const Error& error) {
  TRY(ctx.check());
  ctx.log().debug("list or watch failed",
                  {{"resource", options_.resource.gvr.group_resource()}, {"error", error}});
  state_.with([&](State& s) { s.trouble = error; });
  Duration wait = options_.retry_first;
  for (int i = 0; i < failures_ && wait < options_.retry_last; ++i)
    wait *= 2;
  ++failures_;
  return ctx.sleep(std::min(wait, options_.retry_last));
}

Result<std::string> Informer::list(const Context& ctx) {
  ListOptions which;
  which.ns = options_.ns;
  which.labels = options_.labels;
  which.fields = options_.fields;
  ObjectList found = TRY(list_all(ctx, client_, options_.resource, which));
  const bool sound = TRY(drop_missing(ctx, found.items));
  for (Object& object : found.items)
    put(ctx, std::move(object));
  resync();
  if (!sound) {
    return Error(Code::ServiceUnavailable,
                 cat("the list of ", options_.resource.gvr.group_resource(), " was incomplete"));
  }
  return found.resource_version;
}

// Removes what is neither in the list nor, read one by one, on the server. False when something was
// missing from the list that is still there.
Result<bool> Informer::drop_missing(const Context& ctx, const std::vector<Object>& present) {
  std::set<Key> listed;
  for (const Object& object : present)
    listed.insert(object.key());
  bool sound = true;
  for (const Key& key : indexer_.keys()) {
    if (listed.contains(key)) continue;
    Result<Object> live = client_.get(ctx, options_.resource, key);
    if (live.ok() && selects(*live)) {
      sound = false;
      put(ctx, std::move(live).value());
    } else if (live.ok() || live.error().code() == Code::NotFound) {
      drop(key);
    } else {
      return std::move(live).error();
    }
  }
  return sound;
}

bool Informer::selects(const Object& object) const {
  return options_.labels.matches(object) && options_.fields.matches([&](std::string_view field) {
    const data::Value* value = &object.value();
    for (std::string_view step : split(field, '.'))
      value = &(*value)[step];
    return value->to_string();
  });
}

Result<> Informer::watch(const Context& ctx, std::string& version) {
  WatchOptions which;
  which.ns = options_.ns;
  which.labels = options_.labels;
  which.fields = options_.fields;
  which.resource_version = version;
  which.timeout = kWatchTime;
  std::unique_ptr<Watch> stream = TRY(client_.watch(ctx, options_.resource, which));
  state_.with([](State& s) { s.trouble.reset(); });
  for (;;) {
    const Context until = ctx.with_deadline(next_relist_);
    Result<std::optional<WatchEvent>> event = stream->next(until);
    if (!event.ok()) {
      const bool relist_due = event.error().code() == Code::Timeout && ctx.check().ok() &&
                              ctx.clock().instant() >= next_relist_;
      if (relist_due) return {};
      return std::move(event).error();
    }
    if (!event->has_value()) return {};
    failures_ = 0;
    take(ctx, **event, version);
  }
}

void Informer::take(const Context& ctx, const WatchEvent& event, std::string& version) {
  if (auto seen = event.object.resource_version(); !seen.empty()) version = seen;
  switch (event.type) {
    case WatchEvent::Type::Added:
    case WatchEvent::Type::Modified:
      put(ctx, event.object);
      break;
    case WatchEvent::Type::Deleted:
      drop(event.object.key());
      break;
    case WatchEvent::Type::Bookmark:
      break;
  }
}

void Informer::put(const Context& ctx, Object object) {
  auto item = std::make_shared<Cached>();
  if (options_.decode) {
    Result<std::shared_ptr<const void>> decoded = options_.decode(object);
    if (decoded.ok()) {
      item->decoded = std::move(decoded).value();
    } else {
      ctx.log().warn("object cannot be read",
                     {{"resource", options_.resource.gvr.group_resource()},
                      {"object", object.key().str()},
                      {"error", decoded.error()}});
    }
  }
  const CachedPtr now_known = indexer_.get(object.key());
  if (now_known && now_known->object.resource_version() == object.resource_version() &&
      now_known->object.uid() == object.uid()) {
    return;
  }
  item->object = std::move(object);
  CachedPtr before = indexer_.put(item);
  const auto type = before ? CacheEvent::Type::Updated : CacheEvent::Type::Added;
  tell(CacheEvent{type, std::move(before), std::move(item)});
}

void Informer::drop(const Key& key) {
  CachedPtr before = indexer_.remove(key);
  if (before) tell(CacheEvent{CacheEvent::Type::Deleted, std::move(before), nullptr});
}

void Informer::tell(CacheEvent event) const {
  for (const Handler& handler : handlers_)
    handler(event);
}

void Informer::resync() const {
  for (const CachedPtr& item : indexer_.list())
    tell(CacheEvent{CacheEvent::Type::Resync, item, item});
}

}  // namespace fleet::kube
