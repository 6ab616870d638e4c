// Tar archives: entries as they stand, or as a FileTree.
//
// Reads ustar, GNU long names and numbers, and pax headers (path, linkpath, size). Writes ustar,
// with a pax header for what does not fit; owner 0, time 0, so the same tree gives the same bytes.
// Hostile archives: limits below; `untar` refuses names that leave the folder, absolute ones, links
// that lead out, devices and sparse files. Errors: Invalid, RequestEntityTooLarge.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"

namespace fleet::codec {

struct TarEntry {
  enum class Type { File, Folder, Link, HardLink, Other };
  std::string name;  // as written
  Type type = Type::File;
  unsigned mode = 0644;
  std::string link{};  // target of a link
  std::string bytes{};
  char type_flag = '0';  // as written, for Other
};

struct TarLimits {
  size_t max_entries = 100'000;
  size_t max_total_bytes = size_t{1} << 30;
};

// Entries in order, global pax headers left out. An archive without the two zero blocks at its end
// is accepted; one that stops inside an entry is "unexpected EOF".
Result<std::vector<TarEntry>> read_tar(std::string_view archive, const TarLimits& limits = {});

// A later entry replaces an earlier one of the same name.
Result<FileTree> untar(std::string_view archive, const TarLimits& limits = {});
// Gzipped or not, as its first bytes say.
Result<FileTree> untar_maybe_gzip(std::string_view archive, const TarLimits& limits = {});

// Files in byte order of their paths, below `prefix` ("" or "mychart").
std::string tar(const FileTree& tree, std::string_view prefix = {});
std::string write_tar(const std::vector<TarEntry>& entries);

}  // namespace fleet::codec
