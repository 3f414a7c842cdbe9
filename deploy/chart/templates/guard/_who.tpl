{{- /*
Who is held to the rules. Everyone is but those who were given power by the cluster's administrators: the control plane and the nodes
(system:…), service accounts outside users' namespaces, and whoever may `pass` the `guard` cluster-wide, as cluster administrators may
everything. A user cannot become any of them: impersonation and role bindings end at the namespace.
*/}}
{{- define "karvdash.guard.tenant" -}}
request.userInfo.username.startsWith('system:serviceaccount:karvdash-') || ((!request.userInfo.username.startsWith('system:') || request.userInfo.username == 'system:anonymous') && !authorizer.group('karvdash.io').resource('guard').check('pass').allowed())
{{- end }}

{{- /* By name: a label on a namespace can be changed by whoever owns it. */}}
{{- define "karvdash.guard.namespace" -}}
request.namespace.startsWith('karvdash-')
{{- end }}

{{- /* The head of a policy: (dict "root" . "name" "…"). Policies outlive the release: without them, users who stay are root on every node. */}}
{{- define "karvdash.guard.head" -}}
name: karvdash-{{ .name }}
labels:
  {{- include "karvdash.labels" .root | nindent 2 }}
annotations:
  helm.sh/resource-policy: keep
{{- end }}

{{- /* Puts a policy in force, everywhere: (dict "root" . "name" "…"). */}}
{{- define "karvdash.guard.binding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  {{- include "karvdash.guard.head" . | nindent 2 }}
spec:
  policyName: karvdash-{{ .name }}
  validationActions: [Deny]
{{- end }}

{{- /* That each text in a part of an object is as given, with the user's name for {user}: (dict "path" "…" "value" …). */}}
{{- define "karvdash.guard.leaves" -}}
{{- $path := .path }}
{{- if kindIs "map" .value }}
{{- range $key, $inner := .value }}
{{- $step := regexMatch "^[A-Za-z_][A-Za-z0-9_]*$" $key | ternary (printf ".%s" $key) (printf "[%s]" (toJson $key)) }}
{{- include "karvdash.guard.leaves" (dict "path" (printf "%s%s" $path $step) "value" $inner) }}
{{- end }}
{{- else }} && {{ $path }} == {{ toJson .value | replace "{user}" "\" + variables.volumeUser + \"" }}
{{- end }}
{{- end }}
