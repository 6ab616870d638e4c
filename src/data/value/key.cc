#include "data/value/key.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include "base/check.h"

namespace fleet::data {

struct Key::Node {
  mutable std::atomic<uint32_t> references;  // not counted when pooled
  uint32_t hash;
  uint32_t size;
  bool pooled;
  char text[1];  // NOLINT: `size` characters follow in the same block

  static const Node* make(std::string_view name, uint32_t hash, bool pooled) {
    CHECK(name.size() < UINT32_MAX);
    void* block = std::malloc(offsetof(Node, text) + name.size() + 1);
    CHECK(block != nullptr);
    auto* node = new (block) Node{{1}, hash, static_cast<uint32_t>(name.size()), pooled, {0}};
    std::memcpy(node->text, name.data(), name.size());
    node->text[name.size()] = '\0';
    return node;
  }
  std::string_view view() const { return {text, size}; }
};

// The pool of shared names: shards of open-addressed tables that only grow, up to a bound.
class KeyPool {
 public:
  const Key::Node* find_or_add(std::string_view name, uint32_t hash) {
    Shard& shard = shards_[hash % kShards];
    std::lock_guard lock(shard.mutex);
    if (shard.slots.empty()) shard.slots.resize(64);
    size_t mask = shard.slots.size() - 1;
    size_t at = (hash / kShards) & mask;
    for (; shard.slots[at]; at = (at + 1) & mask) {
      const Key::Node* node = shard.slots[at];
      if (node->hash == hash && node->view() == name) return node;
    }
    if (shard.count >= kMaxPooledKeys / kShards) return nullptr;
    const Key::Node* node = Key::Node::make(name, hash, true);
    shard.slots[at] = node;
    if (++shard.count * 2 > shard.slots.size()) shard.grow();
    return node;
  }

  // The one pool of the process: names are immutable and equal wherever they come from, so sharing
  // them is invisible but for the memory it saves. Never destroyed: keys may outlive everything.
  static KeyPool& shared() {
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see above
    static KeyPool* const pool = new KeyPool;
    return *pool;
  }

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::vector<const Key::Node*> slots;
    size_t count = 0;

    void grow() {
      std::vector<const Key::Node*> larger(slots.size() * 2);
      size_t mask = larger.size() - 1;
      for (const Key::Node* node : slots) {
        if (!node) continue;
        size_t at = (node->hash / kShards) & mask;
        while (larger[at])
          at = (at + 1) & mask;
        larger[at] = node;
      }
      slots.swap(larger);
    }
  };
  Shard shards_[kShards];
};

uint32_t Key::hash_of(std::string_view name) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

Key::Key(std::string_view name) {
  uint32_t hash = hash_of(name);
  node_ = name.size() <= kMaxPooledKeyBytes ? KeyPool::shared().find_or_add(name, hash) : nullptr;
  if (!node_) node_ = Node::make(name, hash, false);
}

Key::Key(const Key& other)
    : node_(other.node_) {
  if (node_ && !node_->pooled) node_->references.fetch_add(1, std::memory_order_relaxed);
}

Key::~Key() {
  if (!node_ || node_->pooled) return;
  if (node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    std::free(const_cast<Node*>(node_));
  }
}

std::string_view Key::view() const {
  return node_->view();
}

uint32_t Key::hash() const {
  return node_->hash;
}

}  // namespace fleet::data
