// Hooks: objects that a chart wants made, and waited for, around an action.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "helm/action/apply.h"
#include "helm/action/wait.h"
#include "helm/release/release.h"

namespace fleet::helm {

struct HookRunner {
  kube::Client& client;
  kube::RestMapper& mapper;
  ApplyOptions apply;
  Duration timeout{};      // zero: kDefaultWait
  bool wait_for_deletion;  // of earlier hook objects
  // Called whenever a hook's last_run changed.
  std::function<void(const Release&)> record;
};

// Runs the release's hooks of an event one after another, by weight and name; their last_run is
// kept in `release`. Errors: the first hook that fails, after its delete policies were obeyed.
Result<> run_hooks(const Context& ctx,
                   const HookRunner& runner,
                   Release& release,
                   std::string_view event);

}  // namespace fleet::helm
