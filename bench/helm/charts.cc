#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/strings.h"
#include "data/json/parse.h"
#include "helm/chart/chart.h"
#include "helm/chart/values.h"
#include "helm/engine/engine.h"
#include "helm/host/host.h"
#include "measure.h"
#include "sys/clock.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

constexpr int kRuns = 5;

Result<helm::Chart> load_chart(const std::string& path) {
  return helm::load(TRY(sys::read_tree(path, {}, sys::Links::Follow)));
}

Result<std::string> render_chart(const std::string& path) {
  helm::Chart chart = TRY(load_chart(path));
  helm::LocalHost host(sys::system_clock());
  auto rendered =
      TRY(helm::render(chart, data::Value::object(), {"rel"}, helm::default_capabilities(), host));
  std::string out = std::move(rendered.manifest);
  for (const auto& hook : rendered.hooks) {
    out += cat("---\n# Source: ", hook.path, "\n", hook.manifest, "\n");
  }
  return out;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Charts of public repositories that render with no values at all.
std::vector<std::string> chart_paths(const std::string& corpus) {
  std::vector<std::string> out;
  auto cases = sys::list_folder(cat(corpus, "/helm/cases"));
  if (!cases.ok()) return out;
  for (const std::string& name : *cases) {
    auto text = sys::read_file(cat(corpus, "/helm/cases/", name, "/meta.json"));
    auto meta = text.ok() ? json::parse(*text) : Result<data::Value>(data::Value());
    if (!meta.ok() || !name.ends_with("-default")) continue;
    if ((*meta)["code"].as_int() != 0 || (*meta)["source"].as_string() == "self-written") continue;
    out.push_back(cat(corpus, "/helm/", (*meta)["chart"].as_string()));
  }
  return out;
}

constexpr const char* kHelpers = R"({{- define "sub.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "sub.labels" -}}
app.kubernetes.io/name: {{ include "sub.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- with .Values.commonLabels }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end -}}
)";
constexpr const char* kDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "sub.name" . }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ include "sub.name" . }}}
  template:
    metadata:
      annotations:
        {{- range $key, $value := .Values.annotations }}
        {{ $key }}: {{ tpl $value $ | quote }}
        {{- end }}
    spec:
      containers:
      {{- range .Values.containers }}
      - name: {{ .name }}
        image: {{ printf "%s:%s" .image (.tag | default $.Chart.AppVersion) | quote }}
        {{- with .resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
      {{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "sub.name" . }}
data:
  config.yaml: |
    {{- tpl (toYaml .Values.config) . | nindent 4 }}
)";
constexpr const char* kValues = R"(replicas: 2
nameOverride: ""
commonLabels: {team: "{{ .Release.Name }}-team", tier: backend}
annotations: {checksum: "{{ .Values.replicas }}", owner: "{{ .Release.Namespace }}", note: plain}
containers:
- {name: main, image: registry.example/app, resources: {limits: {cpu: 1, memory: 1Gi}}}
- {name: side, image: registry.example/side, tag: "1.2"}
config: {host: "{{ .Release.Name }}.example", list: [a, b, c], nested: {x: 1, y: {z: true}}}
)";

Result<> write_umbrella(const std::string& folder, int subcharts) {
  std::string dependencies;
  for (int i = 0; i < subcharts; ++i) {
    std::string own = cat(folder, "/charts/sub", i);
    dependencies += cat("- {name: sub", i, ", version: 0.1.0, repository: ''}\n");
    TRY(sys::make_folders(own + "/templates"));
    TRY(sys::write_file(
        own + "/Chart.yaml",
        cat("apiVersion: v2\nname: sub", i, "\nversion: 0.1.0\nappVersion: '1.0'\n")));
    TRY(sys::write_file(own + "/values.yaml", kValues));
    TRY(sys::write_file(own + "/templates/_helpers.tpl",
                        replace_all(kHelpers, "sub.", cat("sub", i, "."))));
    TRY(sys::write_file(own + "/templates/deployment.yaml",
                        replace_all(kDeployment, "sub.", cat("sub", i, "."))));
  }
  TRY(sys::make_folders(folder + "/templates"));
  return sys::write_file(
      folder + "/Chart.yaml",
      cat("apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n", dependencies));
}

}  // namespace

