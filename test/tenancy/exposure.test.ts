import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { runPod } from '../support/pods.ts'
import { rawStatus } from '../support/raw.ts'
import { activeUser, basic, clientOf, openSystem, reached, type System, until } from '../support/system.ts'

const run = Date.now().toString(36)
const names = { alice: `ea${run}`, bob: `eb${run}` }
let system: System
let alice: { username: string; password: string }
let bob: { username: string; password: string }

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, names.alice)
  bob = await activeUser(system, names.bob)
  const client = clientOf(system, alice)
  await client.call(contract.launchService, { body: { template: 'jupyterlab' } })
  await until(
    'JupyterLab',
    async () => (await client.call(contract.getService, { params: { service: 'jupyterlab' } })).state === 'Running',
  )
  await reached(system, system.serviceUrl('jupyterlab', names.alice), alice)
}, 90_000)
afterAll(() => system?.close())

test("attack: another tenant's pod reaches the address of the pod itself, and finds it locked by the service's own token", async () => {
  const address = await system.kubectl(
    'get',
    'service',
    'jupyterlab',
    '-n',
    `karvdash-${names.alice}`,
    '-o',
    'jsonpath={.spec.clusterIP}',
  )
  const script = `python3 -c "import urllib.request; print(urllib.request.urlopen('http://${address}/api/contents/').status)"`
  const image = 'quay.io/jupyter/base-notebook:2026-07-28'
  const output = await runPod(system, { user: names.bob, name: 'reach', script, image, runAs: 1000 })
  expect(output).toMatch(/403/)
  expect(output).not.toMatch(/^200$/m)
}, 60_000)

test('the owner enters with Basic, another user does not, and nobody is asked to sign in', async () => {
  const address = `${system.serviceUrl('jupyterlab', names.alice)}/api/status`
  expect((await system.fetch(address, { headers: basic(alice) })).status).toBe(200)
  expect((await system.fetch(address, { headers: basic(bob) })).status).toBe(403)
  expect((await system.fetch(address)).status).toBe(401)
})

test('attack: a request that lies about the host it is for is judged by the address it was sent to', async () => {
  const address = `${system.serviceUrl('jupyterlab', names.alice)}/api/status`
  const lies = [
    { 'x-forwarded-host': `jupyterlab-${names.bob}.${system.node.domain}:${system.node.httpsPort}` },
    { 'x-karvdash-user': names.alice },
    { 'x-forwarded-uri': '/public' },
  ]
  for (const headers of lies) expect((await system.fetch(address, { headers: { ...basic(bob), ...headers } })).status).toBe(403)
})

test('a service never sees the credentials of the platform', async () => {
  const client = clientOf(system, alice)
  const { secret } = await client.call(contract.createToken, { body: { name: 'for curl' } })
  const address = `${system.serviceUrl('jupyterlab', names.alice)}/api/contents`
  expect((await system.fetch(address, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200)
  // JupyterLab refuses an Authorization that is not its own token: the gate must have put that in its place.
  expect((await system.fetch(address, { headers: basic(alice) })).status).toBe(200)
})

test('attack: the host is spelt in ways that two readers could read differently', async () => {
  const { domain, httpsPort } = system.node
  const label = `jupyterlab-${names.alice}`
  const { authorization } = basic(alice)
  const ask = (...hosts: string[]) =>
    rawStatus(system, `${label}.${domain}`, [
      'GET /api/status HTTP/1.1',
      ...hosts.map((host) => `Host: ${host}`),
      `Authorization: ${authorization}`,
    ])
  expect(await ask(`${label}.${domain}:${httpsPort}`)).toBe(200)
  const games = [
    `${label}.${domain}.:${httpsPort}`,
    `${label.toUpperCase()}.${domain}:${httpsPort}`,
    `${label}.${domain}:1`,
    `${label}.${domain}`,
    `x.${label}.${domain}:${httpsPort}`,
  ]
  const statuses = await Promise.all(games.map((host) => ask(host)))
  expect(statuses.filter((status) => status < 400)).toEqual([])
  expect(await ask(`${label}.${domain}:${httpsPort}`, `jupyterlab-${names.bob}.${domain}:${httpsPort}`)).toBe(400)
})
