#include "kube/apiserver/keeper.h"

#include "base/strings.h"
#include "kube/apiserver/collector.h"
#include "kube/apiserver/housekeeping.h"

namespace fleet::kube::apiserver {

namespace {

constexpr size_t kTakeAtOnce = 1000;  // events

}  // namespace

KeyParts parse_key(std::string_view key) {
  const auto parts = split_n(key, "/", 4);
  KeyParts out;
  out.group = parts[0];
  if (parts.size() > 1) out.plural = parts[1];
  if (parts.size() == 3) out.name = parts[2];
  if (parts.size() == 4) {
    out.ns = parts[2];
    out.name = parts[3];
  }
  return out;
}

Keeper::Keeper(const Context& ctx,
               Core& core,
               Client& client,
               const TokenService& tokens,
               KeeperOptions options)
    : ctx_(ctx),
      core_(core),
      queue_(ctx.clock()),
      workers_(options.workers) {
  chores_.push_back(make_collector(core, client));
  chores_.push_back(make_namespace_cleaner(core, client));
  chores_.push_back(make_crd_cleaner(core, client));
  chores_.push_back(make_account_keeper(client, tokens, options.ca_pem));
  chores_.push_back(make_role_aggregator(client));
  chores_.push_back(make_event_expiry(core, client, options.event_ttl));
}

Keeper::~Keeper() {
  stop();
}

Result<> Keeper::start() {
  TRY(look(ctx_));
  threads_.emplace_back("keeper", [this](std::stop_token stop) { follow(stop); });
  for (size_t i = 0; i < workers_; ++i) {
    threads_.emplace_back("keeper-worker", [this](std::stop_token stop) { work(stop); });
  }
  return {};
}

void Keeper::stop() {
  queue_.shut_down();
  threads_.clear();
  subscription_.reset();
}

Result<> Keeper::look(const Context& ctx) {
  const store::Page page = TRY(core_.store.list(ctx, {}));
  for (const store::EntryPtr& entry : page.entries)
    see_entry(entry);
  subscription_ = TRY(core_.store.watch(ctx, "", page.revision, [this] {
    changed_.with([](bool& changed) { changed = true; });
    changed_.notify_all();
  }));
  return {};
}

void Keeper::see_entry(const store::EntryPtr& entry) {
  store::Event event;
  event.revision = entry->modified;
  event.after = entry;
  see(event);
}

void Keeper::see(const store::Event& event) {
  const KeyParts key = parse_key(event.key());
  for (const auto& chore : chores_) {
    chore->see(key, event, [&](std::string subject, Duration delay) {
      const Key queued{std::string(chore->name()), std::move(subject)};
      if (delay <= Duration::zero()) {
        queue_.add(queued);
      } else {
        queue_.add_after(queued, delay);
      }
    });
  }
}

void Keeper::follow(std::stop_token stop) {
  const Context ctx = ctx_.with_stop(stop);
  while (!stop.stop_requested()) {
    auto batch = subscription_->take(kTakeAtOnce);
    if (!batch.ok()) {
      if (batch.error().code() != Code::Expired) return;
      // Too slow: look at everything again.
      if (Result<> looked = look(ctx); !looked.ok()) return;
      continue;
    }
    for (const store::EventPtr& event : batch->events)
      see(*event);
    if (!batch->events.empty()) continue;
    auto woken = changed_.wait(
        ctx, [](const bool& changed) { return changed; }, [](bool& changed) { changed = false; });
    if (!woken.ok()) return;
  }
}

void Keeper::work(std::stop_token stop) {
  const Context ctx = ctx_.with_stop(stop);
  while (true) {
    auto key = queue_.get(ctx);
    if (!key.ok()) return;
    for (const auto& chore : chores_) {
      if (chore->name() != key->ns) continue;
      auto done = chore->work(ctx, key->name);
      if (!done.ok()) {
        const bool ending = stop.stop_requested() || done.error().code() == Code::Cancelled;
        if (!ending) {
          ctx.log().debug(
              "a chore will be tried again",
              {{"chore", chore->name()}, {"subject", key->name}, {"error", done.error()}});
          queue_.retry(*key);
        }
      } else {
        queue_.forget(*key);
        if (*done) queue_.add_after(*key, **done);
      }
    }
    queue_.done(*key);
  }
}

}  // namespace fleet::kube::apiserver
