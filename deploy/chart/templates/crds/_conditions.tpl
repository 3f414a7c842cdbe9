{{- /* The conditions of a status, as in every Kubernetes kind. */}}
{{- define "karvdash.conditions" -}}
conditions:
  type: array
  maxItems: 16
  x-kubernetes-list-type: map
  x-kubernetes-list-map-keys: [type]
  items:
    type: object
    required: [type, status]
    properties:
      type:
        type: string
        maxLength: 64
      status:
        type: string
        enum: ["True", "False", Unknown]
      reason:
        type: string
        maxLength: 128
      message:
        type: string
        maxLength: 2000
      lastTransitionTime:
        type: string
        format: date-time
      observedGeneration:
        type: integer
        format: int64
{{- end }}
