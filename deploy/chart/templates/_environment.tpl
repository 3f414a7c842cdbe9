{{- /* The configuration of the backend: backend/src/config.ts reads it. */}}
{{- define "karvdash.environment" -}}
- {name: KARVDASH_DOMAIN, value: {{ .Values.domain | quote }}}
- {name: KARVDASH_SERVICE_DOMAIN, value: {{ .Values.serviceDomain | default .Values.domain | quote }}}
- {name: KARVDASH_PUBLIC_PORT, value: {{ .Values.publicPort | toString | quote }}}
- {name: KARVDASH_INGRESS_CLASS, value: {{ .Values.ingress.class | quote }}}
- {name: KARVDASH_INGRESS_MANNER, value: {{ .Values.ingress.manner | quote }}}
- {name: KARVDASH_ALLOW_SECRET_AUTH, value: {{ .Values.guard.allowSecretAuth | toString | quote }}}
- {name: KARVDASH_DOMAIN_LOCAL_HOST_PATH, value: {{ .Values.domains.local.hostPath | quote }}}
- {name: KARVDASH_DOMAIN_REMOTE_HOST_PATH, value: {{ .Values.domains.remote.hostPath | quote }}}
- {name: KARVDASH_DOMAIN_SHARED_HOST_PATH, value: {{ .Values.domains.shared.hostPath | quote }}}
- {name: KARVDASH_DOMAINS_FOLDER, value: /domains}
- {name: KARVDASH_REGISTRY_URL, value: {{ .Values.registry.url | quote }}}
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
- {name: KARVDASH_NETWORK, value: {{ .Values.network | toJson | quote }}}
- {name: KARVDASH_LOG_LEVEL, value: {{ .Values.log.level | quote }}}
- {name: KARVDASH_SERVICE_NAME, value: karvdash}
- name: KARVDASH_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: KARVDASH_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
{{- end }}
