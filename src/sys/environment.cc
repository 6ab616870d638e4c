#include "sys/environment.h"

#include <climits>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <pwd.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/files.h"

extern char** environ;

namespace fleet::sys {

std::optional<std::string> env(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): we never change the environment
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return {};
  return std::string(value);
}

std::map<std::string, std::string> all_env() {
  std::map<std::string, std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (const auto parts = cut(*entry, "=")) all.emplace(parts->before, parts->after);
  }
  return all;
}

std::string host_name() {
  char buffer[256] = {};
  if (::gethostname(buffer, sizeof buffer - 1) != 0) return "localhost";
  return buffer;
}

std::string home_folder() {
  if (auto home = env("HOME"); home && !home->empty()) return *home;
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) {
    return entry.pw_dir;
  }
  return "/";
}

std::string program_path() {
  char buffer[PATH_MAX];
  const ssize_t n = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : std::string();
}

std::string temporary_folder() {
  auto folder = env("TMPDIR");
  return folder && !folder->empty() ? *folder : "/tmp";
}

int process_id() {
  return ::getpid();
}

bool is_root() {
  return ::geteuid() == 0;
}

uint64_t resident_bytes() {
  Result<std::string> statm = read_file("/proc/self/statm");
  if (!statm.ok()) return 0;
  const auto fields = split_fields(*statm);
  const auto pages = fields.size() > 1 ? parse_uint(fields[1]) : std::nullopt;
  return pages.value_or(0) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

}  // namespace fleet::sys
