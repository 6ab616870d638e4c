#include "codec/tar.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "codec/gzip.h"

namespace fleet::codec {
namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMaxHeaderBytes = size_t{1} << 20;  // of one long name or pax header

Error broken(std::string_view what) {
  return Error{Code::Invalid, std::string(what)};
}

std::string_view field(std::string_view block, size_t at, size_t size) {
  const std::string_view all = block.substr(at, size);
  return all.substr(0, all.find('\0'));
}

// Octal text, or a base-256 number when the top bit is set.
std::optional<uint64_t> number(std::string_view block, size_t at, size_t size) {
  const std::string_view raw = block.substr(at, size);
  if ((static_cast<uint8_t>(raw[0]) & 0x80) != 0) {
    uint64_t value = static_cast<uint8_t>(raw[0]) & 0x7f;
    for (const char c : raw.substr(1)) {
      if (value >> 55 != 0) return {};
      value = value << 8 | static_cast<uint8_t>(c);
    }
    return value;
  }
  uint64_t value = 0;
  for (const char c : trim(raw, std::string_view(" \0", 2))) {
    if (c == '\0') break;
    if (c < '0' || c > '7' || value >> 60 != 0) return {};
    value = value << 3 | static_cast<uint64_t>(c - '0');
  }
  return value;
}

bool checksum_fits(std::string_view block) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    sum += i >= 148 && i < 156 ? uint64_t{' '} : static_cast<uint8_t>(block[i]);
  }
  return number(block, 148, 8) == sum;
}

TarEntry::Type type_of(char flag) {
  switch (flag) {
    case '0':
    case '7':
    case '\0':
      return TarEntry::Type::File;
    case '1':
      return TarEntry::Type::HardLink;
    case '2':
      return TarEntry::Type::Link;
    case '5':
      return TarEntry::Type::Folder;
    default:
      return TarEntry::Type::Other;
  }
}

// What special entries say about the next ordinary one.
struct Overrides {
  std::optional<std::string> name;
  std::optional<std::string> link;
  std::optional<uint64_t> size;
};

// Records "LENGTH KEY=VALUE\n", LENGTH counting itself.
Result<> read_pax(std::string_view records, Overrides& overrides) {
  while (!records.empty()) {
    const size_t space = records.find(' ');
    if (space == std::string_view::npos) return broken("archive/tar: invalid tar header");
    const auto length = parse_uint(records.substr(0, space));
    if (!length || *length <= space + 1 || *length > records.size() ||
        records[*length - 1] != '\n') {
      return broken("archive/tar: invalid tar header");
    }
    const auto pair = cut(records.substr(space + 1, *length - space - 2), "=");
    if (!pair) return broken("archive/tar: invalid tar header");
    records.remove_prefix(*length);
    if (pair->before == "path") overrides.name = std::string(pair->after);
    if (pair->before == "linkpath") overrides.link = std::string(pair->after);
    if (pair->before == "size") {
      overrides.size = parse_uint(pair->after);
      if (!overrides.size) return broken("archive/tar: invalid tar header");
    }
  }
  return {};
}

class TarReader {
 public:
  TarReader(std::string_view archive, const TarLimits& limits)
      : archive_(archive),
        limits_(limits) {}

  Result<std::vector<TarEntry>> run() {
    while (!archive_.empty()) {
      const std::string_view block = archive_.substr(0, kBlock);
      if (block.find_first_not_of('\0') == std::string_view::npos) break;
      if (block.size() < kBlock) return broken("unexpected EOF");
      archive_.remove_prefix(kBlock);
      TRY(entry(block));
    }
    return std::move(entries_);
  }

 private:
  Result<std::string_view> content(uint64_t size) {
    if (size > archive_.size()) return broken("unexpected EOF");
    const std::string_view bytes = archive_.substr(0, size);
    archive_.remove_prefix(
        std::min<size_t>((size + kBlock - 1) / kBlock * kBlock, archive_.size()));
    return bytes;
  }

