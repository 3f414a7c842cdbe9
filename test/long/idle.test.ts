import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract } from '@karvdash/common'
import type { Page } from 'playwright-core'
import { fillSignIn } from '../stories/acts.ts'
import { setPolicy, standings } from '../support/idle.ts'
import { activeUser, basic, clientOf, openSystem, type System, until } from '../support/system.ts'

const user = `id${Date.now().toString(36)}`
const pictures = fileURLToPath(new URL('../dist/pictures/', import.meta.url))
let system: System
let who: { username: string; password: string }
let client: Client
let at: ReturnType<typeof standings>

/** A program that listens, and waits for whoever comes. */
const listener = `apiVersion: karvdash.io/v1
kind: Template
id: listener
name: Listener
description: Listens.
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
          command: [python3, -c, "import socket, time\\ns = socket.create_server(('', 5432), backlog=8)\\nheld = []\\nwhile True: held.append(s.accept())"]
          # The kubelet comes again and again: nobody takes it for a user.
          readinessProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec: {selector: {app: '{{service.name}}'}, ports: [{port: 5432}]}
`

beforeAll(async () => {
  system = await openSystem()
  await mkdir(pictures, { recursive: true })
  await setPolicy(system, { after: '60s', warning: '20s', cpu: '500m' })
  who = await activeUser(system, user)
  client = clientOf(system, who)
  at = standings(client)
}, 180_000)
afterAll(async () => {
  await setPolicy(system, {})
  await system?.close()
}, 180_000)

async function signedIn(): Promise<Page> {
  const page = await system.window()
  await page.goto(system.url)
  await fillSignIn(page, who)
  return page
}

test('nobody uses it: it is warned, kept, warned again, stopped with an account of why, and resumed', async () => {
  await client.call(contract.launchService, { body: { template: 'hello', name: 'lonely' } })
  await at.running('lonely')
  const page = await signedIn()
  await at.warned('lonely')
  const row = page.locator('[data-service="lonely"]')
  await row.getByText('Nothing used it since').waitFor()
  await page.screenshot({ path: `${pictures}idle-warned.png` })
  await row.getByRole('link', { name: 'lonely', exact: true }).click()
  await page.getByText('Nothing used it since').waitFor()
  await page.screenshot({ path: `${pictures}idle-warned-details.png` })
  await page.getByRole('button', { name: 'Keep running' }).click()
  await page.getByText('Nothing used it since').waitFor({ state: 'hidden' })
  expect(await at.shown('lonely')).not.toHaveProperty('idle')
  await at.warned('lonely')
  await at.stopped('lonely')
  const { reason } = await at.shown('lonely')
  expect(reason).toMatch(/because nothing used it since .*: no request, no open connection, less than 500m of a processor\./)
  await page.goto(`${system.url}/#/services`)
  await page.reload()
  await row.getByText('because nothing used it').waitFor()
  await page.screenshot({ path: `${pictures}idle-stopped.png` })
  await client.call(contract.resumeService, { params: { service: 'lonely' } })
  await at.running('lonely')
  const visit = () => system.fetch(`${system.serviceUrl('lonely', user)}/`, { headers: basic(who) })
  await until('its page to be served again', async () => (await visit()).status === 200)
  await client.call(contract.deleteService, { params: { service: 'lonely' } })
}, 600_000)

test('a busy kernel keeps its JupyterLab, the connection that it holds what listens, and who is at work in VS Code that; all end with it', async () => {
  await client.call(contract.createTemplate, { body: { source: listener } })
  await client.call(contract.launchService, { body: { template: 'listener', name: 'held' } })
  await client.call(contract.launchService, { body: { template: 'listener', name: 'alone' } })
  await client.call(contract.launchService, { body: { template: 'jupyterlab', name: 'lab' } })
  await client.call(contract.launchService, { body: { template: 'hello', name: 'warm' } })
  await client.call(contract.launchService, { body: { template: 'vscode', name: 'code' } })
  await Promise.all(['held', 'alone', 'lab', 'warm', 'code'].map(at.running))
  // Ends with the pod.
  system.kubectlAs(user, 'exec', 'deploy/warm', '--', 'sh', '-c', 'while :; do :; done').catch(() => undefined)
  const lab = (path: string, init: RequestInit = {}) =>
    system.fetch(`${system.serviceUrl('lab', user)}/api/${path}`, {
      ...init,
      headers: { ...basic(who), 'content-type': 'application/json' },
    })
  const { id } = (await (await lab('kernels', { method: 'POST', body: '{}' })).json()) as { id: string }
  // Nobody is at the gate: what keeps it busy was sent from inside.
  await system.kubectlAs(user, 'exec', 'deploy/lab', '--', 'python', '-c', busyKernel(id))
  const leave = atWorkIn('code')
  await at.stopped('alone')
  for (const service of ['lab', 'held', 'warm', 'code']) {
    expect(await at.shown(service)).toMatchObject({ state: 'Running' })
    expect(await at.shown(service)).not.toHaveProperty('idle')
  }
  await client.call(contract.deleteService, { params: { service: 'warm' } })
  await leave()
  await lab(`kernels/${id}/interrupt`, { method: 'POST' })
  await lab(`kernels/${id}`, { method: 'DELETE' })
  await at.stopped('held')
  await at.stopped('lab')
  await at.stopped('code')
  for (const service of ['lab', 'code']) expect((await at.shown(service)).reason).toContain('nothing at work by its own account')
  for (const service of ['held', 'alone', 'lab', 'code']) await client.call(contract.deleteService, { params: { service } })
}, 900_000)

/** Has a kernel hold a connection and sleep, which uses no processor. */
function busyKernel(id: string): string {
  const cell = "import socket, time; s = socket.create_connection(('held', 5432)); time.sleep(1000)"
  return [
    'from jupyter_client import BlockingKernelClient',
    `c = BlockingKernelClient(connection_file='/tmp/jupyter/kernel-${id}.json')`,
    'c.load_connection_file(); c.start_channels(); c.wait_for_ready(timeout=60)',
    `c.execute(${JSON.stringify(cell)})`,
    "while c.get_iopub_msg(timeout=60)['content'].get('execution_state') != 'busy': pass",
  ].join('\n')
}

/** Somebody is at work in a VS Code, as it sees that: its page is asked for now and then, from inside; until the function that this gives is called. */
function atWorkIn(service: string): () => Promise<void> {
  const place = ['exec', `deploy/${service}`, '--']
  const shown = "{ headers: { authorization: 'Bearer ' + process.env.DOOR_SECRET } }"
  const ask = `fetch('http://127.0.0.1:8080/', ${shown}).then((answer) => answer.text())`
  const script = `setInterval(() => require('fs').existsSync('/scratch/left') ? process.exit() : ${ask}, 2000)`
  const ended = system.kubectlAs(user, ...place, '/usr/lib/code-server/lib/node', '-e', script)
  ended.catch(() => undefined)
  return async () => {
    await system.kubectlAs(user, ...place, 'touch', '/scratch/left')
    await ended
  }
}
