// The shared nodes behind a Value. For the .cc files of this room only.
#pragma once

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include "base/check.h"
#include "data/value/value.h"

namespace fleet::data {

struct Counted {
  mutable std::atomic<uint32_t> references{1};

  // True if that was the last reference.
  bool drop() const { return references.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool is_unique() const { return references.load(std::memory_order_acquire) == 1; }
};

struct Value::Text : Counted {
  size_t size = 0;

  std::string_view view() const { return {reinterpret_cast<const char*>(this + 1), size}; }

  static Text* make(std::string_view text) {
    void* block = std::malloc(sizeof(Text) + text.size());
    CHECK(block != nullptr);
    auto* node = new (block) Text;
    node->size = text.size();
    std::memcpy(reinterpret_cast<char*>(node + 1), text.data(), text.size());
    return node;
  }
  static void destroy(Text* node) { std::free(node); }
};

struct Value::Array : Counted {
  std::vector<Value> items;
};

struct Value::Object : Counted {
  static constexpr size_t kNone = SIZE_MAX;
  // Up to this many members are searched one by one; above, by a hash index.
  static constexpr size_t kIndexFrom = 12;

  std::vector<Member> members;
  std::vector<uint32_t> index;  // open addressing; 0 is free, else position + 1

  size_t find(std::string_view key) const {
    if (index.empty()) {
      for (size_t i = 0; i < members.size(); ++i) {
        if (members[i].key.view() == key) return i;
      }
      return kNone;
    }
    uint32_t hash = Key::hash_of(key);
    size_t mask = index.size() - 1;
    for (size_t at = hash & mask; index[at] != 0; at = (at + 1) & mask) {
      const Member& member = members[index[at] - 1];
      if (member.key.hash() == hash && member.key.view() == key) return index[at] - 1;
    }
    return kNone;
  }

  void add(Key key, Value value) {
    members.push_back(Member{std::move(key), std::move(value)});
    if (members.size() <= kIndexFrom) return;
    if (members.size() * 2 > index.size()) {
      reindex();
    } else {
      place(members.size() - 1);
    }
  }

  void erase(std::string_view key) {
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(find(key)));
    reindex();
  }

  void reindex() {
    index.clear();
    if (members.size() <= kIndexFrom) return;
    size_t slots = 64;
    while (slots < members.size() * 4)
      slots *= 2;
    index.resize(slots);
    for (size_t i = 0; i < members.size(); ++i)
      place(i);
  }

 private:
  void place(size_t position) {
    size_t mask = index.size() - 1;
    size_t at = members[position].key.hash() & mask;
    while (index[at] != 0)
      at = (at + 1) & mask;
    index[at] = static_cast<uint32_t>(position + 1);
  }
};

}  // namespace fleet::data
