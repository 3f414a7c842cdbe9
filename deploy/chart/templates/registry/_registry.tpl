{{- /* The registry's host, as names resolve it; and with its port, as it stands in references. */}}
{{- define "karvdash.registry.hostname" -}}
{{ .Values.registry.host | default (printf "registry.%s" .Values.domain) }}
{{- end }}
{{- define "karvdash.registry.host" -}}
{{ include "karvdash.registry.hostname" . }}{{ if ne (int .Values.publicPort) 443 }}:{{ .Values.publicPort }}{{ end }}
{{- end }}

{{- /* Whether there is a registry: in-cluster, external, or nothing. */}}
{{- define "karvdash.registry.kind" -}}
{{- with .Values.registry }}
{{- if and .inCluster.enabled .external.url }}{{ fail "There is one registry: set registry.inCluster.enabled or registry.external.url, not both." }}{{ end }}
{{- if .inCluster.enabled -}}in-cluster{{- else if .external.url -}}external{{- end }}
{{- end }}
{{- end }}

{{- define "karvdash.registry.selector" -}}
app.kubernetes.io/name: karvdash
app.kubernetes.io/component: registry
{{- end }}

{{- /* The configuration of the registry. */}}
{{- define "karvdash.registry.config" -}}
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: /var/lib/registry}
  cache: {blobdescriptor: inmemory}
  delete: {enabled: true}
  # Uploads that nobody goes on with.
  maintenance: {uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}}
# Locations without a host: they are right for clients, who come by the ingress controller, and for the backend.
http: {addr: ":5000", relativeurls: true, headers: {X-Content-Type-Options: [nosniff]}}
auth:
  token:
    realm: https://{{ include "karvdash.registry.host" . }}/registry/token
    service: {{ include "karvdash.registry.host" . | quote }}
    issuer: karvdash
    rootcertbundle: /etc/karvdash-registry-root/root.crt
{{- end }}

{{- /* What both containers have; their own variables follow. */}}
{{- define "karvdash.registry.container" -}}
image: {{ .Values.registry.inCluster.image | quote }}
resources:
  {{- toYaml .Values.registry.inCluster.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: config, mountPath: /etc/karvdash-registry, readOnly: true}
  - {name: root, mountPath: /etc/karvdash-registry-root, readOnly: true}
  - {name: images, mountPath: /var/lib/registry}
env:
  # Distribution 3 looks for a collector of traces otherwise.
  - {name: OTEL_TRACES_EXPORTER, value: none}
{{- end }}
