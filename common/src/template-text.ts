/** What a template begins with that begins with nothing. */
export const startingTemplate = `apiVersion: karvdash.io/v1
kind: Template
id: my-template
name: My template
description: Says in one sentence what it is for.
variables:
  - name: greeting
    type: string
    label: Greeting
    default: Hello
---
apiVersion: v1
kind: Pod
metadata:
  name: {{service.name}}
spec:
  restartPolicy: Never
  containers:
    - name: main
      image: docker.io/library/busybox:1.37
      command: [sh, -c, 'echo "$GREETING"; sleep 3600']
      env:
        - name: GREETING
          value: {{greeting}}
      resources:
        limits: {cpu: 100m, memory: 64Mi}
`

/** Whether a text is a template of the kind that Karvdash had before: templates have an apiVersion and an id, and those had neither. */
export function isOldTemplate(source: string): boolean {
  const documents = source.split(/^---.*$/m)
  const described = documents.find((text) => /^kind: *["']?Template["']? *$/m.test(text))
  return described !== undefined && !/^(apiVersion|id):/m.test(described)
}

/** The id that a text gives its template, as far as can be seen without reading it as YAML: such as for the name of a file. */
export function idInTemplate(source: string): string | undefined {
  return /^id: *([a-z0-9-]+) *$/m.exec(source)?.[1]
}
