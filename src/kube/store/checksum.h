// A 64-bit checksum of a record: it finds flipped bits and torn writes, not forgers.
#pragma once

#include <cstdint>
#include <string_view>

namespace fleet::kube::store {

// Chains: checksum(b, checksum(a)) depends on both, and on where they were cut.
uint64_t checksum(std::string_view bytes, uint64_t seed = 0);

}  // namespace fleet::kube::store
