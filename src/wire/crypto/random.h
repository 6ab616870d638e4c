// The one use of a random source: unpredictable bytes, names and ids.
//
// CHECKed: the operating system has random bytes. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fleet::crypto {

std::string random_bytes(size_t count);
uint64_t random_number(uint64_t below);  // evenly; `below` is at least 1
std::string random_text(size_t length, std::string_view alphabet);
// As Kubernetes makes names: no vowels, nothing that looks alike ("bcdfghjklmnpqrstvwxz2456789").
std::string random_suffix(size_t length = 5);
std::string random_uuid();  // version 4

}  // namespace fleet::crypto
