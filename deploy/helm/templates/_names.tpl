{{/* Names, labels, and texts that several objects share. */}}

{{- define "viva.name" -}}
{{- if contains "viva" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-viva{{ end -}}
{{- end }}

{{- define "viva.selector" -}}
app.kubernetes.io/name: viva
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "viva.labels" -}}
{{ include "viva.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Numbers of a file of values are floating: a million should not become 1e+06. */}}
{{- define "viva.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* What does not fit together, in a sentence; what is wrong alone says values.schema.json. */}}
{{- define "viva.check" -}}
{{- $mode := .Values.tls.mode }}
{{- if and (eq $mode "files") (not .Values.tls.secretName) }}
{{- fail "tls.mode is files: say in tls.secretName which Secret of type kubernetes.io/tls holds certificate and key" }}
{{- end }}
{{- if and (ne $mode "files") .Values.tls.secretName }}
{{- fail (printf "tls.secretName is given and tls.mode is %s: the certificate of a Secret is for tls.mode files" $mode) }}
{{- end }}
{{- $port := int .Values.turn.port }}
{{- if and (eq $mode "proxy") (gt $port 0) (lt $port 1024) }}
{{- fail (printf "turn.port is %d: behind the proxy viva has no right to ports below 1024; take 3478, or tls.mode acme" $port) }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.secretName) }}
{{- fail "metrics.serviceMonitor needs metrics.secretName: the Secret with the token that both know" }}
{{- end }}
{{- $own := include "viva.settings" . | fromYaml }}
{{- range $name := keys .Values.settings | sortAlpha }}
{{- if hasKey $own $name }}
{{- fail (printf "settings.%s: the chart says it itself; see the values that it has for it" $name) }}
{{- end }}
{{- end }}
{{- end }}
