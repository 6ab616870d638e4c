#include "helm/action/wait.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "kube/health/kstatus.h"

namespace fleet::helm {
namespace {

using kube::KStatus;
using kube::Progress;

constexpr Duration kFirstLook = std::chrono::milliseconds(100);
constexpr Duration kLastLook = std::chrono::seconds(1);

bool is_kind(const Target& target, std::string_view group, std::string_view kind) {
  return target.resource.gvr.group == group && target.resource.kind == kind;
}

KStatus judge(const Context& ctx, const Target& target, const kube::Object& live, WaitFor what) {
  const bool job = is_kind(target, "batch", "Job");
  if (what == WaitFor::HooksDone) {
    if (job || is_kind(target, "", "Pod")) return kube::kstatus_finished(live.value());
    return KStatus{Progress::Current, "", "", ""};
  }
  if (what == WaitFor::CurrentWithJobs && job) return kube::kstatus_finished(live.value());
  Result<KStatus> status = kube::kstatus(live.value(), ctx.clock().now());
  if (status.ok()) return std::move(status).value();
  return KStatus{Progress::Unknown, status.error().message(), "", ""};
}

KStatus look(const Context& ctx, kube::Client& client, const Target& target, WaitFor what) {
  Result<kube::Object> live = client.get(ctx, target.resource, target.key());
  if (live.ok()) return judge(ctx, target, *live, what);
  if (live.error().code() == Code::NotFound) {
    return KStatus{Progress::NotFound, "Resource not found", "", ""};
  }
  return KStatus{Progress::Unknown, live.error().message(), "", ""};
}

std::string complaint(const Target& target, const KStatus& status, std::string_view what) {
  return cat("resource ",
             target.resource.kind,
             "/",
             target.object.ns(),
             "/",
             target.object.name(),
             " ",
             what,
             ". status: ",
             kube::to_string(status.progress),
             ", message: ",
             status.message);
}

struct View {
  std::vector<std::string> complaints;
  bool all_settled = true;  // nothing is still on its way
};

// Looks again and again until `observe` has no complaint or is settled with complaints.
template <typename Observe>
Result<> poll(const Context& ctx, Duration timeout, Observe observe) {
  const Context limited = ctx.with_timeout(timeout == Duration::zero() ? kDefaultWait : timeout);
  Duration pause = kFirstLook;
  View view;
  for (;;) {
    view = observe(limited);
    if (view.complaints.empty()) return {};
    if (view.all_settled) break;
    Result<> slept = limited.sleep(pause);
    if (!slept.ok()) {
      TRY(ctx.check());
      view.complaints.emplace_back("context deadline exceeded");
      return Error(Code::Timeout, join(view.complaints, "\n"));
    }
    pause = std::min<Duration>(pause * 2, kLastLook);
  }
  return Error(Code::InternalError, join(view.complaints, "\n"));
}

bool is_paused(const Target& target) {
  return target.resource.kind == "Deployment" && target.object.at({"spec", "paused"}).as_bool();
}

}  // namespace

Result<> wait_for(const Context& ctx,
                  kube::Client& client,
                  const Targets& targets,
                  WaitFor what,
                  Duration timeout) {
  return poll(ctx, timeout, [&](const Context& limited) {
    View view;
    for (const Target& target : targets) {
      if (is_paused(target)) continue;
      const KStatus status = look(limited, client, target, what);
      if (status.progress == Progress::Current) continue;
      if (status.progress != Progress::Failed) view.all_settled = false;
      view.complaints.push_back(complaint(target, status, "not ready"));
    }
    return view;
  });
}

Result<> wait_until_gone(const Context& ctx,
                         kube::Client& client,
                         const Targets& targets,
                         Duration timeout) {
  return poll(ctx, timeout, [&](const Context& limited) {
    View view;
    view.all_settled = false;
    for (const Target& target : targets) {
      const KStatus status = look(limited, client, target, WaitFor::Current);
      if (status.progress == Progress::NotFound) continue;
      view.complaints.push_back(complaint(target, status, "still exists"));
    }
    return view;
  });
}

}  // namespace fleet::helm
