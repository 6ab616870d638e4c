// Indexer: the objects of one kind as last seen, by key and by chosen properties.
//
// Objects are shared_ptr<const Cached>: who holds one keeps reading the same document while the
// world goes on. What is absent here is not known to be deleted: whoever destroys something because
// of an absence reads it live first.
// Threads: readers any; one writer, its informer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kube/meta/object.h"
#include "sys/guarded.h"

namespace fleet::kube {

// A document and, if its informer was told how, the struct decoded from it.
struct Cached {
  Object object;
  std::shared_ptr<const void> decoded;  // null when it could not be decoded
};
using CachedPtr = std::shared_ptr<const Cached>;

class Indexer {
 public:
  using IndexFunction = std::function<std::vector<std::string>(const Object&)>;

  // Before the first `put`. The function gives the values under which an object is found.
  void add_index(std::string name, IndexFunction values);

  CachedPtr get(const Key& key) const;                          // null if absent
  std::vector<CachedPtr> list(std::string_view ns = {}) const;  // by key; all namespaces if empty
  std::vector<CachedPtr> by_index(std::string_view name, std::string_view value) const;
  std::vector<Key> keys() const;
  size_t size() const;

  // Each returns what was there before, or null.
  CachedPtr put(CachedPtr item);
  CachedPtr remove(const Key& key);

 private:
  using Buckets = std::map<std::string, std::map<Key, CachedPtr>, std::less<>>;
  struct State {
    std::map<Key, CachedPtr> items;
    std::map<std::string, Buckets, std::less<>> indexes;
  };
  void index(State& state, const Key& key, const CachedPtr& item, const CachedPtr& before) const;

  std::map<std::string, IndexFunction, std::less<>> functions_;
  Guarded<State> state_;
};

// Reads an indexer as structs. Objects that could not be decoded are left out of lists, and null.
template <typename T>
class Lister {
 public:
  explicit Lister(const Indexer& indexer)
      : indexer_(&indexer) {}

  std::shared_ptr<const T> get(const Key& key) const { return typed(indexer_->get(key)); }
  std::vector<std::shared_ptr<const T>> list(std::string_view ns = {}) const {
    return typed(indexer_->list(ns));
  }
  std::vector<std::shared_ptr<const T>> by_index(std::string_view name,
                                                 std::string_view value) const {
    return typed(indexer_->by_index(name, value));
  }
  const Indexer& indexer() const { return *indexer_; }

 private:
  static std::shared_ptr<const T> typed(const CachedPtr& item) {
    return item ? std::static_pointer_cast<const T>(item->decoded) : nullptr;
  }
  static std::vector<std::shared_ptr<const T>> typed(const std::vector<CachedPtr>& items) {
    std::vector<std::shared_ptr<const T>> out;
    out.reserve(items.size());
    for (const CachedPtr& item : items) {
      if (auto object = typed(item)) out.push_back(std::move(object));
    }
    return out;
  }

  const Indexer* indexer_;
};

}  // namespace fleet::kube
