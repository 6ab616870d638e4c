#include "gotemplate/heap.h"

#include <algorithm>

namespace fleet::gotemplate {
namespace {
constexpr size_t kLargestBlock = size_t{1} << 20;
}  // namespace

void* Heap::allocate_slow(size_t bytes) {
  used_ += std::max(bytes, next_size_);
  if (bytes > next_size_ / 2) {  // large things get a block of their own; the open one stays open
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    if (bytes < next_size_) used_ -= next_size_ - bytes;
    return blocks_.back().get();
  }
  size_t size = next_size_;
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
  next_size_ = std::min(next_size_ * 2, kLargestBlock);
  next_ = blocks_.back().get();
  end_ = next_ + size;
  char* at = next_;
  next_ += bytes;
  return at;
}

void Heap::clear() {
  kept_.clear();
  blocks_.clear();
  next_ = nullptr;
  end_ = nullptr;
  used_ = 0;
  next_size_ = std::min(next_size_, size_t{256} << 10);
}

}  // namespace fleet::gotemplate
