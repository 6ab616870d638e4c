// Archives: gzip and tar of strangers end in a tree inside its folder, or in an error; what was
// read can be written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/gzip.h"
#include "codec/tar.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const fleet::codec::TarLimits limits{.max_entries = 100, .max_total_bytes = size_t{1} << 20};
  const auto tree = fleet::codec::untar_maybe_gzip(text, limits);
  if (tree.ok()) {
    for (const auto& [path, file] : tree->files()) {
      if (!fleet::is_local_path(path)) std::abort();
    }
    const auto again = fleet::codec::untar(fleet::codec::tar(*tree), limits);
    if (!again.ok() || again->files() != tree->files()) std::abort();
  }
  const auto entries = fleet::codec::read_tar(text, limits);
  if (entries.ok() && entries->size() > limits.max_entries) std::abort();
  const auto packed = fleet::codec::gunzip(fleet::codec::gzip(text));
  if (!packed.ok() || *packed != text) std::abort();
  return 0;
}
