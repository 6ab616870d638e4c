// bench kustomize: our build beside the real tool's.
//
//   bench.kustomize               the peer is named by KUSTOMIZE= or is kubectl; else peer=none
//   bench.kustomize --one DIR     builds one folder and prints it: what is measured as "ours"
#include <cstdio>

#include <unistd.h>

#include "base/strings.h"
#include "kustomize/build.h"
#include "kustomize/disk/disk.h"
#include "measure.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

constexpr unsigned kMaxCpuSeconds = 150;

int build_one(const std::string& folder) {
  const kustomize::DiskFiles files(folder);
  kustomize::Options options;
  options.reorder = kustomize::Reorder::Unasked;
  auto built = kustomize::build(files, folder, options);
  if (!built.ok()) {
    std::fprintf(stderr, "Error: %s\n", built.error().message().c_str());
    return 1;
  }
  const std::string text = built->yaml();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}

constexpr std::string_view kKustomization = R"(apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [all.yaml]
namespace: shop
namePrefix: dev-
labels:
- {pairs: {env: dev, team: web}, includeSelectors: true}
images:
- {name: registry.example/app, newTag: "2.0"}
)";

std::string deployment(int number) {
  return cat("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-",
             number,
             "\n  labels:\n    app: app-",
             number,
             "\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: app-",
             number,
             "\n  template:\n    metadata:\n      labels:\n        app: app-",
             number,
             R"(
    spec:
      serviceAccountName: runner
      containers:
      - name: main
        image: registry.example/app:1.0
        args: ["--listen", ":8080", "--verbose"]
        ports:
        - containerPort: 8080
        env:
        - name: MODE
          value: fast
        resources:
          limits: {cpu: 100m, memory: 128Mi}
          requests: {cpu: 50m, memory: 64Mi}
)");
}

struct Input {
  std::string folder;
  double bytes = 0;
};

Result<Input> write_input(const std::string& under, int count) {
  Input input{cat(under, "/n", count), 0};
  TRY(sys::make_folders(input.folder));
  std::string all;
  for (int i = 0; i < count; i++)
    all += cat(i == 0 ? "" : "---\n", deployment(i));
  input.bytes = static_cast<double>(all.size() + kKustomization.size());
  TRY(sys::write_file(input.folder + "/all.yaml", all));
  TRY(sys::write_file(input.folder + "/kustomization.yaml", kKustomization));
  return input;
}

void report(const std::string& figure, double ours, double peer) {
  if (peer <= 0 || ours <= 0) {
    std::printf("bench kustomize %s ours=%.4g peer=none ratio=0\n", figure.c_str(), ours);
  } else {
    std::printf("bench kustomize %s ours=%.4g peer=%.4g ratio=%.1f\n",
                figure.c_str(),
                ours,
                peer,
                peer / ours);
  }
  std::fflush(stdout);
}

Result<> beside(const std::string& self, const std::string& under, int count) {
  const Input input = TRY(write_input(under, count));
  const Usage ours = measure({self, "--one", input.folder}, 5, kMaxCpuSeconds);
  if (!ours.ok) return Error(Code::InternalError, cat("our build of n = ", count, " failed"));
  Usage peer;
  std::vector<std::string> command = find_peer();
  if (!command.empty()) {
    command.push_back(input.folder);
    peer = measure(command, count > 100 ? 1 : 5, kMaxCpuSeconds);
    if (!peer.ok && !peer.cut)
      return Error(Code::InternalError, cat("the peer failed: ", command[0]));
  }
  if (peer.cut) {
    std::printf("# n = %d: the peer was stopped after %u s of CPU: its figures are lower bounds\n",
                count,
                kMaxCpuSeconds);
  }
  report(cat("n", count, "-cpu-ms"), ours.cpu_seconds * 1e3, peer.cpu_seconds * 1e3);
  report(cat("n", count, "-peak-mb"), ours.peak_bytes / 1e6, peer.peak_bytes / 1e6);
  return {};
}

Result<> alone(const std::string& self, const std::string& under, int count) {
  const Input input = TRY(write_input(under, count));
  const Usage ours = measure({self, "--one", input.folder}, 5, kMaxCpuSeconds);
  if (!ours.ok) return Error(Code::InternalError, cat("our build of n = ", count, " failed"));
  report(cat("n", count, "-wall-ms"), ours.wall_seconds * 1e3, 0);
  report(cat("n", count, "-cpu-ms"), ours.cpu_seconds * 1e3, 0);
  report(cat("n", count, "-input-mb"), input.bytes / 1e6, 0);
  report(cat("n", count, "-peak-per-input"), ours.peak_bytes / input.bytes, 0);
  return {};
}

Result<> run(const std::string& self) {
  sys::TempFolder folder = TRY(sys::TempFolder::make("bench-kustomize"));
  for (int count : {1, 100, 1000, 4000})
    TRY(beside(self, folder.path(), count));
  return alone(self, folder.path(), 20000);
}

}  // namespace
}  // namespace fleet::bench

int main(int argc, char** argv) {
  using namespace fleet::bench;
  if (argc == 3 && std::string_view(argv[1]) == "--one") return build_one(argv[2]);
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  if (size <= 0) return 1;
  self[size] = '\0';
  const auto peer = find_peer();
  std::printf("bench kustomize on %ld cores; peer: %s\n",
              sysconf(_SC_NPROCESSORS_ONLN),
              peer.empty() ? "none" : peer[0].c_str());
  auto done = run(self);
  if (done.ok()) return 0;
  std::fprintf(stderr, "error: %s\n", done.error().message().c_str());
  return 1;
}
