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

{{- /* The kinds that a controller of Argo Workflows for one namespace asks for, by their plural; `status` where the status is written apart. */}}
{{- define "karvdash.argoWorkflows.kinds" -}}
workflows: {kind: Workflow, short: [wf]}
workflowtemplates: {kind: WorkflowTemplate, short: [wftmpl]}
cronworkflows: {kind: CronWorkflow, short: [cwf, cronwf]}
workfloweventbindings: {kind: WorkflowEventBinding, short: [wfeb]}
workflowtasksets: {kind: WorkflowTaskSet, short: [wfts], status: true}
workflowtaskresults: {kind: WorkflowTaskResult}
workflowartifactgctasks: {kind: WorkflowArtifactGCTask, short: [wfat], status: true}
{{- end }}
