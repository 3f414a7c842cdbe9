import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeCertificates } from '@karvdash/backend/webhooks/make-certificates'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { conformanceOf } from '../support/conformance.ts'
import { activeUser, basic, bearer, type Person, password, signedInAdmin } from '../support/people.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { send } from '../support/send.ts'
import { writeTinyImage } from '../support/tiny-image.ts'

/** The password is `secret`. */
const htpasswd = 'robot:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'

let cluster: Cluster
let backend: Backend
let registry: RunningRegistry
let folder: string
let admin: Person
let alice: Person
let host: string
let entrance: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-gateway-'))
  cluster = await startCluster('registry-gateway')
  registry = await startRegistry({ htpasswd })
  const [port = 0] = await freePorts(1)
  entrance = await withTls(port)
  host = `127.0.0.1:${(entrance.address() as AddressInfo).port}`
  backend = await cluster.backend({
    KARVDASH_HTTP_PORT: `${port}`,
    KARVDASH_REGISTRY_KIND: 'external',
    KARVDASH_REGISTRY_HOST: host,
    KARVDASH_REGISTRY_URL: registry.url,
    KARVDASH_REGISTRY_USERNAME: 'robot',
    KARVDASH_REGISTRY_PASSWORD: 'secret',
  })
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  await activeUser(backend, 'bob', admin)
  await writeTinyImage(join(folder, 'one'), 'one')
  await writeTinyImage(join(folder, 'two'), 'two')
}, 120_000)
afterAll(async () => {
  entrance?.close()
  await registry?.stop()
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The ingress controller's part: TLS, in front of what speaks without. */
async function withTls(port: number): Promise<Server> {
  const made = await makeCertificates({ names: ['localhost'], addresses: ['127.0.0.1'], now: Date.now() })
  await writeFile(join(folder, 'ca.crt'), made['ca.crt'])
  const server = createServer({ cert: made['tls.crt'], key: made['tls.key'] }, (client) => {
    const backend = connect(port, '127.0.0.1')
    for (const socket of [client, backend]) socket.on('error', () => [client, backend].map((one) => one.destroy()))
    client.pipe(backend).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const passwordOf = (user: string) => (user === 'admin' ? 'correct horse battery' : password)
const creds = (user: string) => `${user}:${passwordOf(user)}`
const refused = /denied|authentication required|unauthorized|Log in/
const skopeo = (...args: string[]) => run('skopeo', ['--insecure-policy', ...args])
const push = (source: 'one' | 'two', name: string, by: string) =>
  skopeo(
    'copy',
    '--dest-tls-verify=false',
    `--dest-creds=${creds(by)}`,
    `oci:${join(folder, source)}:tiny`,
    `docker://${host}/${name}`,
  )
async function tokenFor(scope: string, user: string): Promise<string> {
  const { body } = await send(`${backend.url}/registry/token?${new URLSearchParams({ service: host, scope })}`, {
    headers: basic(user, passwordOf(user)),
  })
  return z.object({ token: z.string() }).parse(body).token
}

const at = (path: string, token: string | undefined, more: Parameters<typeof send>[1] = {}) =>
  send(`${backend.url}${path}`, { ...more, headers: { ...(token && bearer(token)), ...more.headers } })

const digestOf = async (name: string, by: string) =>
  (
    await skopeo('inspect', '--tls-verify=false', `--creds=${creds(by)}`, '--format={{.Digest}}', `docker://${host}/${name}`)
  ).trim()
const remove = (name: string, by: string) =>
  skopeo('delete', '--tls-verify=false', `--creds=${creds(by)}`, `docker://${host}/${name}`)
const pushing = 'repository:alice/app:pull,push'

describe('an external registry, through the backend', () => {
  test('asks for the very same tokens, by its own host', async () => {
    const { status, headers, body } = await at('/v2/', undefined)
    expect({ status, body }).toMatchObject({ status: 401, body: { errors: [{ code: 'UNAUTHORIZED' }] } })
    expect(headers['www-authenticate']).toBe(`Bearer realm="https://${host}/registry/token",service="${host}"`)
    expect(headers['docker-distribution-api-version']).toBe('registry/2.0')
    expect(await at('/v2/', await tokenFor('', 'alice'))).toMatchObject({ status: 200, text: '{}' })
    expect(await at('/v2/', 'nonsense')).toMatchObject({ status: 401 })
  })

  test('takes what is theirs from each, shows it to all, and is changed by nobody else', async () => {
    await push('one', 'alice/app:1', 'alice')
    expect(await digestOf('alice/app:1', 'bob')).toBe(await writeTinyImage(join(folder, 'one'), 'one'))
    await push('two', 'alice/app:2', 'alice')
    await expect(push('two', 'alice/app:1', 'bob')).rejects.toThrow(refused)
    await push('one', 'library/tool:1', 'bob')
    await expect(push('two', 'library/tool:1', 'alice')).rejects.toThrow(refused)
    await skopeo(
      'copy',
      '--src-tls-verify=false',
      `--src-creds=${creds('bob')}`,
      `docker://${host}/alice/app:1`,
      `oci:${join(folder, 'pulled')}:x`,
    )
    await expect(remove('alice/app:2', 'alice')).rejects.toThrow(refused)
    await remove('alice/app:2', 'admin')
    const catalogue = await at('/v2/_catalog?n=1', await tokenFor('registry:catalog:*', 'bob'))
    expect(catalogue).toMatchObject({
      status: 200,
      body: { repositories: ['alice/app'] },
      headers: { link: expect.stringMatching(/^<\/v2\/_catalog\?/) },
    })
    expect(await at('/v2/alice/app/tags/list', await tokenFor('repository:alice/app:pull', 'bob'))).toMatchObject({
      body: { tags: ['1'] },
    })
  })

  test('notes who pushed and who deleted', async () => {
    const { body } = await alice.send('GET', '/api/images/tags?repository=alice/app')
    expect(body).toMatchObject({ items: [{ tag: '1', addedBy: 'alice' }] })
    const { text } = await admin.send('GET', '/api/audit')
    expect(text).toContain('"PUT /v2/manifests"')
    expect(text).toContain('"DELETE /v2/manifests"')
  })

  test('is not asked about layers twice, and answers ranges, heads and what is not there as it would itself', async () => {
    const token = await tokenFor('repository:alice/app:pull', 'bob')
    const manifest = await at('/v2/alice/app/manifests/1', token, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    })
    expect(manifest).toMatchObject({ status: 200, headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' } })
    const { layers } = z.object({ layers: z.array(z.object({ digest: z.string(), size: z.number() })) }).parse(manifest.body)
    const blob = `/v2/alice/app/blobs/${layers[0]?.digest}`
    expect(await at(blob, token, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-length': `${layers[0]?.size}`, 'docker-content-digest': layers[0]?.digest },
    })
    expect(await at(blob, token, { headers: { range: 'bytes=0-3' } })).toMatchObject({
      status: 206,
      headers: { 'content-length': '4' },
    })
    expect(await at('/v2/alice/app/manifests/no', token)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] },
    })
    expect(await at('/v2/alice/app/manifests/no', token, { method: 'HEAD' })).toMatchObject({ status: 404 })
  })

  test('says that it is away when it is, and goes on when it is back', async () => {
    const token = await tokenFor('repository:alice/app:pull', 'bob')
    await registry.kill()
    expect(await at('/v2/alice/app/tags/list', token)).toMatchObject({ status: 503 })
    await registry.start()
    expect(await at('/v2/alice/app/tags/list', token)).toMatchObject({ status: 200 })
  })
})

test('a registry behind us behaves as it does by itself, in all that the OCI distribution specification has', async () => {
  const bare = await startRegistry()
  try {
    const expected = await conformanceOf(bare.host)
    expect(Object.values(expected).filter((result) => result === 'Pass').length).toBeGreaterThan(15)
    expect(
      await conformanceOf(host, { caFile: join(folder, 'ca.crt'), username: 'admin', password: passwordOf('admin') }),
    ).toEqual(expected)
  } finally {
    await bare.stop()
  }
}, 120_000)

describe('attack:', () => {
  const begun = async (token: string, name = 'alice/app') => {
    const { status, headers } = await at(`/v2/${name}/blobs/uploads/`, token, { method: 'POST' })
    expect(status).toBe(202)
    return headers['location'] ?? ''
  }

  test('the platform’s own credentials are seen by nobody', async () => {
    const token = await tokenFor(pushing, 'alice')
    const answers = [
      await at('/v2/alice/app/manifests/1', token),
      await at('/v2/alice/app/blobs/uploads/', token, { method: 'POST' }),
    ]
    for (const { headers } of answers) expect(JSON.stringify(headers)).not.toMatch(/robot|secret|authenticate|_state/)
    const location = await begun(token)
    expect(location).toMatch(/^\/v2\/alice\/app\/blobs\/uploads\/[\w-]+$/)
    const { port } = new URL(registry.url)
    expect(Buffer.from(location.split('/').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain(port)
  })

  test('an upload of one repository does not go on in another, nor one that is made up', async () => {
    const hers = await begun(await tokenFor(pushing, 'alice'))
    const his = await tokenFor('repository:bob/app:pull,push', 'bob')
    const options = { method: 'PATCH', body: 'bytes', headers: { 'content-type': 'application/octet-stream' } } as const
    expect(await at(hers, his, options)).toMatchObject({ status: 401 })
    expect(await at(hers.replace('alice/app', 'bob/app'), his, options)).toMatchObject({ status: 404 })
    expect(await at('/v2/bob/app/blobs/uploads/made-up', his, options)).toMatchObject({ status: 404 })
    expect(await at(hers, await tokenFor(pushing, 'alice'), options)).toMatchObject({ status: 202 })
  })

  test.each([
    ['for another repository', 'repository:alice/other:pull'],
    ['for pushing, which was not given', 'repository:alice/app:push'],
    ['for the catalogue', 'registry:catalog:*'],
    ['for nothing', ''],
  ])('a token %s opens nothing', async (_, scope) => {
    const { status, headers } = await at('/v2/alice/app/manifests/1', await tokenFor(scope, 'bob'))
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toContain('scope="repository:alice/app:pull",error="insufficient_scope"')
  })

  test.each([
    '/v2/../api/account',
    '/v2/alice/app/../../../x',
    '/v2/alice%2fapp/manifests/1',
    '/v2/_catalog/x',
    '/v2/alice/app/manifests/',
  ])('%s is nothing that is passed on', async (path) => {
    const token = await tokenFor(`${pushing} registry:catalog:*`, 'alice')
    expect((await at(path, token)).status).toBeGreaterThanOrEqual(400)
  })

  test('the password of a user is no way in past the tokens', async () => {
    expect(await send(`${backend.url}/v2/`, { headers: basic('alice', password) })).toMatchObject({ status: 401 })
    expect(await send(`${backend.url}/registry/events`, { method: 'POST', body: '{}', headers: bearer('x') })).toMatchObject({
      status: 401,
    })
  })
})
