/** A template that takes an image. */
export const toolTemplate = `apiVersion: karvdash.io/v1
kind: Template
id: tool
name: Tool
description: Runs an image.
variables:
  - {name: image, type: image, label: Image}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{service.name}}'}
data: {image: '{{image}}'}
`
