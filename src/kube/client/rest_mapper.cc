#include "kube/client/rest_mapper.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kube {
namespace {

using Resources = std::vector<DiscoveredResource>;
using ResourcesPtr = std::shared_ptr<const Resources>;

constexpr auto kReadAgain = std::chrono::seconds{10};

const DiscoveredResource* find_kind(const Resources& all, const GroupVersionKind& gvk) {
  for (const DiscoveredResource& r : all) {
    if (r.resource.kind == gvk.kind && r.resource.gvr.group == gvk.group &&
        (gvk.version.empty() || r.resource.gvr.version == gvk.version)) {
      return &r;
    }
  }
  return nullptr;
}

bool is_called(const DiscoveredResource& r, std::string_view word) {
  return r.resource.gvr.resource == word || r.singular == word ||
         to_lower(r.resource.kind) == word ||
         std::find(r.short_names.begin(), r.short_names.end(), word) != r.short_names.end();
}

// "name", "name.group" or "name.version.group".
const DiscoveredResource* find_word(const Resources& all, std::string_view text) {
  const std::string word = to_lower(text);
  const auto parts = cut(word, ".");
  const std::string_view name = parts ? parts->before : std::string_view(word);
  for (const DiscoveredResource& r : all) {
    if (!is_called(r, name)) continue;
    if (!parts) return &r;
    const GroupVersionResource& gvr = r.resource.gvr;
    if (parts->after == gvr.group || parts->after == cat(gvr.version, ".", gvr.group)) return &r;
  }
  return nullptr;
}

}  // namespace

struct RestMapper::State {
  struct Known {
    ResourcesPtr resources;
    Instant read_at;
  };
  Guarded<Known> known;
};

RestMapper::RestMapper(Client& client)
    : client_(client),
      state_(std::make_unique<State>()) {}
RestMapper::~RestMapper() = default;

// `again`: what is known does not have what is wanted.
Result<ResourcesPtr> RestMapper::resources(const Context& ctx, bool again) {
  const auto known = state_->known.with([](const State::Known& k) { return k; });
  const Instant now = ctx.clock().instant();
  if (known.resources && (!again || now - known.read_at < kReadAgain)) return known.resources;
  auto fresh = std::make_shared<const Resources>(TRY(discover(ctx, client_).within("discovery")));
  state_->known.with([&](State::Known& k) { k = {fresh, now}; });
  return ResourcesPtr(fresh);
}

Result<Resource> RestMapper::resource_for(const Context& ctx, const GroupVersionKind& gvk) {
  for (const bool again : {false, true}) {
    const ResourcesPtr all = TRY(resources(ctx, again));
    if (const auto* found = find_kind(*all, gvk)) return found->resource;
  }
  return Error{
      Code::NotFound,
      cat("no matches for kind ", quote(gvk.kind), " in version ", quote(gvk.api_version()))};
}

Result<DiscoveredResource> RestMapper::find(const Context& ctx, std::string_view word) {
  for (const bool again : {false, true}) {
    const ResourcesPtr all = TRY(resources(ctx, again));
    if (const auto* found = find_word(*all, word)) return *found;
  }
  return Error{Code::NotFound, cat("the server doesn't have a resource type ", quote(word))};
}

Result<std::vector<DiscoveredResource>> RestMapper::all(const Context& ctx) {
  return *TRY(resources(ctx, false));
}

void RestMapper::reset() {
  state_->known.with([](State::Known& k) { k = {}; });
}

}  // namespace fleet::kube
