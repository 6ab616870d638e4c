#include "kube/apiserver/rbac_authorizer.h"

#include "base/strings.h"
#include "kube/apiserver/stored.h"

namespace fleet::kube::apiserver {

namespace {

constexpr std::string_view kPrefix = "rbac.authorization.k8s.io/";
constexpr std::string_view kApiVersion = "rbac.authorization.k8s.io/v1";

}  // namespace

rbac::User rbac_user(const Identity& user) {
  return {user.name, user.groups};
}

rbac::Request rbac_request(const Identity& user, const RequestInfo& info) {
  rbac::Request request;
  request.user = rbac_user(user);
  request.verb = info.verb;
  request.is_resource = info.is_resource;
  request.group = info.group;
  request.resource = info.resource;
  request.subresource = info.subresource;
  request.ns = info.ns;
  request.name = info.name;
  request.path = info.path;
  return request;
}

Result<> RbacAuthorizer::start(const Context& ctx, store::Store& store) {
  store_ = &store;
  return load(ctx);
}

Result<> RbacAuthorizer::load(const Context& ctx) const {
  const store::Page page = TRY(store_->list(ctx, {.prefix = std::string(kPrefix)}));
  auto book = std::make_shared<rbac::RuleBook>();
  for (const store::EntryPtr& entry : page.entries)
    apply(*book, entry->key, entry.get());
  subscription_ = TRY(store_->watch(ctx, kPrefix, page.revision, [this] { changed_ = true; }));
  book_.with([&](auto& current) { current = std::move(book); });
  return {};
}

void RbacAuthorizer::apply(rbac::RuleBook& book,
                           std::string_view key,
                           const store::Entry* entry) const {
  const auto parts = split(key, '/');  // group, plural, [namespace,] name
  const std::string_view plural = parts[1];
  data::Value object;
  if (entry != nullptr) {
    auto decoded = decode_stored(kApiVersion, "", *entry);
    if (!decoded.ok()) return;
    object = std::move(decoded).value();
  }
  const data::Value* change = entry == nullptr ? nullptr : &object;
  if (plural == "clusterroles") {
    book.set_cluster_role(parts[2], change);
  } else if (plural == "clusterrolebindings") {
    book.set_cluster_binding(parts[2], change);
  } else if (parts.size() > 3) {
    const Key name{std::string(parts[2]), std::string(parts[3])};
    if (plural == "roles") book.set_role(name, change);
    if (plural == "rolebindings") book.set_binding(name, change);
  }
}

// Takes what changed. While one caller does so, the others use the rules as they were.
void RbacAuthorizer::refresh() const {
  if (!changed_ || busy_.exchange(true)) return;
  changed_ = false;
  auto batch = subscription_->take(10'000);
  if (!batch.ok()) {
    if (batch.error().code() == Code::Expired && !load(Context::background()).ok()) changed_ = true;
  } else if (!batch->events.empty()) {
    auto next = std::make_shared<rbac::RuleBook>(*book());
    for (const store::EventPtr& event : batch->events) {
      apply(*next, event->key(), event->after.get());
    }
    book_.with([&](auto& current) { current = std::move(next); });
  }
  busy_ = false;
}

std::shared_ptr<const rbac::RuleBook> RbacAuthorizer::book() const {
  return book_.with([](const auto& current) { return current; });
}

Authorizer::Decision RbacAuthorizer::authorize(const Context&,
                                               const Identity& user,
                                               const RequestInfo& info) const {
  if (user.in_group(kMasters)) return {true, ""};
  refresh();
  rbac::Decision decision = book()->authorize(rbac_request(user, info));
  return {decision.allowed, std::move(decision.reason)};
}

}  // namespace fleet::kube::apiserver
