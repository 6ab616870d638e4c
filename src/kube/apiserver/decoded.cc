#include "kube/apiserver/decoded.h"

#include "kube/apiserver/stored.h"

namespace fleet::kube::apiserver {

namespace {

data::Value decode(const Served& served, const store::Entry& entry) {
  auto decoded = decode_stored(served.resource.gvr.api_version(), served.resource.kind, entry);
  CHECK(decoded.ok());  // we wrote it, and its checksum held
  data::Value object = std::move(decoded).value();
  return served.rules->stored_as_is() ? object : served.rules->from_storage(std::move(object));
}

}  // namespace

DocumentPtr DecodedCache::get(const Served& served, const store::EntryPtr& entry) {
  const size_t at = entry->modified % kSlots;
  const std::string api_version = served.resource.gvr.api_version();
  DocumentPtr known = slots_.with([&](const auto& slots) -> DocumentPtr {
    const Slot& slot = slots[at];
    return slot.entry == entry && slot.api_version == api_version ? slot.document : nullptr;
  });
  if (known) return known;
  auto document = std::make_shared<const data::Value>(decode(served, *entry));
  Slot fresh{entry, api_version, document};
  slots_.with([&](auto& slots) { std::swap(slots[at], fresh); });
  return document;
}

}  // namespace fleet::kube::apiserver
