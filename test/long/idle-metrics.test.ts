import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract } from '@karvdash/common'
import { setPolicy, standings } from '../support/idle.ts'
import { installMetricsServer, type MetricsServer } from '../support/metrics-server.ts'
import { activeUser, clientOf, openSystem, type System } from '../support/system.ts'

const user = `im${Date.now().toString(36)}`
/** More than looks cost that come every three seconds, and less than what works gets on a machine that has a lot to do. */
const cpu = { text: '30m', billionths: 30_000_000 }
let system: System
let metrics: MetricsServer
let client: Client
let at: ReturnType<typeof standings>

const [works, sleeps] = ['while True: sum(range(10000))', 'import time; time.sleep(1e9)']
/** Where nothing is found by its name, nobody can look inside. */
const shut = 'env: [{name: PATH, value: /nowhere}]'

/** A program that nobody visits. */
const template = (id: string, { program, more = '' }: { program: string; more?: string }) => `apiVersion: karvdash.io/v1
kind: Template
id: ${id}
name: ${id}
description: One of the tests.
exposure: {port: 80}
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
          image: quay.io/jupyter/base-notebook:2026-07-28
          command: [/opt/conda/bin/python3, -c, ${JSON.stringify(program)}]
          resources: {requests: {cpu: 500m}, limits: {cpu: '1', memory: 128Mi}}
          ${more}
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec: {selector: {app: '{{service.name}}'}, ports: [{port: 80}]}
`

beforeAll(async () => {
  system = await openSystem()
  metrics = await installMetricsServer(system)
  await setPolicy(system, { after: '60s', warning: '20s', cpu: cpu.text })
  client = clientOf(system, await activeUser(system, user))
  at = standings(client)
  const programs = {
    busy: { program: works },
    'shut-busy': { program: works, more: shut },
    'shut-idle': { program: sleeps, more: shut },
  }
  for (const [id, program] of Object.entries(programs))
    await client.call(contract.createTemplate, { body: { source: template(id, program) } })
}, 300_000)
afterAll(async () => {
  await metrics?.remove()
  await setPolicy(system, {})
  await system?.close()
}, 180_000)

async function launched(template: string, name: string): Promise<void> {
  await client.call(contract.launchService, { body: { template, name } })
  await at.running(name)
}

async function isLeftAlone(service: string): Promise<void> {
  const found = await at.shown(service)
  expect(found).toMatchObject({ state: 'Running' })
  expect(found).not.toHaveProperty('idle')
}

test('what works goes on by what metrics-server says of it, though nobody visits it; what does not is warned and stopped, and told so', async () => {
  await launched('shut-busy', 'works')
  await launched('shut-idle', 'sleeps')
  await at.warned('sleeps')
  await at.stopped('sleeps')
  // Of both, nothing is seen but that nobody came by the gate, and what metrics-server measures.
  expect((await at.shown('sleeps')).reason).toMatch(
    /because nothing used it since .*: no request, less than 30m of a processor\./,
  )
  await isLeftAlone('works')
  const [[pod, used] = ['', 0], ...others] = await metrics.usage(user)
  expect([pod, others]).toEqual([expect.stringMatching(/^works-/), []])
  expect(used).toBeGreaterThan(cpu.billionths)
}, 600_000)

test('once metrics-server is away, the log says so, and containers tell: what cannot be looked into is left alone', async () => {
  await metrics.leave()
  await client.call(contract.resumeService, { params: { service: 'sleeps' } })
  await launched('busy', 'counted')
  await launched('hello', 'lonely')
  await at.stopped('lonely')
  expect((await at.shown('lonely')).reason).toContain('less than 30m of a processor')
  // One of them works, the other does not: nobody knows which.
  for (const service of ['works', 'sleeps', 'counted']) await isLeftAlone(service)
  const log = await system.kubectl('logs', '-n', 'karvdash', '-l', 'app.kubernetes.io/name=karvdash', '--tail=-1')
  expect(log).toContain('metrics.k8s.io does not answer')
}, 600_000)
