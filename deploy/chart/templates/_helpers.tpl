{{- define "karvdash.labels" -}}
app.kubernetes.io/name: karvdash
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Labels that never change: a Deployment's selector cannot. */}}
{{- define "karvdash.selector" -}}
app.kubernetes.io/name: karvdash
app.kubernetes.io/component: backend
{{- end }}

{{- /* Where browsers reach the dashboard. */}}
{{- define "karvdash.address" -}}
https://{{ .Values.domain }}{{ if ne (int .Values.publicPort) 443 }}:{{ .Values.publicPort }}{{ end }}
{{- end }}

{{- /* Where the ingress controller asks whether to let a request in. */}}
{{- define "karvdash.gate" -}}
http://karvdash.{{ .Release.Namespace }}.svc.cluster.local/gate
{{- end }}
