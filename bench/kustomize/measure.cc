#include "measure.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strings.h"

namespace fleet::bench {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void become(const std::vector<std::string>& command, unsigned max_cpu_seconds) {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  const rlimit limit{max_cpu_seconds, max_cpu_seconds + 1};
  setrlimit(RLIMIT_CPU, &limit);
  std::vector<char*> arguments;
  for (const std::string& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

Usage run_once(const std::vector<std::string>& command, unsigned max_cpu_seconds) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) become(command, max_cpu_seconds);
  Usage out;
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return out;
  out.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  out.cut = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
  out.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  out.peak_bytes = static_cast<double>(usage.ru_maxrss) * 1024;
  return out;
}

}  // namespace

Usage measure(const std::vector<std::string>& command, int times, unsigned max_cpu_seconds) {
  Usage best = run_once(command, max_cpu_seconds);
  for (int i = 1; i < times && best.ok; i++) {
    const Usage next = run_once(command, max_cpu_seconds);
    best.cpu_seconds = std::min(best.cpu_seconds, next.cpu_seconds);
    best.wall_seconds = std::min(best.wall_seconds, next.wall_seconds);
    best.peak_bytes = std::min(best.peak_bytes, next.peak_bytes);
  }
  return best;
}

std::vector<std::string> find_peer() {
  if (const char* named = std::getenv("KUSTOMIZE"); named != nullptr && *named != '\0')
    return {named, "build"};
  const char* path = std::getenv("PATH");
  for (std::string_view folder : split(path ? path : "", ':')) {
    std::string candidate = cat(folder, "/kubectl");
    if (access(candidate.c_str(), X_OK) == 0) return {candidate, "kustomize"};
  }
  return {};
}

}  // namespace fleet::bench
