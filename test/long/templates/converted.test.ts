import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'
import { mayKeepTemplates, until } from '../../support/system.ts'

const tensorflow = 'docker.io/tensorflow/tensorflow:2.20.0'
let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('old', [tensorflow])
  await mayKeepTemplates(alice.system, alice.user)
}, 900_000)
afterAll(() => alice?.close())

/** What all of them had, in the two ways of writing it: an Ingress of either version and a Service. */
const ingress = (port: number) => `
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata:
  name: $NAME
spec:
  rules:
  - host: $HOSTNAME
    http:
      paths:
      - backend:
          serviceName: $NAME
          servicePort: ${port}
---
apiVersion: v1
kind: Service
metadata:
  name: $NAME
spec:
  type: ClusterIP
  ports:
  - port: ${port}
  selector:
    app: $NAME
`
const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: \${NAME}
spec:
  replicas: $COPIES
  selector:
    matchLabels:
      app: \${NAME}
  template:
    metadata:
      labels:
        app: \${NAME}
    spec:
      containers:
      - name: \${NAME}
`
const site = `${ingress(8080)}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: $NAME-config
data:
  default.conf: |
    server {
      listen 8080;
      root \${FOLDER};
    }
---${deployment}        image: docker.io/nginxinc/nginx-unprivileged:1.27
        volumeMounts:
        - name: config
          mountPath: /etc/nginx/conf.d/default.conf
          subPath: default.conf
      volumes:
      - name: config
        configMap:
          name: $NAME-config
          defaultMode: 0644
---
kind: Template
name: Old site
description: Serves a folder
variables:
- {name: NAME, default: old-site}
- {name: HOSTNAME, default: site.example.com}
- {name: COPIES, default: 1}
- {name: FOLDER, default: /private/html, help: Folder to serve}
`
const board = `${ingress(6006)}---${deployment}        image: ${tensorflow}
        command:
        - bash
        - -c
        - |
          mkdir -p \${LOGDIR} && \\
          tensorboard --logdir \${LOGDIR} --bind_all serve
---
kind: Template
name: Old board
description: Shows logs
singleton: yes
datasets: no
variables:
- {name: NAME, default: old-board}
- {name: HOSTNAME, default: board.example.com}
- {name: COPIES, default: 1}
- {name: LOGDIR, default: /private/tf/logs}
`

/** Converts what a user brings along, keeps it, launches it, and waits until it answers. */
async function launched(old: string, path: string): Promise<{ name: string; answer: string }> {
  const { source, faults } = await alice.client.call(contract.convertTemplate, { body: { source: old } })
  expect(faults).toEqual([])
  const { id } = await alice.client.call(contract.createTemplate, { body: { source } })
  const { name } = await alice.launch(id)
  const answer = await until(`${name} to answer`, async () => {
    const found = await alice.fetch(name, path)
    return found.status === 200 && (await found.text())
  })
  return { name, answer }
}

test('templates that Karvdash had before are converted as they are, launched, and reached through the gate', async () => {
  const folder = join(alice.system.folder('local', alice.user.username), 'html')
  await alice.run('docker.io/library/debian:bookworm-slim', 'mkdir /local/html')
  await writeFile(join(folder, 'index.html'), '<h1>As it always was</h1>')
  const served = await launched(site, '/')
  expect(served).toMatchObject({ name: 'old-site', answer: expect.stringContaining('As it always was') })
  const shown = await launched(board, '/data/runs')
  expect(shown).toMatchObject({ name: 'old-board', answer: expect.stringContaining('[]') })
  await expect(alice.launch('old-board')).rejects.toThrow(/You have one already: "old-board"/)
  await alice.remove(served.name)
  await alice.remove(shown.name)
}, 600_000)
