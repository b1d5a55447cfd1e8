{{/* Parts of the pod: ports of the node, volumes, and how Kubernetes sees whether viva works. */}}

{{/* Name, number, protocol. */}}
{{- define "viva.port" -}}
{{- $port := int (index . 1) -}}
- { name: {{ index . 0 }}, containerPort: {{ $port }}, hostPort: {{ $port }}, protocol: {{ index . 2 }} }
{{- end }}

{{/* Name, size, class. */}}
{{- define "viva.claim" -}}
- metadata:
    name: {{ index . 0 }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with index . 2 }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ index . 1 }}
{{- end }}

{{/*
The node asks over its own loopback. With acme it can only see whether somebody accepts connections: it says no name in its
handshake, which viva refuses, and before the first certificate there is none to see.
*/}}
{{- define "viva.probes" -}}
startupProbe:
  {{- include "viva.probe" (list .Values.tls.mode "/healthz") | nindent 2 }}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  {{- include "viva.probe" (list .Values.tls.mode "/healthz") | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  {{- include "viva.probe" (list .Values.tls.mode "/readyz") | nindent 2 }}
  periodSeconds: 5
  failureThreshold: 2
{{- end }}

{{/* Mode, path. */}}
{{- define "viva.probe" -}}
{{- if eq (index . 0) "proxy" -}}
httpGet: { host: 127.0.0.1, path: {{ index . 1 }}, port: 8080 }
{{- else if eq (index . 0) "files" -}}
httpGet: { host: 127.0.0.1, path: {{ index . 1 }}, port: 443, scheme: HTTPS }
{{- else -}}
tcpSocket: { host: 127.0.0.1, port: 443 }
{{- end }}
{{- end }}
