#include "e2e/measured.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strings.h"
#include "e2e/world.h"
#include "sys/files.h"

namespace fleet::e2e {
namespace {

constexpr size_t kKept = 64 << 10;

std::string ends_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.size() <= 2 * kKept) return text;
  return cat(text.substr(0, kKept), "\n...\n", text.substr(text.size() - kKept));
}

size_t size_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  return in ? static_cast<size_t>(in.tellg()) : 0;
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const char* folder, const char* out, const char* err, char* const* argv) {
  const int output = ::open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int errors = ::open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (output < 0 || errors < 0 || ::chdir(folder) != 0) ::_exit(126);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  const rlimit cpu{kMaxCpuSeconds, kMaxCpuSeconds};
  ::setrlimit(RLIMIT_CPU, &cpu);
  ::alarm(kMaxSeconds);  // outlives exec
  ::execv(argv[0], argv);
  ::_exit(127);
}

}  // namespace

Result<Measured> run_fleet(const Files& files, const std::vector<std::string>& args) {
  auto folder = TRY(sys::TempFolder::make("hostile"));
  const std::string inside = folder.file("in");
  TRY(sys::make_folders(inside));
  for (const auto& [path, bytes] : files) {
    const std::string file = cat(inside, "/", path);
    TRY(sys::make_folders(file.substr(0, file.rfind('/'))));
    std::ofstream(file, std::ios::binary) << bytes;  // thousands of them: no fsync
  }
  std::vector<std::string> words = {cat(program_folder(), "/fleet")};
  words.insert(words.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string out = folder.file("out");
  const std::string err = folder.file("err");

  const pid_t child = ::fork();
  if (child < 0) return Error(Code::InternalError, "fork failed");
  if (child == 0) become(inside.c_str(), out.c_str(), err.c_str(), argv.data());
  int status = 0;
  rusage used{};
  if (::wait4(child, &status, 0, &used) != child) {
    return Error(Code::InternalError, "wait4 failed");
  }
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  Measured measured;
  measured.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  measured.errors = ends_of(err);
  measured.output_bytes = size_of(out);
  measured.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  measured.peak_rss_bytes = used.ru_maxrss * 1024;
  return measured;
}

void expect_small(const Measured& run, std::string_view rule) {
  std::printf("%-48.*s %6.2f s %6.1f MB\n",
              static_cast<int>(rule.size()),
              rule.data(),
              run.cpu_seconds,
              static_cast<double>(run.peak_rss_bytes) / (1 << 20));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(run.peak_rss_bytes, kMaxRssBytes);
#endif
}

}  // namespace fleet::e2e
