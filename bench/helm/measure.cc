#include "measure.h"

#include <cstdio>
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

Usage run_once(const std::vector<std::string>& command) {
  pid_t child = fork();
  if (child == 0) {
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : command)
      arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  Usage out;
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return out;
  out.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  out.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  out.peak_bytes = static_cast<double>(usage.ru_maxrss) * 1024;
  return out;
}

}  // namespace

Usage measure(const std::vector<std::string>& command, int times) {
  Usage best = run_once(command);
  for (int i = 1; i < times && best.ok; ++i) {
    Usage next = run_once(command);
    if (next.cpu_seconds < best.cpu_seconds) best.cpu_seconds = next.cpu_seconds;
    if (next.peak_bytes < best.peak_bytes) best.peak_bytes = next.peak_bytes;
  }
  return best;
}

double mean_cpu_seconds(const std::vector<std::string>& command, int times) {
  double sum = 0;
  for (int i = 0; i < times; ++i) {
    Usage one = run_once(command);
    if (!one.ok) return 0;
    sum += one.cpu_seconds;
  }
  return sum / times;
}

std::string find_helm() {
  if (const char* named = std::getenv("HELM")) return named;
  const char* path = std::getenv("PATH");
  for (std::string_view folder : split(path ? path : "", ':')) {
    std::string candidate = cat(folder, "/helm");
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

void report(std::string_view figure, double ours, double peer, bool has_peer, bool more_is_better) {
  std::string name(figure);
  if (!has_peer || peer <= 0 || ours <= 0) {
    std::printf("bench helm %s ours=%.4g peer=none ratio=0\n", name.c_str(), ours);
  } else {
    std::printf("bench helm %s ours=%.4g peer=%.4g ratio=%.1f\n",
                name.c_str(),
                ours,
                peer,
                more_is_better ? ours / peer : peer / ours);
  }
  std::fflush(stdout);
}

}  // namespace fleet::bench
