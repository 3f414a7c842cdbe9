import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { run as runHere } from '@karvdash/local/command'
import { type Login, type RegistryClients, registryClients } from '../support/registry-clients.ts'
import { activeUser, basic, clientOf, countedUser, openSystem, type System, until } from '../support/system.ts'

const run = Date.now().toString(36)
let system: System
let clients: RegistryClients
let registry: string
let alice: Login
let bob: Login
let certs: string

beforeAll(async () => {
  system = await openSystem()
  registry = system.node.registry
  clients = await registryClients(system)
  certs = `--cert-dir=${join(clients.folder, 'certificates')}`
  alice = await activeUser(system, `ra${run}`)
  bob = await countedUser(system, 'rb')
}, 240_000)
afterAll(async () => {
  await clients?.stop()
  await system?.close()
})

const login = ({ username, password }: Login) => ['-u', username, '-p', password, registry]
const mirror = () => new URL(system.node.mirrorUrl).host
const refused = /denied|unauthorized|UNAUTHORIZED|DENIED|authentication required/

describe('docker login, as skopeo, buildah and crane do it', () => {
  test('takes the password of the dashboard or a personal token, and nothing else', async () => {
    expect(await clients.skopeo(alice, 'login', certs, ...login(alice))).toContain('Login Succeeded')
    expect(await clients.buildah(alice, 'login', certs, ...login(alice))).toContain('Login Succeeded')
    await clients.crane(alice, 'auth', 'login', ...login(alice))
    const { secret } = await clientOf(system, bob).call(contract.createToken, { body: { name: 'docker' } })
    const byToken = { ...bob, password: secret }
    expect(await clients.skopeo(bob, 'login', certs, ...login(byToken))).toContain('Login Succeeded')
    await clients.crane(bob, 'auth', 'login', ...login(byToken))
    const wrong = { username: alice.username, password: 'something else' }
    await expect(clients.skopeo({ ...wrong, username: 'nobody' }, 'login', certs, ...login(wrong))).rejects.toThrow(
      'invalid username/password',
    )
    await clients.skopeo(system.admin, 'login', certs, ...login(system.admin))
    await clients.crane(system.admin, 'auth', 'login', ...login(system.admin))
  }, 60_000)
})

test('the recipe of docs/api.md gives a token, as it is printed', async () => {
  const [, section = ''] = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8').split(
    '\n### Tokens for the registry itself\n',
  )
  const [, script = ''] = /```sh\n([^`]*)```/.exec(section) ?? []
  const { secret } = await clientOf(system, alice).call(contract.createToken, { body: { name: 'recipe' } })
  await writeFile(join(clients.folder, '.curlrc'), `cacert = ${system.node.caFile}\nsilent\nfail\n`)
  const env = { HOME: clients.folder, REGISTRY: registry, TOKEN: secret }
  const printed = await runHere('sh', ['-ec', script.replace('alice:', `${alice.username}:`)], { env })
  expect(JSON.parse(printed)).toMatchObject({ token: expect.stringMatching(/^eyJ/), expires_in: 300 })
})

describe('an image that alice makes with buildah', () => {
  const page = `Made by alice at ${run}`
  const template = () => `apiVersion: karvdash.io/v1
kind: Template
id: page
name: Page
description: A page.
exposure: {port: 80}
variables:
  - {name: image, type: image, label: Image, default: '{{registry}}/${alice.username}/page:1'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{service.name}}'}
spec:
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 101, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          image: '{{image}}'
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec:
  selector: {app: '{{service.name}}'}
  ports: [{name: http, port: 80, targetPort: http}]
