{{- define "web.labels" -}}
app: {{ .Release.Name }}
chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}
