/** A template of one small pod that sleeps; which image, and a word in its environment, can be chosen. */
export const sleeper = `apiVersion: karvdash.io/v1
kind: Template
id: sleeper
name: Sleeper
description: Sleeps.
variables:
  - {name: image, type: image, label: Image, default: 'docker.io/library/debian:bookworm-slim'}
  - {name: word, type: string, label: Word, default: first}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{service.name}}'}
spec:
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: '{{image}}'
          command: [sleep, infinity]
          env: [{name: WORD, value: '{{word}}'}]
          resources: {requests: {cpu: 1m, memory: 4Mi}, limits: {memory: 16Mi}}
`
