#include "observer.h"

#include <algorithm>

#include "fleet/api/bundledeployment.h"
#include "fleet/api/gitrepo.h"

namespace fleet::bench {
namespace {

constexpr Duration kPatience = std::chrono::seconds(120);

kube::InformerOptions of(kube::Resource resource) {
  kube::InformerOptions out;
  out.resource = std::move(resource);
  return out;
}

bool is_ready(const kube::Object& deployment) {
  const std::string_view wanted = deployment.at({"spec", "deploymentID"}).as_string();
  const data::Value& status = deployment["status"];
  return !wanted.empty() && status["appliedDeploymentID"].as_string() == wanted &&
         status["ready"].as_bool() && status["nonModified"].as_bool();
}

}  // namespace

Observer::Observer(const Context& ctx, std::unique_ptr<kube::Client> client, std::string label)
    : scope_(ctx),
      client_(std::move(client)),
      label_(std::move(label)),
      repos_(*client_, of(api::GitRepo::kKind.resource())),
      deployments_(*client_, of(api::BundleDeployment::kKind.resource())) {
  repos_.add_handler([this](const kube::CacheEvent& e) { see_repo(e.object()); });
  deployments_.add_handler([this](const kube::CacheEvent& e) { see_deployment(e.object()); });
  auto run = [this](kube::Informer& informer) {
    return [this, &informer](const std::stop_token&) {
      Result<> ended = informer.run(scope_.context());
      if (!ended.ok()) scope_.stop();
    };
  };
  repos_thread_ = Thread("watch-repos", run(repos_));
  deployments_thread_ = Thread("watch-bds", run(deployments_));
}

Result<std::unique_ptr<Observer>> Observer::start(const Context& ctx,
                                                  std::unique_ptr<kube::Client> client,
                                                  std::string label) {
  std::unique_ptr<Observer> out(new Observer(ctx, std::move(client), std::move(label)));
  const Context patient = ctx.with_timeout(kPatience);
  TRY(out->repos_.wait_synced(patient));
  TRY(out->deployments_.wait_synced(patient));
  return out;
}

void Observer::see_repo(const kube::Object& repo) {
  const Instant now = scope_.context().clock().instant();
  const std::string commit = repo.at({"status", "commit"}).to_string();
  seen_.with([&](Seen& seen) { seen.polled.try_emplace(commit, now); });
  seen_.notify_all();
}

void Observer::see_deployment(const kube::Object& deployment) {
  const Instant now = scope_.context().clock().instant();
  const std::string value(deployment.label(label_));
  const std::string name = deployment.key().str();
  seen_.with([&](Seen& seen) {
    seen.written[value].try_emplace(name, now);
    if (is_ready(deployment)) seen.ready[value].try_emplace(name, now);
  });
  seen_.notify_all();
}

Result<Instant> Observer::polled(const Context& ctx, const std::string& commit) {
  return seen_.wait(
      ctx.with_timeout(kPatience),
      [&](const Seen& seen) { return seen.polled.contains(commit); },
      [&](Seen& seen) { return seen.polled[commit]; });
}

Result<Instant> Observer::written(const Context& ctx, const std::string& value, size_t count) {
  return last(ctx, &Seen::written, value, count);
}

Result<Instant> Observer::ready(const Context& ctx, const std::string& value, size_t count) {
  return last(ctx, &Seen::ready, value, count);
}

Result<Instant> Observer::last(const Context& ctx,
                               std::map<std::string, Moments> Seen::*which,
                               const std::string& value,
                               size_t count) {
  auto enough = [&](const Seen& seen) {
    auto found = (seen.*which).find(value);
    return found != (seen.*which).end() && found->second.size() >= count;
  };
  return seen_.wait(ctx.with_timeout(kPatience), enough, [&](Seen& seen) {
    Instant latest{};
    for (const auto& [name, moment] : (seen.*which)[value])
      latest = std::max(latest, moment);
    return latest;
  });
}

}  // namespace fleet::bench
