// Parses a stored version once, for all who look at it soon after one another: watchers with
// selectors, tables, in-process informers, the next update.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "data/value/value.h"
#include "kube/apiserver/served.h"
#include "kube/store/store.h"
#include "sys/guarded.h"

namespace fleet::kube::apiserver {

using DocumentPtr = std::shared_ptr<const data::Value>;

// Threads: all functions from any thread.
class DecodedCache {
 public:
  // The object with apiVersion, kind and resourceVersion, in the version of `served`.
  // CHECKs that the stored value can be read: we wrote it, and the store's checksums hold.
  DocumentPtr get(const Served& served, const store::EntryPtr& entry);

 private:
  static constexpr size_t kSlots = 256;
  struct Slot {
    store::EntryPtr entry;
    std::string api_version;
    DocumentPtr document;
  };
  Guarded<std::array<Slot, kSlots>> slots_;
};

}  // namespace fleet::kube::apiserver
