// Gzip: packing that gives the same bytes each time, unpacking with a limit.
//
// The header has no name and no time. Errors (Invalid) in Go's words: "gzip: invalid header",
// "gzip: invalid checksum", "unexpected EOF"; RequestEntityTooLarge over the limit.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::codec {

inline constexpr int kGzipDefault = 6;
inline constexpr int kGzipBest = 9;
inline constexpr int kGzipFast = 1;
inline constexpr size_t kMaxUnpackedBytes = size_t{1} << 30;

std::string gzip(std::string_view bytes, int level = kGzipDefault);
// All members of a file, one after another.
Result<std::string> gunzip(std::string_view bytes, size_t max_bytes = kMaxUnpackedBytes);
bool is_gzip(std::string_view bytes);  // starts as one

// A zlib stream (RFC 1950), as HTTP's "deflate" and git's objects are.
Result<std::string> inflate_zlib(std::string_view bytes, size_t max_bytes = kMaxUnpackedBytes);

}  // namespace fleet::codec
