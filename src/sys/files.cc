#include "sys/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/wait_fd.h"

namespace fleet::sys {
namespace {

Result<> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(errno, cat("write ", path));
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

FileInfo::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileInfo::Kind::File;
  if (S_ISDIR(mode)) return FileInfo::Kind::Folder;
  if (S_ISLNK(mode)) return FileInfo::Kind::Link;
  return FileInfo::Kind::Other;
}

}  // namespace

Result<std::string> read_file(const std::string& path, size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return system_error(errno, cat("open ", path));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error(errno, cat("read ", path));
  std::string bytes;
  if (info.st_size > 0) bytes.reserve(std::min(static_cast<size_t>(info.st_size), max_bytes));
  char buffer[65536];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(errno, cat("read ", path));
    if (n == 0) return bytes;
    if (bytes.size() + static_cast<size_t>(n) > max_bytes) {
      return Error{Code::RequestEntityTooLarge, cat(path, ": larger than ", max_bytes, " bytes")};
    }
    bytes.append(buffer, static_cast<size_t>(n));
    // A whole regular file: its end need not be read.
    if (S_ISREG(info.st_mode) && bytes.size() == static_cast<size_t>(info.st_size)) return bytes;
  }
}

Result<> write_file(const std::string& path, std::string_view bytes, unsigned mode, Sync sync) {
  std::string temporary = path + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return system_error(errno, cat("create ", path));
  auto written = [&]() -> Result<> {
    TRY(write_all(fd.get(), bytes, path));
    if (::fchmod(fd.get(), mode) != 0) return system_error(errno, cat("chmod ", path));
    if (sync == Sync::Yes && ::fsync(fd.get()) != 0) {
      return system_error(errno, cat("sync ", path));
    }
    return rename_path(temporary, path);
  }();
  if (!written.ok()) {
    ::unlink(temporary.c_str());
    return std::move(written).error();
  }
  return sync == Sync::Yes ? sync_folder(folder_of(path)) : Result<>();
}

Result<> append_file(const std::string& path, std::string_view bytes, unsigned mode) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode));
  if (!fd.valid()) return system_error(errno, cat("open ", path));
  return write_all(fd.get(), bytes, path);
}

Result<FileInfo> file_info(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return system_error(errno, cat("stat ", path));
  FileInfo result;
  result.kind = kind_of(info.st_mode);
  result.bytes = static_cast<uint64_t>(info.st_size);
  result.mode = info.st_mode & 07777;
  result.changed = TimePoint{std::chrono::seconds{info.st_mtim.tv_sec} +
                             std::chrono::nanoseconds{info.st_mtim.tv_nsec}};
  return result;
}

bool path_exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

Result<std::vector<std::string>> list_folder(const std::string& path) {
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return system_error(errno, cat("open ", path));
  std::vector<std::string> names;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): readdir is safe on a stream of one's own
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

Result<> make_folders(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), mode) == 0) return {};
  const int error = errno;
  if (error == ENOENT) {
    const std::string parent = folder_of(path);
    if (parent == path || parent == ".") return system_error(error, cat("make folder ", path));
    TRY(make_folders(parent, mode));
    if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
    return system_error(errno, cat("make folder ", path));
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return system_error(error, cat("make folder ", path));
}

Result<> rename_path(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_error(errno, cat("rename ", from, " to ", to));
}

Result<> remove_path(const std::string& path) {
  // NOLINTNEXTLINE: remove(3) chooses between unlink and rmdir
  if (::remove(path.c_str()) == 0) return {};
  return system_error(errno, cat("remove ", path));
}

Result<> remove_all(const std::string& path) {
  Result<FileInfo> info = file_info(path);
  if (!info.ok()) {
    if (info.error().code() == Code::NotFound) return {};
    return std::move(info).error();
  }
  if (info->kind == FileInfo::Kind::Folder) {
    ::chmod(path.c_str(), 0700);  // else what is in a read-only folder could not go
    for (const std::string& name : TRY(list_folder(path)))
      TRY(remove_all(path + "/" + name));
  }
  return remove_path(path);
}

Result<> sync_folder(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return system_error(errno, cat("open ", path));
  if (::fsync(fd.get()) != 0) return system_error(errno, cat("sync ", path));
  return {};
}

Result<std::string> real_path(const std::string& path) {
  char buffer[PATH_MAX];
  if (::realpath(path.c_str(), buffer) == nullptr) {
    return system_error(errno, cat("resolve ", path));
  }
  return std::string(buffer);
}

Result<std::string> current_folder() {
  char buffer[PATH_MAX];
  if (::getcwd(buffer, sizeof buffer) == nullptr) return system_error(errno, "current folder");
  return std::string(buffer);
}

Result<TempFolder> TempFolder::make(std::string_view prefix) {
  std::string path = cat(temporary_folder(), "/", prefix, "-XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) return system_error(errno, cat("make folder ", path));
  return TempFolder(std::move(path));
}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempFolder::~TempFolder() {
  if (path_.empty()) return;
  [[maybe_unused]] const bool removed = remove_all(path_).ok();
}

Result<LockFile> LockFile::take(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return system_error(errno, cat("open ", path));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error(errno, cat("lock ", path));
    const std::string owner = read_file(path, 64).value_or("");
    return Error{Code::Conflict, cat(path, ": held by process ", trim(owner))};
  }
  if (::ftruncate(fd.get(), 0) != 0) return system_error(errno, cat("write ", path));
  TRY(write_all(fd.get(), cat(process_id(), "\n"), path));
  return LockFile(std::move(fd));
}

}  // namespace fleet::sys
