#include "sys/memory.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "sys/environment.h"

namespace fleet::sys {
namespace {

TEST(Memory, WhatIsFreedInTheMiddleGoesBack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer has a heap of its own";
#endif
  constexpr size_t kBlocks = 20'000;
  constexpr size_t kBlockBytes = 1'024;
  std::vector<std::unique_ptr<char[]>> blocks;
  for (size_t i = 0; i < kBlocks; ++i)
    blocks.push_back(std::make_unique<char[]>(kBlockBytes));
  const uint64_t full = resident_bytes();
  // The last stays, so that the heap cannot simply end earlier.
  for (size_t i = 0; i + 1 < kBlocks; ++i)
    blocks[i].reset();
  give_back_memory();
  EXPECT_LT(resident_bytes(), full - kBlocks * kBlockBytes / 2);
}

}  // namespace
}  // namespace fleet::sys
