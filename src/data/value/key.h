// Key: the name of an object member, in 8 bytes.
//
// Kubernetes documents use few distinct names many times, so short names are pooled: equal pooled
// keys share one node and compare by address. The pool is bounded (kMaxPooledKeys); what does not
// fit has a node of its own, counted by reference, so hostile documents cannot make it grow.
// Threads: keys may be made, copied and dropped from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleet::data {

inline constexpr size_t kMaxPooledKeyBytes = 64;
inline constexpr size_t kMaxPooledKeys = 65'536;

class Key {
 public:
  explicit Key(std::string_view name);
  Key(const Key& other);
  Key(Key&& other) noexcept
      : node_(other.node_) {
    other.node_ = nullptr;
  }
  Key& operator=(Key other) noexcept {
    const Node* mine = node_;
    node_ = other.node_;
    other.node_ = mine;
    return *this;
  }
  ~Key();

  std::string_view view() const;
  uint32_t hash() const;

  friend bool operator==(const Key& a, const Key& b) {
    return a.node_ == b.node_ || (a.hash() == b.hash() && a.view() == b.view());
  }

  static uint32_t hash_of(std::string_view name);

 private:
  struct Node;
  friend class KeyPool;
  const Node* node_;
};

}  // namespace fleet::data
