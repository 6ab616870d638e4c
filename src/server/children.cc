#include "server/children.h"

#include <algorithm>

namespace fleet::server {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(500);
constexpr Duration kLastPause = std::chrono::seconds(30);
constexpr Duration kGrace = std::chrono::seconds(5);
// One that ran this long was well: the next pause is short again.
constexpr Duration kWell = std::chrono::minutes(1);

// Runs the child once, until it ends or we do.
void run_once(const Context& ctx, const ChildSpec& spec) {
  auto child = sys::Child::start(spec.command, sys::Streams{}, sys::Child::Lifetime::DieWithParent);
  if (!child.ok()) {
    ctx.log().error("cannot start a child", {{"child", spec.name}, {"error", child.error()}});
    return;
  }
  auto code = child->wait(ctx);
  if (code.ok()) {
    ctx.log().warn("a child ended", {{"child", spec.name}, {"exit", *code}});
    return;
  }
  auto ended = child->terminate(Context(ctx.clock(), ctx.log(), {}), kGrace);
  if (!ended.ok()) ctx.log().warn("a child was killed", {{"child", spec.name}});
}

void keep(const Context& ctx, const ChildSpec& spec) {
  Duration pause = kFirstPause;
  while (ctx.check().ok()) {
    Instant start = ctx.clock().instant();
    run_once(ctx, spec);
    pause = ctx.clock().instant() - start > kWell ? kFirstPause : std::min(pause * 2, kLastPause);
    if (!ctx.sleep(pause).ok()) return;
  }
}

}  // namespace

void Children::keep_running(ChildSpec spec) {
  std::string name = spec.name;
  threads_.emplace_back(
      std::move(name),
      [ctx = ctx_, spec = std::move(spec)](const std::stop_token&) { keep(ctx, spec); });
}

void Children::join() {
  for (Thread& thread : threads_)
    thread.join();
}

}  // namespace fleet::server
