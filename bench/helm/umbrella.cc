// An umbrella chart of many subcharts, each as today's library charts are: seven objects with the
// usual helpers, and `tpl` wherever users may write templates into values (names, labels,
// annotations, environment, configuration, hosts). One subchart comes to 40 calls of `tpl`.
#include "umbrella.h"

#include "base/strings.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {

// In all texts "sub." stands for the subchart's own prefix.
constexpr const char* kHelpers = R"({{- define "sub.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "sub.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- tpl .Values.fullnameOverride . | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "sub.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- define "sub.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sub.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "sub.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "sub.selectorLabels" . }}
{{- with .Values.commonLabels }}
{{ tpl (toYaml .) $ }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
{{- define "sub.annotations" -}}
{{- range $key, $value := .Values.annotations }}
{{ $key }}: {{ tpl $value $ | quote }}
{{- end }}
{{- end -}}
{{- define "sub.image" -}}
{{- printf "%s/%s:%s" .Values.image.registry .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- define "sub.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sub.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}
)";
constexpr const char* kServiceAccount = R"({{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "sub.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
automountServiceAccountToken: {{ .Values.serviceAccount.automount }}
{{- end }}
)";
constexpr const char* kConfigMap = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
data:
  config.yaml: |
    {{- tpl (toYaml .Values.config) . | nindent 4 }}
)";
constexpr const char* kService = R"(apiVersion: v1
kind: Service
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
  annotations:
    {{- include "sub.annotations" . | trim | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
  {{- range .Values.service.ports }}
  - name: {{ .name }}
    port: {{ .port }}
    targetPort: {{ .name }}
    protocol: TCP
  {{- end }}
  selector:
    {{- include "sub.selectorLabels" . | nindent 4 }}
)";
constexpr const char* kIngress = R"({{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
spec:
  ingressClassName: {{ .Values.ingress.className }}
  rules:
  {{- range .Values.ingress.hosts }}
  - host: {{ tpl .host $ | quote }}
    http:
      paths:
      {{- range .paths }}
      - path: {{ . }}
        pathType: Prefix
        backend:
          service:
            name: {{ include "sub.fullname" $ }}
            port: {name: {{ (first $.Values.service.ports).name }}}
      {{- end }}
  {{- end }}
{{- end }}
)";
constexpr const char* kDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      {{- include "sub.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
        {{- include "sub.annotations" . | trim | nindent 8 }}
      labels:
        {{- include "sub.labels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "sub.serviceAccountName" . }}
      containers:
      - name: {{ .Chart.Name }}
        image: {{ include "sub.image" . | quote }}
        ports:
        {{- range .Values.service.ports }}
        - {name: {{ .name }}, containerPort: {{ .port }}}
        {{- end }}
        env:
        {{- range .Values.env }}
        - name: {{ .name }}
          value: {{ tpl .value $ | quote }}
        {{- end }}
        {{- with .Values.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
      {{- with .Values.affinity }}
      affinity:
        {{- tpl (toYaml .) $ | nindent 8 }}
      {{- end }}
)";
constexpr const char* kAutoscaler = R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "sub.fullname" . }}}
  minReplicas: {{ .Values.replicas }}
  maxReplicas: {{ mul 3 .Values.replicas }}
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
)";
constexpr const char* kDisruptionBudget = R"(apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "sub.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "sub.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "sub.selectorLabels" . | nindent 6 }}
)";
constexpr const char* kValues = R"(replicas: 2
nameOverride: ""
fullnameOverride: "{{ .Release.Name }}-{{ .Chart.Name }}"
commonLabels: {team: "{{ .Release.Name }}-team", tier: backend}
annotations:
  owner: "{{ .Release.Namespace }}"
  revision: "{{ .Chart.AppVersion }}"
  note: plain
image: {registry: registry.example, repository: team/app, tag: ""}
serviceAccount: {create: true, automount: false, name: ""}
service:
  type: ClusterIP
  ports:
  - {name: http, port: 8080}
  - {name: metrics, port: 9090}
ingress:
  enabled: true
  className: nginx
  hosts:
  - {host: "{{ .Chart.Name }}.{{ .Release.Namespace }}.example", paths: [/, /api]}
env:
- {name: POD_RELEASE, value: "{{ .Release.Name }}"}
- {name: SERVICE_URL, value: "http://{{ include \"sub.fullname\" . }}:8080"}
- {name: DATABASE_HOST, value: "{{ .Values.config.host }}"}
- {name: NAMESPACE, value: "{{ .Release.Namespace }}"}
- {name: REPLICAS, value: "{{ .Values.replicas }}"}
- {name: CONFIG, value: "/etc/{{ .Chart.Name }}/config.yaml"}
- {name: VERSION, value: "{{ .Chart.Version }}"}
- {name: LEVEL, value: info}
resources:
  limits: {cpu: 500m, memory: 256Mi}
  requests: {cpu: 100m, memory: 128Mi}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: {app.kubernetes.io/name: "{{ .Chart.Name }}"}
config:
  host: "{{ .Release.Name }}.example"
  peers: ["{{ .Chart.Name }}-0", "{{ .Chart.Name }}-1"]
  logging: {level: info, format: json}
)";

struct File {
  const char* name;
  const char* text;
};
constexpr File kFiles[] = {
    {"values.yaml", kValues},
    {"templates/_helpers.tpl", kHelpers},
    {"templates/serviceaccount.yaml", kServiceAccount},
    {"templates/configmap.yaml", kConfigMap},
    {"templates/service.yaml", kService},
    {"templates/ingress.yaml", kIngress},
    {"templates/deployment.yaml", kDeployment},
    {"templates/hpa.yaml", kAutoscaler},
    {"templates/pdb.yaml", kDisruptionBudget},
};

}  // namespace

Result<> write_umbrella(const std::string& folder, int subcharts) {
  std::string dependencies;
  for (int i = 0; i < subcharts; ++i) {
    const std::string name = cat("sub", i);
    const std::string own = cat(folder, "/charts/", name);
    dependencies += cat("- {name: ", name, ", version: 0.1.0, repository: ''}\n");
    TRY(sys::make_folders(own + "/templates"));
    TRY(sys::write_file(
        own + "/Chart.yaml",
        cat("apiVersion: v2\nname: ", name, "\nversion: 0.1.0\nappVersion: '1.0'\n")));
    for (const File& file : kFiles) {
      // Quoted in templates, and once more where a value holds a template.
      std::string text = replace_all(file.text, "\"sub.", cat("\"", name, "."));
      TRY(sys::write_file(cat(own, "/", file.name), text));
    }
  }
  TRY(sys::make_folders(folder + "/templates"));
  return sys::write_file(
      folder + "/Chart.yaml",
      cat("apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n", dependencies));
}

}  // namespace fleet::bench
