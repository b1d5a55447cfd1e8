{{/* Settings as variables: those that the chart says itself, and those of the value `settings`. */}}

{{- define "viva.settings.map" -}}
{{ include "viva.settings" . }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ include "viva.text" $value | quote }}
{{- end }}
{{- end }}

{{/* The image says that viva listens at 8080, so that `domain` alone would not choose the ports. */}}
{{- define "viva.settings" -}}
VIVA_DATA_DIR: /var/lib/viva
VIVA_LOG_FORMAT: json
VIVA_MEDIA_PORT: {{ int .Values.media.port | quote }}
VIVA_TURN_PORT: {{ int .Values.turn.port | quote }}
{{- with .Values.publicAddresses }}
VIVA_PUBLIC_ADDRESSES: {{ join "," . | quote }}
{{- end }}
{{- if eq .Values.tls.mode "proxy" }}
VIVA_LISTEN: 127.0.0.1:8080
VIVA_PUBLIC_URL: {{ printf "https://%s" .Values.domain | quote }}
VIVA_TRUSTED_PROXIES: 127.0.0.1,::1
{{- else }}
VIVA_LISTEN: "[::]:443"
VIVA_HTTP_LISTEN: "[::]:80"
VIVA_TURN_TLS_PORT: {{ int .Values.turn.tlsPort | quote }}
{{- end }}
{{- if eq .Values.tls.mode "acme" }}
VIVA_DOMAIN: {{ .Values.domain | quote }}
{{- with .Values.acme.contact }}
VIVA_ACME_CONTACT: {{ . | quote }}
{{- end }}
{{- with .Values.acme.directory }}
VIVA_ACME_DIRECTORY: {{ . | quote }}
{{- end }}
{{- if .Values.acme.ca }}
VIVA_ACME_CA: /etc/viva/acme/ca.pem
{{- end }}
{{- end }}
{{- if eq .Values.tls.mode "files" }}
VIVA_PUBLIC_URL: {{ printf "https://%s" .Values.domain | quote }}
VIVA_TLS_CERTIFICATE: /etc/viva/tls/tls.crt
VIVA_TLS_KEY: /etc/viva/tls/tls.key
{{- end }}
{{- end }}
