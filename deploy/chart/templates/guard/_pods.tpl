{{- /*
What policies for pods look at: (dict "root" . "name" "…"). Everyone's pods are judged, since controllers make them of what users write; and
whole pods, also where a container is added to one that runs. The Pod Security label cannot do this: its baseline refuses every hostPath, the
domains among them, and admits NFS.
*/}}
{{- define "karvdash.guard.pods" -}}
failurePolicy: Fail
matchConstraints:
  resourceRules:
    - apiGroups: [""]
      apiVersions: ["*"]
      operations: [CREATE, UPDATE]
      resources: [pods, pods/ephemeralcontainers, pods/resize]
matchConditions:
  - name: users-namespace
    expression: {{ include "karvdash.guard.namespace" . }}
  # A pod that was let in under other rules can still be labelled, and lose its finalizers.
  - name: changed
    expression: oldObject == null || object.spec != oldObject.spec
{{- end }}