`

  test('is pushed by her, and each client reads the same of it', async () => {
    const html = join(clients.folder, 'index.html')
    await writeFile(html, `<h1>${page}</h1>\n`, { mode: 0o644 })
    const from = ['from', '--name', 'page', '--tls-verify=false', `docker://${mirror()}/nginxinc/nginx-unprivileged:1.27`]
    await clients.buildah(alice, ...from)
    await clients.buildah(alice, 'copy', 'page', html, '/usr/share/nginx/html/index.html')
    await clients.buildah(alice, 'commit', 'page', 'localhost/page')
    const reference = `${registry}/${alice.username}/page:1`
    await clients.buildah(alice, 'push', certs, 'localhost/page', `docker://${reference}`)
    const digest = (await clients.skopeo(bob, 'inspect', certs, '--format={{.Digest}}', `docker://${reference}`)).trim()
    expect(digest).toMatch(/^sha256:/)
    expect((await clients.crane(bob, 'digest', reference)).trim()).toBe(digest)
    expect((await clients.crane(bob, 'ls', `${registry}/${alice.username}/page`)).trim()).toBe('1')
    expect(await clients.crane(bob, 'catalog', registry)).toContain(`${alice.username}/page\n`)
    await clients.crane(bob, 'validate', '--remote', reference)
  }, 180_000)

  test('runs as a service of bob’s without a further step', async () => {
    const client = clientOf(system, bob)
    await client.call(contract.createTemplate, { body: { source: template() } })
    const { name } = await client.call(contract.launchService, { body: { template: 'page' } })
    const states = async () => (await client.call(contract.getService, { params: { service: name } })).state
    await until('the page to run', async () => (await states()) === 'Running', 90_000)
    const shown = async () => (await system.fetch(system.serviceUrl(name, bob.username), { headers: basic(bob) })).text()
    await until('the ingress controller to know of it', async () => (await shown()).includes(page))
    const pods = ['get', 'pods', '-l', `karvdash.io/service=${name}`, '-o', 'jsonpath={.items[0].spec.imagePullSecrets[*].name}']
    expect(await system.kubectlAs(bob.username, ...pods)).toBe('karvdash-registry')
    await client.call(contract.deleteService, { params: { service: name } })
  }, 120_000)

  test('is copied by bob to a name of his, of which no layer is sent again, and not over hers', async () => {
    const folder = join(clients.folder, 'certificates')
    const [hers, his] = [`${registry}/${alice.username}/page:1`, `${registry}/${bob.username}/copy:1`]
    await clients.crane(bob, 'copy', hers, his)
    expect(await clients.crane(alice, 'digest', his)).toBe(await clients.crane(alice, 'digest', hers))
    const both = ['--src-cert-dir', folder, '--dest-cert-dir', folder]
    await clients.skopeo(bob, 'copy', ...both, `docker://${hers}`, `docker://${his}-again`)
    await expect(clients.crane(bob, 'copy', `${mirror()}/pause:3.10`, `${hers}-other`)).rejects.toThrow(refused)
    const layout = `oci:${join(clients.folder, 'layout')}:page`
    await clients.skopeo(bob, 'copy', '--src-cert-dir', folder, `docker://${hers}`, layout)
    await expect(clients.skopeo(bob, 'copy', '--dest-cert-dir', folder, layout, `docker://${hers}`)).rejects.toThrow(refused)
  }, 60_000)

  test('is deleted by administrators alone', async () => {
    const hers = `${registry}/${alice.username}/page`
    const digest = (await clients.crane(alice, 'digest', `${hers}:1`)).trim()
    await expect(clients.crane(alice, 'delete', `${hers}@${digest}`)).rejects.toThrow(refused)
    await expect(clients.skopeo(alice, 'delete', certs, `docker://${hers}:1`)).rejects.toThrow(refused)
    await clients.crane(system.admin, 'delete', `${hers}@${digest}`)
    await expect(clients.crane(alice, 'digest', `${hers}:1`)).rejects.toThrow(/MANIFEST_UNKNOWN|404/)
  }, 60_000)
})

test('space that is freed is free: the registry starts anew, without what was deleted and with what was not', async () => {
  const [kept, gone] = [`${registry}/${alice.username}/kept:1`, `${registry}/${alice.username}/gone:1`]
  await clients.crane(alice, 'copy', `${mirror()}/pause:3.10`, kept)
  await clients.crane(alice, 'append', '--new_layer', await layerOf(5_000_000), '--new_tag', gone)
  const digest = (await clients.crane(alice, 'digest', gone)).trim()
  await clients.crane(system.admin, 'delete', `${gone.slice(0, -2)}@${digest}`)
  const bytes = async () => Number((await runHere('du', ['-sb', system.node.imagesFolder])).split('\t')[0])
  const before = await bytes()
  await clientOf(system, system.admin).call(contract.freeImageSpace)
  await until('the space to be free', async () => (await bytes()) < before - 4_000_000)
  const pulled = () =>
    clients.skopeo(bob, 'copy', `--src-cert-dir=${certs.slice(11)}`, `docker://${kept}`, `dir:${clients.folder}/kept`)
  await until('the registry to be back', async () => (await pulled()) !== undefined)
  await expect(clients.crane(bob, 'digest', gone)).rejects.toThrow(/MANIFEST_UNKNOWN|404/)
}, 120_000)

/** A tar of random bytes: they take what they take. */
async function layerOf(bytes: number): Promise<string> {
  const file = join(clients.folder, 'random')
  await writeFile(file, randomBytes(bytes))
  await runHere('tar', ['-C', clients.folder, '-cf', `${file}.tar`, 'random'])
  return `${file}.tar`
}

test('attack: a tenant’s pod reaches the registry by its host alone, as everybody does, and nobody’s images without a login', async () => {
  const answer = await system.fetch(`https://${registry}/v2/_catalog`)
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe(
    `Bearer realm="https://${registry}/registry/token",service="${registry}",scope="registry:catalog:*"`,
  )
  for (const path of ['/api/account', '/', '/v2/../api/account', '/registry/events', '/registry/token/x', '/health/ready'])
    expect((await system.fetch(`https://${registry}${path}`, { headers: basic(alice) })).status).toBeGreaterThanOrEqual(400)
})

test('attack: a tenant does not take the registry’s host', async () => {
  const host = registry.replace(/:\d+$/, '')
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'thief', namespace: `karvdash-${bob.username}` },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host,
          http: { paths: [{ path: '/v2', pathType: 'Prefix', backend: { service: { name: 'x', port: { number: 80 } } } }] },
        },
      ],
    },
  }
  const file = join(clients.folder, 'thief.json')
  await writeFile(file, JSON.stringify(ingress))
  await expect(system.kubectlAs(bob.username, 'create', '-f', file)).rejects.toThrow(/The hosts of your Ingresses are/)
})
