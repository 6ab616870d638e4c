#include "kube/store/checksum.h"

#include <cstring>

namespace fleet::kube::store {

namespace {

constexpr uint64_t kPrime = 0x9E3779B97F4A7C15ULL;

uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * kPrime;
  return hash ^ (hash >> 29);
}

}  // namespace

uint64_t checksum(std::string_view bytes, uint64_t seed) {
  uint64_t hash = mix(seed + kPrime, bytes.size());
  while (bytes.size() >= sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    hash = mix(hash, word);
    bytes.remove_prefix(sizeof word);
  }
  uint64_t last = 0;
  if (!bytes.empty()) std::memcpy(&last, bytes.data(), bytes.size());
  return mix(hash, last);
}

}  // namespace fleet::kube::store
