#include "kube/controller/manager.h"

#include <utility>

#include "base/strings.h"
#include "sys/thread.h"

namespace fleet::kube {
namespace {

bool waits_for_change(Code code) {
  return code == Code::Invalid || code == Code::Unsupported || code == Code::Cancelled;
}

}  // namespace

void Controller::watch(Informer& informer, Filter filter) {
  watch_mapped(
      informer,
      [](const CacheEvent& e) { return std::vector<Key>{e.object().key()}; },
      std::move(filter));
}

void Controller::watch_mapped(Informer& informer, Map map, Filter filter, Duration delay) {
  informer.add_handler(
      [this, delay, map = std::move(map), filter = std::move(filter)](const CacheEvent& event) {
        if (filter && !filter(event)) return;
        for (const Key& key : map(event))
          queue_.add_after(key, delay);
      });
}

void Controller::work(const Context& ctx) {
  while (ctx.check().ok()) {
    Result<Key> key = queue_.get(ctx);
    if (!key.ok()) return;
    reconcile_one(ctx, *key);
    queue_.done(*key);
  }
}

void Controller::reconcile_one(const Context& ctx, const Key& key) {
  const Context own =
      ctx.with_log(ctx.log().with({{"controller", options_.name}, {"key", key.str()}}));
  Result<Requeue> result = reconciler_.reconcile(own, key);
  if (result.ok()) {
    queue_.forget(key);
    if (result->delay()) queue_.add_after(key, *result->delay());
    return;
  }
  if (result.error().code() == Code::Cancelled && !ctx.check().ok()) return;
  if (waits_for_change(result.error().code())) {
    own.log().error("reconcile stalled until something changes", {{"error", result.error()}});
    queue_.forget(key);
    return;
  }
  const Duration delay = queue_.retry(key);
  const auto level = result.error().code() == Code::Conflict ? LogLevel::Debug : LogLevel::Error;
  own.log().write(
      level,
      "reconcile failed",
      {{"error", result.error()},
       {"retry_ms", std::chrono::duration_cast<std::chrono::milliseconds>(delay).count()}});
}

Informer& Manager::informer(InformerOptions options) {
  return informer(client_, std::move(options));
}

Informer& Manager::informer(Client& client, InformerOptions options) {
  return *informers_.emplace_back(std::make_unique<Informer>(client, std::move(options)));
}

Controller& Manager::controller(Controller::Options options, Reconciler& reconciler) {
  return *controllers_.emplace_back(
      std::make_unique<Controller>(std::move(options), reconciler, clock_));
}

void Manager::add_runner(std::string name, std::function<Result<>(const Context&)> run) {
  runners_.push_back(Runner{std::move(name), std::move(run)});
}

Result<> Manager::run(const Context& ctx) {
  StopScope scope(ctx);
  const Context& inner = scope.context();
  std::vector<sys::Thread> threads;
  for (auto& informer : informers_) {
    threads.emplace_back("informer", [&inner, &informer](const std::stop_token&) {
      (void)informer->run(inner).ok();
    });
  }
  Result<> synced;
  for (auto& informer : informers_) {
    if (synced.ok()) synced = informer->wait_synced(inner);
  }
  if (synced.ok()) {
    for (auto& controller : controllers_) {
      for (size_t i = 0; i < controller->workers(); ++i) {
        threads.emplace_back(controller->name(), [&inner, &controller](const std::stop_token&) {
          controller->work(inner);
        });
      }
    }
    for (Runner& runner : runners_) {
      threads.emplace_back(runner.name, [&inner, &runner](const std::stop_token&) {
        Result<> done = runner.run(inner);
        if (!done.ok() && done.error().code() != Code::Cancelled) {
          inner.log().error("runner ended", {{"runner", runner.name}, {"error", done.error()}});
        }
      });
    }
  }
  Guarded<bool> never(false);
  (void)never.wait(inner, [](bool) { return false; }).ok();
  scope.stop();
  for (auto& controller : controllers_)
    controller->queue().shut_down();
  threads.clear();
  return {};
}

bool spec_or_metadata_changed(const CacheEvent& event) {
  if (event.type != CacheEvent::Type::Updated) return true;
  const Object& a = event.before->object;
  const Object& b = event.after->object;
  auto differ = [&](std::string_view field) {
    return !(a.metadata()[field] == b.metadata()[field]);
  };
  return differ("generation") || differ("labels") || differ("annotations") ||
         differ("finalizers") || differ("deletionTimestamp") || differ("uid");
}

}  // namespace fleet::kube
