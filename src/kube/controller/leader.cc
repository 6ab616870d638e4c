#include "kube/controller/leader.h"

#include <optional>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "sys/thread.h"
#include "text/duration.h"

namespace fleet::kube {
namespace {

using data::Value;

const Resource& leases() {
  static const Resource kLeases{{"coordination.k8s.io", "v1", "leases"}, "Lease", true};
  return kLeases;
}

class Elector {
 public:
  Elector(Client& client, const LeaderOptions& options)
      : client_(client),
        options_(options) {}

  // True when this process holds the lease now.
  Result<bool> acquire(const Context& ctx) {
    Result<Object> live = client_.get(ctx, leases(), options_.lease);
    if (!live.ok()) {
      if (live.error().code() != Code::NotFound) return std::move(live).error();
      return create(ctx);
    }
    const std::string_view holder = live->at({"spec", "holderIdentity"}).as_string();
    note(ctx, *live);
    if (holder != options_.identity && !holder.empty() && !has_run_out(ctx, *live)) return false;
    fill(ctx, *live, holder == options_.identity);
    Result<Object> written = client_.update(ctx, leases(), *live);
    if (written.ok()) return true;
    if (written.error().code() == Code::Conflict) return false;
    return std::move(written).error();
  }

  void release(const Context& ctx) {
    Result<Object> live = client_.get(ctx, leases(), options_.lease);
    if (!live.ok() || live->at({"spec", "holderIdentity"}).as_string() != options_.identity) return;
    live->set({"spec", "holderIdentity"}, "");
    live->set({"spec", "leaseDurationSeconds"}, 1);
    Result<Object> written = client_.update(ctx, leases(), *live);
    if (!written.ok()) ctx.log().warn("lease not given back", {{"error", written.error()}});
  }

 private:
  Result<bool> create(const Context& ctx) {
    Object lease = Object::make(leases().gvk(), options_.lease);
    fill(ctx, lease, false);
    Result<Object> made = client_.create(ctx, leases(), lease);
    if (made.ok()) return true;
    if (made.error().code() == Code::AlreadyExists) return false;
    return std::move(made).error();
  }

  void fill(const Context& ctx, Object& lease, bool mine) const {
    const std::string now = format_rfc3339_micro(ctx.clock().now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(options_.lease_duration);
    if (!mine) {
      lease.set({"spec", "leaseTransitions"},
                lease.at({"spec", "leaseTransitions"}).as_int(-1) + 1);
      lease.set({"spec", "acquireTime"}, now);
    }
    lease.set({"spec", "holderIdentity"}, options_.identity);
    lease.set({"spec", "leaseDurationSeconds"}, seconds.count());
    lease.set({"spec", "renewTime"}, now);
  }

  void note(const Context& ctx, const Object& lease) {
    if (lease["spec"] == seen_) return;
    seen_ = lease["spec"];
    seen_at_ = ctx.clock().instant();
  }

  bool has_run_out(const Context& ctx, const Object& lease) const {
    const std::chrono::seconds length(lease.at({"spec", "leaseDurationSeconds"}).as_int());
    return ctx.clock().instant() >= seen_at_ + length;
  }

  Client& client_;
  const LeaderOptions& options_;
  Value seen_;
  Instant seen_at_{};
};

// Renews until it fails for too long; then stops `leading`.
void keep_renewing(const Context& ctx,
                   Elector& elector,
                   const LeaderOptions& options,
                   StopScope& leading) {
  const auto grace = std::chrono::duration_cast<Instant::duration>(options.renew_deadline);
  Instant last = ctx.clock().instant();
  while (ctx.sleep(options.retry_period).ok()) {
    Result<bool> held = elector.acquire(ctx.with_timeout(options.retry_period));
    if (held.ok() && *held) {
      last = ctx.clock().instant();
      continue;
    }
    const bool taken = held.ok();
    if (taken || ctx.clock().instant() >= last + grace) {
      ctx.log().error("lease lost", {{"lease", options.lease.str()}});
      leading.stop();
      return;
    }
  }
}

}  // namespace

Result<> read_timings(
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    LeaderOptions& options) {
  const std::pair<const char*, Duration*> variables[] = {
      {"CATTLE_ELECTION_LEASE_DURATION", &options.lease_duration},
      {"CATTLE_ELECTION_RENEW_DEADLINE", &options.renew_deadline},
      {"CATTLE_ELECTION_RETRY_PERIOD", &options.retry_period}};
  for (const auto& [name, timing] : variables) {
    const std::optional<std::string> text = environment(name);
    if (!text || text->empty())
      return Error(Code::NotFound, cat("environment variable ", name, " not set"));
    *timing = TRY(text::parse_duration(*text).within(name));
    if (*timing <= Duration::zero())
      return Error(Code::Invalid, cat(name, ": ", quote(*text), " is not above zero"));
  }
  if (options.retry_period >= options.renew_deadline)
    return Error(Code::Invalid, "the retry period must be below the renew deadline");
  if (options.renew_deadline >= options.lease_duration)
    return Error(Code::Invalid, "the renew deadline must be below the lease duration");
  return {};
}

Result<> run_as_leader(const Context& ctx,
                       Client& client,
                       const LeaderOptions& options,
                       const std::function<Result<>(const Context&)>& lead) {
  Elector elector(client, options);
  for (;;) {
    Result<bool> held = elector.acquire(ctx);
    if (held.ok() && *held) break;
    if (!held.ok()) ctx.log().warn("lease cannot be read", {{"error", held.error()}});
    TRY(ctx.sleep(options.retry_period));
  }
  ctx.log().info("leading", {{"lease", options.lease.str()}, {"identity", options.identity}});
  StopScope leading(ctx);
  StopScope renewing(ctx);
  Result<> done;
  {
    Thread renewer("lease", [&](const std::stop_token&) {
      keep_renewing(renewing.context(), elector, options, leading);
    });
    done = lead(leading.context());
    renewing.stop();
  }
  const bool lost = leading.context().stop().stop_requested() && ctx.check().ok();
  if (lost) return Error(Code::Conflict, "stopped leading");
  // The caller's context may be stopped already; giving back gets a moment of its own.
  elector.release(Context(ctx.clock(), ctx.log(), {}).with_timeout(std::chrono::seconds(2)));
  return done;
}

}  // namespace fleet::kube
