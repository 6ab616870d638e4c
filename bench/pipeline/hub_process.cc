#include "hub_process.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/client/http_client.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(2);
constexpr Duration kPatience = std::chrono::seconds(60);
constexpr Duration kGrace = std::chrono::seconds(10);

// A number of kilobytes in /proc/PID/status, as megabytes; zero when the process is gone.
double status_megabytes(int pid, std::string_view field) {
  auto text = sys::read_file(cat("/proc/", pid, "/status"));
  if (!text.ok()) return 0;
  for (std::string_view line : split(*text, '\n')) {
    auto pair = cut(line, ":");
    if (!pair || pair->before != field) continue;
    const auto kilobytes = parse_int(trim(trim_suffix(trim(pair->after), "kB")));
    return static_cast<double>(kilobytes.value_or(0)) * 1024 / 1e6;
  }
  return 0;
}

bool is_child_of(int pid, int parent) {
  auto text = sys::read_file(cat("/proc/", pid, "/status"));
  return text.ok() && contains(*text, cat("\nPPid:\t", parent, "\n"));
}

bool is_agent(int pid) {
  auto words = sys::read_file(cat("/proc/", pid, "/cmdline"));
  return words.ok() && contains(*words, std::string_view("\0agent\0", 7));
}

}  // namespace

Result<HubProcess> HubProcess::start(const Context& ctx,
                                     const std::string& folder,
                                     int clusters,
                                     int port) {
  const std::string kubeconfig = folder + "/ready.kubeconfig";
  TRY(sys::make_folders(folder, 0700));
  if (sys::path_exists(kubeconfig)) TRY(sys::remove_path(kubeconfig));
  sys::Command command;
  command.args = {dir_name(sys::program_path()) + "/fleet",
                  "server",
                  "--data-dir",
                  folder,
                  "--listen",
                  cat("127.0.0.1:", port),
                  "--kubeconfig-out",
                  kubeconfig,
                  "--log-level",
                  "error",
                  "--playground",
                  cat(clusters)};
  command.env = sys::all_env();
  const Instant begin = ctx.clock().instant();
  // Its agents tell of every deployment, and only figures are wanted here.
  const sys::Streams quiet{sys::Stream::Null, sys::Stream::Null, sys::Stream::Null};
  HubProcess hub(TRY(sys::Child::start(command, quiet)));
  const Context patient = ctx.with_timeout(kPatience);
  while (true) {
    if (sys::path_exists(kubeconfig)) {
      hub.access_ = TRY(kube::load_kubeconfig({.path = kubeconfig}));
      hub.client_ = TRY(hub.connect());
      auto ready = hub.client_->raw(patient, {.path = "/readyz"});
      if (ready.ok() && ready->status == 200) break;
    }
    TRY(patient.sleep(kLook).within("waiting for the hub to be ready"));
  }
  hub.time_to_ready_ = ctx.clock().instant() - begin;
  return hub;
}

Result<> HubProcess::stop(const Context& ctx) {
  client_.reset();
  TRY(child_.terminate(ctx, kGrace));
  return {};
}

Result<std::unique_ptr<kube::Client>> HubProcess::connect() const {
  return kube::make_http_client(access_);
}

int HubProcess::port() const {
  const size_t colon = access_.server.rfind(':');
  return static_cast<int>(parse_int(access_.server.substr(colon + 1)).value_or(0));
}

double HubProcess::resident() const {
  return status_megabytes(child_.pid(), "VmRSS");
}

double HubProcess::agents_resident() const {
  return largest_agent("VmRSS");
}

double HubProcess::agents_peak() const {
  return largest_agent("VmHWM");
}

double HubProcess::largest_agent(std::string_view field) const {
  double largest = 0;
  auto names = sys::list_folder("/proc");
  if (!names.ok()) return 0;
  for (const std::string& name : *names) {
    const auto pid = parse_int(name);
    if (!pid || !is_child_of(static_cast<int>(*pid), child_.pid())) continue;
    if (!is_agent(static_cast<int>(*pid))) continue;
    largest = std::max(largest, status_megabytes(static_cast<int>(*pid), field));
  }
  return largest;
}

}  // namespace fleet::bench
