#include "base/strings.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "helm/chart/chart.h"

namespace fleet::helm {
namespace {

constexpr size_t kHeaderAllowance = size_t{16} << 20;  // bytes of tar headers in an archive

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

Error too_large() {
  return Error(Code::RequestEntityTooLarge,
               cat("decompressed chart is larger than the maximum size ", kMaxChartBytes));
}

bool has_drive(std::string_view path) {
  char letter = path.size() > 2 ? path[0] : '/';
  bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  return is_letter && path[1] == ':' && path[2] == '/';
}

// The path below the archive's one folder; "\" separates where it occurs.
Result<std::string> inner_path(const std::string& name) {
  char delimiter = contains(name, "\\") ? '\\' : '/';
  auto parts = split(name, delimiter);
  std::string path;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (i > 1) path += '/';
    path += parts[i];
  }
  if (path.starts_with('/')) return refuse("chart illegally contains absolute paths");
  path = clean_path(path);
  if (path == ".") {
    return refuse(
        cat("chart illegally contains content outside the base directory: ", quote(name)));
  }
  if (path.starts_with("..")) return refuse("chart illegally references parent directory");
  if (has_drive(path)) return refuse("chart contains illegally named files");
  if (parts[0] == "Chart.yaml") return refuse("chart yaml not in base directory");
  return path;
}

}  // namespace

Result<ChartFiles> read_archive(std::string_view archive) {
  auto unpacked = codec::gunzip(archive, kMaxChartBytes + kHeaderAllowance);
  if (!unpacked.ok() && unpacked.error().code() == Code::RequestEntityTooLarge) return too_large();
  std::string bytes = TRY(std::move(unpacked));
  codec::TarLimits limits;
  limits.max_entries = kMaxChartFiles;
  auto entries = TRY(codec::read_tar(bytes, limits));
  bytes = {};
  ChartFiles files;
  size_t remaining = kMaxChartBytes;
  for (codec::TarEntry& entry : entries) {
    if (entry.type == codec::TarEntry::Type::Folder || entry.name.ends_with('/')) continue;
    if (entry.type_flag == 'x' || entry.type_flag == 'g') continue;
    std::string path = TRY(inner_path(entry.name));
    size_t size = entry.bytes.size();
    if (size > remaining) return too_large();
    if (size > kMaxFileBytes) {
      return Error(Code::RequestEntityTooLarge,
                   cat("decompressed chart file ",
                       quote(entry.name),
                       " is larger than the maximum file size ",
                       kMaxFileBytes));
    }
    remaining -= size;
    if (remaining == 0) return too_large();
    if (entry.bytes.starts_with("\xEF\xBB\xBF")) entry.bytes.erase(0, 3);
    files.push_back({std::move(path), std::move(entry.bytes)});
  }
  if (files.empty()) return refuse("no files in chart archive");
  return files;
}

}  // namespace fleet::helm
