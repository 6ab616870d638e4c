// Heap: the memory of one render. Everything a template makes lives here until the render ends.
//
// A bump allocator: taking memory is an addition, giving back happens all at once. A render is
// short, and what it drops on the way is small beside what it prints; so values are plain 16-byte
// words that are copied without counting references.
//
// Limits: `limit` bytes (kMaxHeapBytes by default). Going over it is remembered, not refused:
// `exhausted()` turns true and the interpreter ends the render at its next step. A function that
// makes something of a size named by the template asks `fits` first.
// Lifetime: no destructors run; documents are kept alive by `keep`.
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fleet::gotemplate {

inline constexpr size_t kMaxHeapBytes = size_t{96} << 20;     // bytes a render may allocate
inline constexpr size_t kFirstBlockBytes = size_t{16} << 10;  // blocks double from here to 1 MiB

class Heap {
 public:
  explicit Heap(size_t limit = kMaxHeapBytes, size_t first_block = kFirstBlockBytes)
      : limit_(limit),
        next_size_(first_block) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  void* allocate(size_t bytes) {
    bytes = (bytes + 7) & ~size_t{7};
    if (bytes > static_cast<size_t>(end_ - next_)) return allocate_slow(bytes);
    char* at = next_;
    next_ += bytes;
    return at;
  }

  // An uninitialised array; T has no destructor to run.
  template <typename T>
  T* array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    return static_cast<T*>(allocate(count * sizeof(T)));
  }
  template <typename T>
  T* create() {
    return new (allocate(sizeof(T))) T();
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* at = static_cast<char*>(allocate(text.size()));
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  // Keeps `object` alive until `clear`.
  void keep(std::shared_ptr<const void> object) { kept_.push_back(std::move(object)); }

  bool exhausted() const { return used_ > limit_; }
  // Whether `bytes` more would stay within the limit.
  bool fits(size_t bytes) const { return used_ <= limit_ && bytes <= limit_ - used_; }
  size_t used() const { return used_; }  // bytes of all blocks taken
  // Counts memory held elsewhere on behalf of this render, such as a parsed document.
  void charge(size_t bytes) { used_ += bytes; }
  // The render ends at its next step: something would have become too large, and was cut off.
  void exhaust() { used_ = std::max(used_, limit_ + 1); }

  // Forgets everything. The next render starts with larger blocks if this one needed them.
  void clear();

 private:
  void* allocate_slow(size_t bytes);

  char* next_ = nullptr;
  char* end_ = nullptr;
  size_t used_ = 0;
  size_t limit_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t next_size_;
  std::vector<std::shared_ptr<const void>> kept_;
};

}  // namespace fleet::gotemplate
