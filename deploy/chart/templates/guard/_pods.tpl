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

{{- /* How the names of annotations begin that change a pod's network or its runtime, as a list of CEL. */}}
{{- define "karvdash.guard.networkPrefixes" -}}
['k8s.v1.cni.cncf.io/', 'v1.multus-cni.io/', 'cni.projectcalico.org/', 'cni.cilium.io/', 'ipam.cilium.io/', 'policy.cilium.io/', 'io.cilium.', 'ovn.kubernetes.io/', 'k8s.ovn.org/', 'ipam.antrea.io/', 'kube-vip.io/', 'io.kubernetes.cri-o.', 'io.katacontainers.', 'io.containerd.', 'run.oci.', 'cdi.k8s.io/']
{{- end }}

{{- define "karvdash.guard.annotationsMessage" -}}
Annotations do not change a pod's network or its runtime. Leave out those of network plugins and container runtimes.
{{- end }}

{{- /* The roots of the domains that are of a kind, as a list of CEL: (dict "root" . "kind" "…"). A user's own folder, or what is everybody's. */}}
{{- define "karvdash.guard.roots" -}}
{{- $roots := list }}
{{- range $domain, $backing := .root.Values.domains }}
{{- with index $backing $.kind }}
{{- $root := . }}
{{- if eq $.kind "nfs" }}{{ $root = printf "%s:%s" .server .path }}{{ end }}
{{- $roots = append $roots (eq $domain "shared" | ternary ($root | toJson) (printf "%s + '/' + variables.user" ($root | toJson))) }}
{{- end }}
{{- end }}
{{- printf "[%s]" (join ", " $roots) | quote }}
{{- end }}
