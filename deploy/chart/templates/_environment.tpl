{{- /* The configuration of the backend: backend/src/config.ts reads it. */}}
{{- define "karvdash.environment" -}}
- {name: KARVDASH_DOMAIN, value: {{ .Values.domain | quote }}}
- {name: KARVDASH_SERVICE_DOMAIN, value: {{ .Values.serviceDomain | default .Values.domain | quote }}}
- {name: KARVDASH_PUBLIC_PORT, value: {{ .Values.publicPort | toString | quote }}}
- {name: KARVDASH_INGRESS_CLASS, value: {{ .Values.ingress.class | quote }}}
- {name: KARVDASH_INGRESS_MANNER, value: {{ .Values.ingress.manner | quote }}}
- {name: KARVDASH_ALLOW_SECRET_AUTH, value: {{ .Values.guard.allowSecretAuth | toString | quote }}}
- {name: KARVDASH_DOMAINS, value: {{ include "karvdash.backings" . | quote }}}
- {name: KARVDASH_ALLOWANCES, value: {{ include "karvdash.allowances" . | quote }}}
- {name: KARVDASH_DOMAINS_FOLDER, value: /domains}
{{- with include "karvdash.registry.kind" . }}
- {name: KARVDASH_REGISTRY_KIND, value: {{ . }}}
- {name: KARVDASH_REGISTRY_HOST, value: {{ include "karvdash.registry.host" $ | quote }}}
- {name: KARVDASH_REGISTRY_URL, value: {{ $.Values.registry.external.url | default (printf "http://karvdash-registry.%s.svc.cluster.local" $.Release.Namespace) | quote }}}
{{- end }}
{{- if and .Values.registry.external.url .Values.registry.external.caSecret }}
- {name: NODE_EXTRA_CA_CERTS, value: /etc/karvdash-registry-ca/ca.crt}
{{- end }}
{{- with and .Values.registry.external.url .Values.registry.external.credentialsSecret }}
- name: KARVDASH_REGISTRY_USERNAME
  valueFrom: {secretKeyRef: {name: {{ . }}, key: username}}
- name: KARVDASH_REGISTRY_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ . }}, key: password}}
{{- end }}
- {name: KARVDASH_HTTP_PORT, value: "8080"}
- {name: KARVDASH_HTTPS_PORT, value: "8443"}
- {name: KARVDASH_WEBHOOK_PORT, value: "9443"}
- {name: KARVDASH_TEMPLATES_FOLDER, value: /app/templates}
- {name: KARVDASH_PAGE_FOLDER, value: /app/page}
- {name: KARVDASH_CLUSTER_URL, value: {{ .Values.clusterUrl | quote }}}
- {name: KARVDASH_SIGN_UP_URL, value: {{ .Values.users.signUpUrl | quote }}}
- {name: KARVDASH_FIRST_UID, value: {{ .Values.users.firstUid | int64 | toString | quote }}}
{{- if .Values.oidc.issuer }}
- {name: KARVDASH_OIDC, value: {{ omit .Values.oidc "clientSecret" | toJson | quote }}}
- name: KARVDASH_OIDC_CLIENT_SECRET
  valueFrom: {secretKeyRef: {{ .Values.oidc.clientSecret | toJson }}}
{{- end }}
- {name: KARVDASH_QUOTA, value: {{ .Values.quota | toJson | quote }}}
- {name: KARVDASH_LIMITS, value: {{ .Values.limits | toJson | quote }}}
- {name: KARVDASH_PROFILES, value: {{ .Values.profiles | toJson | quote }}}
- {name: KARVDASH_NETWORK, value: {{ .Values.network | toJson | quote }}}
{{- /* Traefik goes on to ask whoever is going but ready: three probes say that it is not, and it hears of that within two seconds, on a busy machine later. */}}
- {name: KARVDASH_DRAIN_SECONDS, value: "15"}
- {name: KARVDASH_TERMINALS, value: {{ .Values.terminals | toJson | quote }}}
- {name: KARVDASH_IDLE, value: {{ .Values.idle | toJson | quote }}}
- {name: KARVDASH_LOG_LEVEL, value: {{ .Values.log.level | quote }}}
- {name: KARVDASH_SERVICE_NAME, value: karvdash}
- name: KARVDASH_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: KARVDASH_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
{{- end }}

{{- /* What each domain is, as JSON: its one kind of the three, without what is left empty. */}}
{{- define "karvdash.backings" -}}
{{- $backings := dict }}
{{- range $domain, $backing := .Values.domains }}
{{- $kinds := list }}
{{- range $kind := list "hostPath" "nfs" "persistentVolume" }}
{{- if index $backing $kind }}{{ $kinds = append $kinds $kind }}{{ end }}
{{- end }}
{{- if ne (len $kinds) 1 }}{{ fail (printf "domains.%s is one of hostPath, nfs and persistentVolume: set one of them." $domain) }}{{ end }}
{{- $kind := first $kinds }}
{{- if and (eq $kind "persistentVolume") (not $backing.claim) }}{{ fail (printf "domains.%s.claim names the claim by which the platform mounts the folder above the users' own." $domain) }}{{ end }}
{{- $_ := set $backings $domain (dict $kind (index $backing $kind)) }}
{{- end }}
{{- toJson $backings }}
{{- end }}

{{- /* What a user may bring to a domain, as JSON, for those that are limited. */}}
{{- define "karvdash.allowances" -}}
{{- $allowances := dict }}
{{- range $domain, $backing := .Values.domains }}
{{- with $backing.allowance }}{{ $_ := set $allowances $domain . }}{{ end }}
{{- end }}
{{- toJson $allowances }}
{{- end }}

{{- /* The platform's own mount of a domain. */}}
{{- define "karvdash.domainVolume" -}}
{{- if .hostPath -}}
hostPath:
  path: {{ .hostPath | quote }}
  # A folder that is missing is a mount that is missing: better no start than data on the node's own disk.
  type: Directory
{{- else if .nfs -}}
nfs: {{ pick .nfs "server" "path" | toJson }}
{{- else -}}
persistentVolumeClaim: {claimName: {{ .claim | quote }}}
{{- end }}
{{- end }}
