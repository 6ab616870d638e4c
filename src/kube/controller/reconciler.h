// Reconciler: brings the world of one key from what it is to what it should be.
//
// `reconcile` gets a key, never an event: running it twice changes nothing. It reads, calls one
// pure function, and writes. What it returns decides what happens next:
// - Requeue::never(): done until something changes.
// - Requeue::after(d): looked at again after d.
// - an Error: Invalid, Unsupported and Cancelled are logged and stall until something changes;
//   everything else is retried with the key's back-off.
// Threads: workers call reconcile at the same time for different keys, never twice for one key.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "kube/meta/key.h"
#include "sys/context.h"

namespace fleet::kube {

class Requeue {
 public:
  static Requeue never() { return Requeue(std::nullopt); }
  static Requeue after(Duration delay) { return Requeue(delay); }

  const std::optional<Duration>& delay() const { return delay_; }

 private:
  explicit Requeue(std::optional<Duration> delay)
      : delay_(delay) {}
  std::optional<Duration> delay_;
};

class Reconciler {
 public:
  virtual ~Reconciler() = default;
  virtual Result<Requeue> reconcile(const Context& ctx, const Key& key) = 0;
};

}  // namespace fleet::kube