  Result<> entry(std::string_view block) {
    const auto size = number(block, 124, 12);
    if (!checksum_fits(block) || !size) return broken("archive/tar: invalid tar header");
    const char flag = block[156];
    if (flag == 'L' || flag == 'K' || flag == 'x' || flag == 'g') return special(flag, *size);
    const Overrides said = std::exchange(next_, {});
    TarEntry out;
    out.type = type_of(flag);
    out.type_flag = flag;
    out.name = said.name.value_or(plain_name(block));
    out.link = said.link.value_or(std::string(field(block, 157, 100)));
    out.mode = static_cast<unsigned>(number(block, 100, 8).value_or(0644) & 07777);
    // A file with a trailing slash is how old writers name a folder.
    if (out.type == TarEntry::Type::File && out.name.ends_with('/')) {
      out.type = TarEntry::Type::Folder;
    }
    if (entries_.size() >= limits_.max_entries) {
      return Error{Code::RequestEntityTooLarge, cat("more than ", limits_.max_entries, " entries")};
    }
    const bool has_bytes = flag != '1' && flag != '2' && flag != '5';
    const std::string_view bytes = TRY(content(has_bytes ? said.size.value_or(*size) : 0));
    total_ += bytes.size();
    if (total_ > limits_.max_total_bytes) {
      return Error{Code::RequestEntityTooLarge,
                   cat("more than ", limits_.max_total_bytes, " bytes")};
    }
    if (out.type == TarEntry::Type::File) out.bytes = std::string(bytes);
    entries_.push_back(std::move(out));
    return {};
  }

  Result<> special(char flag, uint64_t size) {
    if (size > kMaxHeaderBytes) return broken("archive/tar: header too large");
    const std::string_view bytes = TRY(content(size));
    if (flag == 'x') return read_pax(bytes, next_);
    if (flag == 'L') next_.name = std::string(bytes.substr(0, bytes.find('\0')));
    if (flag == 'K') next_.link = std::string(bytes.substr(0, bytes.find('\0')));
    return {};
  }

  static std::string plain_name(std::string_view block) {
    std::string name(field(block, 0, 100));
    const bool is_posix = block.substr(257, 6) == std::string_view("ustar\0", 6);
    const std::string_view prefix = is_posix ? field(block, 345, 155) : std::string_view();
    return prefix.empty() ? name : cat(prefix, "/", name);
  }

  std::string_view archive_;
  const TarLimits& limits_;
  std::vector<TarEntry> entries_;
  Overrides next_;
  uint64_t total_ = 0;
};

