#include "kube/cache/indexer.h"

#include <utility>

#include "base/check.h"

namespace fleet::kube {

void Indexer::add_index(std::string name, IndexFunction values) {
  CHECK(size() == 0);
  functions_.insert_or_assign(std::move(name), std::move(values));
}

CachedPtr Indexer::get(const Key& key) const {
  return state_.with([&](const State& s) {
    auto it = s.items.find(key);
    return it == s.items.end() ? CachedPtr() : it->second;
  });
}

std::vector<CachedPtr> Indexer::list(std::string_view ns) const {
  return state_.with([&](const State& s) {
    std::vector<CachedPtr> out;
    auto it = ns.empty() ? s.items.begin() : s.items.lower_bound(Key{std::string(ns), ""});
    for (; it != s.items.end() && (ns.empty() || it->first.ns == ns); ++it) {
      out.push_back(it->second);
    }
    return out;
  });
}

std::vector<CachedPtr> Indexer::by_index(std::string_view name, std::string_view value) const {
  return state_.with([&](const State& s) {
    std::vector<CachedPtr> out;
    auto buckets = s.indexes.find(name);
    if (buckets == s.indexes.end()) return out;
    auto bucket = buckets->second.find(value);
    if (bucket == buckets->second.end()) return out;
    for (const auto& [key, item] : bucket->second)
      out.push_back(item);
    return out;
  });
}

std::vector<Key> Indexer::keys() const {
  return state_.with([](const State& s) {
    std::vector<Key> out;
    for (const auto& [key, item] : s.items)
      out.push_back(key);
    return out;
  });
}

size_t Indexer::size() const {
  return state_.with([](const State& s) { return s.items.size(); });
}

void Indexer::index(State& state,
                    const Key& key,
                    const CachedPtr& item,
                    const CachedPtr& before) const {
  for (const auto& [name, values] : functions_) {
    Buckets& buckets = state.indexes[name];
    if (before) {
      for (const std::string& value : values(before->object)) {
        auto bucket = buckets.find(value);
        if (bucket == buckets.end()) continue;
        bucket->second.erase(key);
        if (bucket->second.empty()) buckets.erase(bucket);
      }
    }
    if (item) {
      for (std::string& value : values(item->object))
        buckets[std::move(value)][key] = item;
    }
  }
}

CachedPtr Indexer::put(CachedPtr item) {
  const Key key = item->object.key();
  return state_.with([&](State& s) {
    CachedPtr before = std::exchange(s.items[key], item);
    index(s, key, item, before);
    return before;
  });
}

CachedPtr Indexer::remove(const Key& key) {
  return state_.with([&](State& s) {
    auto it = s.items.find(key);
    if (it == s.items.end()) return CachedPtr();
    CachedPtr before = std::move(it->second);
    s.items.erase(it);
    index(s, key, nullptr, before);
    return before;
  });
}

}  // namespace fleet::kube