int render_one(const std::string& chart) {
  auto text = render_chart(chart);
  if (!text.ok()) {
    std::fprintf(stderr, "Error: %s\n", text.error().message().c_str());
    return 1;
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  return 0;
}

void real_charts(const Bench& bench) {
  double cpu_ratios = 0;
  double memory_ratios = 0;
  double ours_cpu = 0;
  double peer_cpu = 0;
  int compared = 0;
  int rendered = 0;
  for (const std::string& chart : chart_paths(bench.corpus)) {
    Usage ours = measure({bench.self, "--one", chart}, kRuns);
    if (!ours.ok) continue;
    ++rendered;
    ours_cpu += ours.cpu_seconds;
    if (bench.helm.empty()) continue;
    Usage peer = measure({bench.helm, "template", "rel", chart}, 3);
    if (!peer.ok) continue;
    ++compared;
    peer_cpu += peer.cpu_seconds;
    cpu_ratios += std::log(peer.cpu_seconds / std::max(ours.cpu_seconds, 1e-4));
    memory_ratios += std::log(peer.peak_bytes / ours.peak_bytes);
  }
  bool has_peer = compared > 0;
  std::printf("bench helm charts ours=%d peer=%d ratio=0\n", rendered, compared);
  report("cpu-seconds-of-all-charts", ours_cpu, peer_cpu, has_peer, false);
  if (!has_peer) return;
  std::printf("bench helm cpu-geometric-mean ours=1 peer=%.1f ratio=%.1f\n",
              std::exp(cpu_ratios / compared),
              std::exp(cpu_ratios / compared));
  std::printf("bench helm peak-memory-geometric-mean ours=1 peer=%.1f ratio=%.1f\n",
              std::exp(memory_ratios / compared),
              std::exp(memory_ratios / compared));
}

void umbrella(const Bench& bench, int subcharts) {
  auto folder = sys::TempFolder::make("bench-helm");
  if (!folder.ok() || !write_umbrella(folder->path(), subcharts).ok()) return;
  Usage ours = measure({bench.self, "--one", folder->path()}, kRuns);
  Usage peer =
      bench.helm.empty() ? Usage{} : measure({bench.helm, "template", "rel", folder->path()}, 2);
  report(cat("umbrella-", subcharts, "-cpu-seconds"),
         ours.cpu_seconds,
         peer.cpu_seconds,
         peer.ok && ours.ok,
         false);
}

// One chart for 1,000 clusters in one process, against 1,000 runs of the peer (measured on a few).
void many_clusters(const Bench& bench) {
  constexpr int kClusters = 1'000;
  std::string path = cat(bench.corpus, "/helm/charts/ingress-nginx");
  if (!sys::path_exists(path)) {
    auto all = chart_paths(bench.corpus);
    if (all.empty()) return;
    path = all.front();
  }
  auto chart = load_chart(path);
  if (!chart.ok()) return;
  helm::LocalHost host(sys::system_clock());
  helm::Capabilities capabilities = helm::default_capabilities();
  double start = cpu_seconds();
  helm::Renderer renderer(*chart);
  size_t bytes = 0;
  for (int i = 0; i < kClusters; ++i) {
    data::Value values = data::Value::object(
        {{"fullnameOverride", cat("cluster-", i)}, {"replicaCount", static_cast<double>(i % 7)}});
    auto rendered = renderer.render(values, {cat("rel-", i)}, capabilities, host);
    if (!rendered.ok()) return;
    bytes += rendered->manifest.size();
  }
  double ours = cpu_seconds() - start;
  Usage peer = bench.helm.empty() ? Usage{} : measure({bench.helm, "template", "rel", path}, 5);
  report("1000-clusters-cpu-seconds", ours, peer.cpu_seconds * kClusters, peer.ok, false);
  report(
      "output-megabytes-per-cpu-second", static_cast<double>(bytes) / 1e6 / ours, 0, false, true);
}

}  // namespace fleet::bench