void put(std::string& block, size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

std::string octal(uint64_t value, size_t digits) {
  std::string out(digits, '0');
  for (size_t i = digits; i-- > 0; value >>= 3)
    out[i] = static_cast<char>('0' + (value & 7));
  return out;
}

// Name and prefix for a ustar header, if the name can be cut so.
std::optional<CutParts> split_name(std::string_view name) {
  if (name.size() <= 100) return CutParts{{}, name};
  for (size_t slash = name.find('/'); slash != std::string_view::npos && slash <= 155;
       slash = name.find('/', slash + 1)) {
    if (slash > 0 && name.size() - slash - 1 <= 100 && name.size() > slash + 1) {
      return CutParts{name.substr(0, slash), name.substr(slash + 1)};
    }
  }
  return {};
}

std::string header(std::string_view prefix,
                   std::string_view name,
                   std::string_view link,
                   uint64_t size,
                   char flag,
                   unsigned mode) {
  std::string block(kBlock, '\0');
  put(block, 0, name.substr(0, 100));
  put(block, 100, octal(mode, 7));
  put(block, 108, octal(0, 7));
  put(block, 116, octal(0, 7));
  put(block, 124, octal(size, 11));
  put(block, 136, octal(0, 11));
  put(block, 148, "        ");
  block[156] = flag;
  put(block, 157, link.substr(0, 100));
  put(block, 257, std::string_view("ustar\00000", 8));
  put(block, 345, prefix);
  uint64_t sum = 0;
  for (const char c : block)
    sum += static_cast<uint8_t>(c);
  put(block, 148, octal(sum, 6));
  block[154] = '\0';
  return block;
}

void append_content(std::string& out, std::string_view bytes) {
  out += bytes;
  out.append((kBlock - bytes.size() % kBlock) % kBlock, '\0');
}

std::string pax_record(std::string_view key, std::string_view value) {
  const size_t rest = key.size() + value.size() + 3;
  size_t length = rest + 1;
  while (length != rest + std::to_string(length).size())
    length = rest + std::to_string(length).size();
  return cat(length, " ", key, "=", value, "\n");
}

void append_entry(std::string& out, const TarEntry& entry) {
  const auto parts = split_name(entry.name);
  std::string records;
  if (!parts) records += pax_record("path", entry.name);
  if (entry.link.size() > 100) records += pax_record("linkpath", entry.link);
  if (!records.empty()) {
    out += header("", "PaxHeaders.0/entry", "", records.size(), 'x', 0644);
    append_content(out, records);
  }
  char flag = '0';
  if (entry.type == TarEntry::Type::Folder) flag = '5';
  if (entry.type == TarEntry::Type::Link) flag = '2';
  if (entry.type == TarEntry::Type::HardLink) flag = '1';
  const CutParts name = parts.value_or(CutParts{{}, entry.name});
  const bool is_file = entry.type == TarEntry::Type::File;
  out += header(
      name.before, name.after, entry.link, is_file ? entry.bytes.size() : 0, flag, entry.mode);
  if (is_file) append_content(out, entry.bytes);
}

bool link_stays_inside(std::string_view name, std::string_view target) {
  return !target.empty() && !target.starts_with('/') &&
         is_local_path(join_path(dir_name(name), target));
}

Result<> add_entry(FileTree& tree, TarEntry entry) {
  const std::string name = clean_path(entry.name);
  if (entry.name.starts_with('/') || (name != "." && !is_local_path(name))) {
    return broken(cat(entry.name, ": leaves the folder"));
  }
  switch (entry.type) {
    case TarEntry::Type::Folder:
      return name == "." ? Result<>() : tree.add_folder(name);
    case TarEntry::Type::File:
      return tree.add(
          name,
          std::move(entry.bytes),
          (entry.mode & 0111) != 0 ? FileTree::Mode::Executable : FileTree::Mode::Plain);
    case TarEntry::Type::Link:
      if (!link_stays_inside(name, entry.link)) {
        return broken(cat(entry.name, ": link leaves the folder"));
      }
      return tree.add(name, std::move(entry.link), FileTree::Mode::Link);
    case TarEntry::Type::HardLink: {
      const FileTree::File* target = tree.entry(clean_path(entry.link));
      if (target == nullptr) return broken(cat(entry.name, ": link to nothing"));
      const FileTree::File copy = *target;
      return tree.add(name, copy.bytes, copy.mode);
    }
    case TarEntry::Type::Other:
      break;
  }
  return broken(cat(entry.name, ": entry of type '", entry.type_flag, "' is not supported"));
}

}  // namespace

Result<std::vector<TarEntry>> read_tar(std::string_view archive, const TarLimits& limits) {
  return TarReader(archive, limits).run();
}

Result<FileTree> untar(std::string_view archive, const TarLimits& limits) {
  FileTree tree;
  for (TarEntry& entry : TRY(read_tar(archive, limits)))
    TRY(add_entry(tree, std::move(entry)));
  return tree;
}

Result<FileTree> untar_maybe_gzip(std::string_view archive, const TarLimits& limits) {
  if (!is_gzip(archive)) return untar(archive, limits);
  // Headers and padding come on top of the files' own bytes.
  const size_t overhead = limits.max_entries * 4 * kBlock;
  const std::string plain = TRY(gunzip(archive, limits.max_total_bytes + overhead));
  return untar(plain, limits);
}

std::string write_tar(const std::vector<TarEntry>& entries) {
  std::string out;
  for (const TarEntry& entry : entries)
    append_entry(out, entry);
  out.append(2 * kBlock, '\0');
  return out;
}

std::string tar(const FileTree& tree, std::string_view prefix) {
  std::string out;
  for (const std::string& folder : tree.empty_folders()) {
    append_entry(out, {join_path(prefix, folder) + "/", TarEntry::Type::Folder, 0755});
  }
  for (const auto& [name, file] : tree.files()) {
    const std::string path = join_path(prefix, name);
    if (file.mode == FileTree::Mode::Link) {
      append_entry(out, {path, TarEntry::Type::Link, 0777, file.bytes});
    } else {
      const unsigned mode = file.mode == FileTree::Mode::Executable ? 0755 : 0644;
      append_entry(out, {path, TarEntry::Type::File, mode, {}, file.bytes});
    }
  }
  out.append(2 * kBlock, '\0');
  return out;
}

}  // namespace fleet::codec
