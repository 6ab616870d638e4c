// Children: programs that run beside us and are started again when they end.
//
// Each has a thread that waits for it. A child that ends is started again after a pause that grows
// from half a second to half a minute while it keeps failing. When we end, so do they: asked by
// SIGTERM, and killed by the kernel should we be killed ourselves.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sys/context.h"
#include "sys/process.h"
#include "sys/thread.h"

namespace fleet::server {

struct ChildSpec {
  std::string name;  // for the log and the thread
  sys::Command command;
};

class Children {
 public:
  explicit Children(const Context& ctx)
      : ctx_(ctx) {}

  // Starts it and keeps it running until the Context stops.
  void keep_running(ChildSpec spec);
  void join();  // waits for all, after the Context has stopped

 private:
  Context ctx_;
  std::vector<Thread> threads_;
};

}  // namespace fleet::server
