{{/* What Caddy does. With default values the same as deploy/Caddyfile. */}}

{{- define "viva.caddyfile" -}}
{{- $acme := .Values.acme }}
{{- if or $acme.contact $acme.directory $acme.ca -}}
{
{{- with $acme.contact }}
	email {{ . }}
{{- end }}
{{- with $acme.directory }}
	acme_ca {{ . }}
{{- end }}
{{- if $acme.ca }}
	acme_ca_root /etc/viva/acme/ca.pem
{{- end }}
}
{{ end -}}
# TLS and the certificate for viva. Viva shows the metrics only to who has their token; from outside nobody needs to try.
{$VIVA_DOMAIN} {
	respond /metrics 403
	reverse_proxy 127.0.0.1:8080
}
{{- if .Values.metrics.serviceMonitor.enabled }}
# Prometheus asks by the node's address, from within the cluster.
:443 {
	@prometheus {
		path /metrics
		remote_ip private_ranges
	}
	handle @prometheus {
		reverse_proxy 127.0.0.1:8080
	}
	respond 403
}
{{- end }}
{{ end }}
