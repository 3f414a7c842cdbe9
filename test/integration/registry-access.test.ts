import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeLeaf, makeRoot } from '@karvdash/backend/registry/access/make-token-certificates'
import { createRegistryTokens } from '@karvdash/backend/registry/access/tokens'
import { dockerEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import { SignJWT } from 'jose'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, domain, startCluster } from '../support/cluster.ts'
import { conformanceOf } from '../support/conformance.ts'
import { filesOf } from '../support/files.ts'
import { adder } from '../support/images.ts'
import { activate, activeUser, basic, bearer, type Person, password, signedInAdmin, signIn, visitor } from '../support/people.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { send } from '../support/send.ts'
import { writeTinyImage } from '../support/tiny-image.ts'
import { until } from '../support/until.ts'

const host = `registry.${domain}:8443`
let cluster: Cluster
let backend: Backend
let registry: RunningRegistry
let folder: string
let admin: Person
let alice: Person
let keys: { rootCertificate: string; rootKey: string; eventsSecret: string }

/** The registry needs the certificate that a backend makes, and the backend the registry's address: a first one makes it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-access-'))
  cluster = await startCluster('registry-access', { registry: { inCluster: { enabled: true } } })
  const [port] = await freePorts(1)
  await (await cluster.backend()).stop()
  keys = await keysOf(cluster)
  const rootcertbundle = join(folder, 'root.crt')
  await writeFile(rootcertbundle, keys.rootCertificate)
  const token = { realm: `http://127.0.0.1:${port}/registry/token`, service: host, issuer: 'karvdash', rootcertbundle }
  const headers = { Authorization: [`Bearer ${keys.eventsSecret}`] }
  const endpoint = {
    name: 'karvdash',
    url: `http://127.0.0.1:${port}/registry/events`,
    headers,
    timeout: '5s',
    threshold: 5,
    backoff: '1s',
  }
  registry = await startRegistry({ config: { auth: { token }, notifications: { endpoints: [endpoint] } } })
  backend = await cluster.backend({ KARVDASH_HTTP_PORT: `${port}`, KARVDASH_REGISTRY_URL: registry.url })
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  await activeUser(backend, 'bob', admin)
  await writeTinyImage(join(folder, 'one'), 'one')
  await writeTinyImage(join(folder, 'two'), 'two')
}, 120_000)
afterAll(async () => {
  await registry?.stop()
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

const Data = z.object({ data: z.record(z.string(), z.string()) })

async function dataOf(name: string, namespace: string): Promise<Record<string, string>> {
  const { data } = Data.parse(JSON.parse(await cluster.kubectl('get', 'secret', name, '-n', namespace, '-o', 'json')))
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}

async function keysOf(_: Cluster) {
  const data = await dataOf('karvdash-registry-keys', 'karvdash')
  return { rootCertificate: data['root.crt'] ?? '', rootKey: data['root.key'] ?? '', eventsSecret: data['events'] ?? '' }
}

const passwordOf = (user: string) => (user === 'admin' ? 'correct horse battery' : password)
const login = (user: string, secret = passwordOf(user)) => `${user}:${secret}`
const plain = ['--insecure-policy']
const push = (source: 'one' | 'two', name: string, by: string, tag = '1') =>
  run('skopeo', [
    ...plain,
    'copy',
    ...['--dest-tls-verify=false', `--dest-creds=${by}`],
    `oci:${join(folder, source)}:tiny`,
    `docker://${registry.host}/${name}:${tag}`,
  ])
const digest = async (name: string, by: string) => {
  const args = ['inspect', '--tls-verify=false', `--creds=${by}`, '--format={{.Digest}}', `docker://${registry.host}/${name}`]
  return (await run('skopeo', [...plain, ...args])).trim()
}
const remove = (name: string, by: string) =>
  run('skopeo', [...plain, 'delete', '--tls-verify=false', `--creds=${by}`, `docker://${registry.host}/${name}`])

const TokenAnswer = z.object({ token: z.string(), access_token: z.string(), expires_in: z.literal(300), issued_at: z.string() })
const tokenAnswer = (scope: string, headers: Record<string, string>) =>
  send(`${backend.url}/registry/token?${new URLSearchParams({ service: host, scope, account: 'x' })}`, { headers })
async function tokenOf(scope: string, user: string, secret = passwordOf(user)): Promise<string> {
  const answer = await tokenAnswer(scope, basic(user, secret))
  expect(answer.status).toBe(200)
  return TokenAnswer.parse(answer.body).token
}
const personal = async (by: Person, scopes: string[]) =>
  z.object({ secret: z.string() }).parse((await by.send('POST', '/api/account/tokens', { name: scopes.join(' '), scopes })).body)
    .secret

describe('people and the registry', () => {
  test('each pushes what is theirs, all pull it, and nobody else pushes or deletes it', async () => {
    await push('one', 'alice/app', login('alice'))
    expect(await digest('alice/app:1', login('bob'))).toBe(await writeTinyImage(join(folder, 'one'), 'one'))
    await expect(push('two', 'alice/app', login('bob'))).rejects.toThrow(/denied|authentication required|unauthorized/)
    await expect(remove('alice/app:1', login('alice'))).rejects.toThrow(/denied|authentication required|unauthorized/)
    await expect(digest('alice/app:1', 'alice:wrong password')).rejects.toThrow('The username or the password is wrong')
    await expect(
      run('skopeo', [...plain, 'inspect', '--tls-verify=false', '--no-creds', `docker://${registry.host}/alice/app:1`]),
    ).rejects.toThrow('Log in to the registry')
  })

  test('a shared name is whose it comes to first; then administrators change it, and they delete', async () => {
    await push('one', 'library/tool', login('alice'))
    await expect(push('two', 'library/tool', login('bob'))).rejects.toThrow(/denied|authentication required|unauthorized/)
    await expect(push('two', 'library/tool', login('alice'), '2')).rejects.toThrow(/denied|authentication required|unauthorized/)
    await push('two', 'library/tool', login('admin'))
    await remove('library/tool:1', login('admin'))
    await push('one', 'library/tool', login('bob'))
    await expect(push('one', 'karvdash/backend', login('alice'))).rejects.toThrow(/denied|authentication required|unauthorized/)
    await push('one', 'karvdash/backend', login('admin'))
  })

  test('personal tokens do what they are made for, and no more', async () => {
    const usual = await personal(alice, ['images'])
    await push('one', 'alice/token', `alice:${usual}`)
    const reading = await personal(alice, ['images', 'read-only'])
    expect(await digest('alice/token:1', `alice:${reading}`)).toMatch(/^sha256:/)
    await expect(push('two', 'alice/token', `alice:${reading}`)).rejects.toThrow(/denied|authentication required|unauthorized/)
    const files = await personal(alice, ['files'])
    await expect(digest('alice/token:1', `alice:${files}`)).rejects.toThrow('was not made for images')
    await expect(digest('alice/token:1', `bob:${usual}`)).rejects.toThrow('The username or the token is wrong')
    const usualOfAdmin = await personal(admin, ['images'])
    await expect(push('two', 'alice/token', `admin:${usualOfAdmin}`)).rejects.toThrow(
      /denied|authentication required|unauthorized/,
    )
    await push('two', 'alice/token', `admin:${await personal(admin, ['images', 'admin'])}`)
  })

  test('the backend itself lists what there is', async () => {
    const token = await tokenOf('registry:catalog:*', 'bob')
    const { body } = await send(`${registry.url}/v2/_catalog`, { headers: bearer(token) })
    expect(body).toMatchObject({ repositories: expect.arrayContaining(['alice/app', 'library/tool']) })
  })
})

test('a registry that asks for our tokens behaves as one that asks nobody, in all that the OCI distribution specification has', async () => {
  const bare = await startRegistry()
  try {
    const expected = await conformanceOf(bare.host)
    expect(Object.values(expected).filter((result) => result === 'Pass').length).toBeGreaterThan(15)
    expect(await conformanceOf(registry.host, { username: 'admin', password: passwordOf('admin') })).toEqual(expected)
  } finally {
    await bare.stop()
  }
}, 120_000)

test('an image is added from a file with tokens that the backend signs itself, and is whose who asked for it', async () => {
  const layers = [Buffer.from('from a file')]
  await writeFile(
    join(cluster.domains, 'local/alice/image.tar'),
    tarOf(dockerEntries([{ names: ['filed:1', 'other:1'], layers }])),
  )
  const { phase, layers: sent } = await adder((await filesOf(backend, alice)).client).added('image.tar')
  expect([phase, sent.map(({ state }) => state)]).toEqual(['finished', ['sent']])
  for (const repository of ['alice/filed', 'alice/other'])
    await until(async () => {
      const { body } = await alice.send('GET', `/api/images/tags?repository=${repository}`)
      expect(body).toMatchObject({ items: [{ tag: '1', addedBy: 'alice' }] })
      return true
    })
})

describe('what the registry tells', () => {
  test('is who added an image, and stands in the audit log', async () => {
    await push('one', 'alice/told', login('admin'))
    const tags = await until(async () => {
      const { body } = await alice.send('GET', '/api/images/tags?repository=alice/told')
      const { items } = z.object({ items: z.array(z.object({ tag: z.string(), addedBy: z.string().optional() })) }).parse(body)
      return items.some(({ addedBy }) => addedBy !== undefined) ? items : undefined
    })
    expect(tags).toMatchObject([{ tag: '1', addedBy: 'admin' }])
    await remove('alice/told:1', login('admin'))
    const operations = ['PUT /v2/manifests', 'DELETE /v2/manifests']
    await until(async () => {
      const { text: log } = await admin.send('GET', '/api/audit')
      return operations.every((operation) => log.includes(operation))
    })
  })

  test('attack: comes from nobody else', async () => {
    const told = (headers: Record<string, string>) =>
      send(`${backend.url}/registry/events`, {
        method: 'POST',
        body: '{"events": []}',
        headers: { 'content-type': 'application/vnd.docker.distribution.events.v2+json', ...headers },
      })
    expect(await told({})).toMatchObject({ status: 401 })
    expect(await told(bearer('x'))).toMatchObject({ status: 401 })
    expect(await told(basic('admin', passwordOf('admin')))).toMatchObject({ status: 401 })
    expect(await told(bearer(await personal(admin, ['images', 'admin'])))).toMatchObject({ status: 401 })
    expect(await told(bearer(keys.eventsSecret))).toMatchObject({ status: 204 })
  })
})

describe('the token endpoint', () => {
  test('says what is wrong as registries do, and which way to log in', async () => {
    const scope = 'repository:alice/app:pull'
    const nobody = await tokenAnswer(scope, {})
    expect(nobody).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    })
    expect(nobody.headers['www-authenticate']).toMatch(/^Basic realm=/)
    expect(nobody.body).toEqual({ errors: [{ code: 'UNAUTHORIZED', message: expect.stringContaining('Log in') }] })
    const post = await send(`${backend.url}/registry/token`, {
      method: 'POST',
      headers: basic('alice', password),
      body: 'grant_type=password',
    })
    expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' }, body: { errors: [{ code: 'UNSUPPORTED' }] } })
    const other = await send(`${backend.url}/registry/token?service=other`, { headers: basic('alice', password) })
    expect(other).toMatchObject({ status: 400 })
    expect(await tokenAnswer(scope, bearer('x'))).toMatchObject({ status: 401 })
    expect(await tokenAnswer(scope, { authorization: 'Basic' })).toMatchObject({ status: 401 })
    expect(await tokenAnswer(scope, { authorization: 'Basic !!!' })).toMatchObject({ status: 401 })
  })

  test('attack: passwords that are tried out are slowed down', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' }
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, n) => tokenAnswer('', { ...headers, ...basic('bob', `wrong ${n}`) })),
    )
    const slowed = tries.filter(({ status }) => status === 429)
    expect(slowed.length).toBeGreaterThan(0)
    expect(slowed[0]).toMatchObject({
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
      body: { errors: [{ code: 'TOOMANYREQUESTS' }] },
    })
  })
})

describe('what pods pull with', () => {
  const Auths = z.object({
    auths: z.record(z.string(), z.object({ username: z.string(), password: z.string(), auth: z.string() })),
  })
  const pullLogin = async (user: string) => {
    const data = await dataOf('karvdash-registry', `karvdash-${user}`)
    return Auths.parse(JSON.parse(data['.dockerconfigjson'] ?? '')).auths[host] ?? { username: '', password: '' }
  }

  test('is in each user’s namespace, and lets pull and nothing else', async () => {
    const { username, password: secret } = await pullLogin('bob')
    expect(username).toBe('bob')
    const by = `bob:${secret}`
    expect(await digest('alice/app:1', by)).toMatch(/^sha256:/)
    await expect(push('two', 'bob/app', by)).rejects.toThrow(/denied|authentication required|unauthorized/)
    const token = await tokenOf('registry:catalog:* repository:bob/app:pull,push,delete', 'bob', secret)
    expect(await send(`${registry.url}/v2/_catalog`, { headers: bearer(token) })).toMatchObject({ status: 401 })
  })

  test('attack: opens neither the API nor a session, and is nobody else’s', async () => {
    const { password: secret } = await pullLogin('bob')
    expect(await send(`${backend.url}/api/account`, { headers: basic('bob', secret) })).toMatchObject({ status: 401 })
    expect(await send(`${backend.url}/api/account`, { headers: bearer(secret) })).toMatchObject({ status: 401 })
    expect(await visitor(backend).send('POST', '/api/session', { username: 'bob', password: secret })).toMatchObject({
      status: 401,
    })
    expect(await tokenAnswer('', basic('alice', secret))).toMatchObject({ status: 401 })
  })

  test('attack: its user neither changes it nor takes it away', async () => {
    const change = ['patch', 'secret', 'karvdash-registry', '-p', '{"stringData": {".dockerconfigjson": "{}"}}']
    await expect(cluster.kubectlAs('bob', ...change)).rejects.toThrow('the platform')
    await expect(cluster.kubectlAs('bob', 'delete', 'secret', 'karvdash-registry')).rejects.toThrow('the platform')
    await cluster.kubectl('delete', 'secret', 'karvdash-registry', '-n', 'karvdash-bob')
    await activate(admin, 'bob')
    expect(await pullLogin('bob')).toMatchObject({ username: 'bob' })
  })

  test('ends when its user signs out everywhere, changes the password or is deactivated, and another takes its place', async () => {
    const carol = await activeUser(backend, 'carol', admin)
    const first = (await pullLogin('carol')).password
    expect(await tokenAnswer('', basic('carol', first))).toMatchObject({ status: 200 })
    expect(await carol.send('DELETE', '/api/account/sessions')).toMatchObject({ status: 204 })
    const renewed = async (before: string) =>
      until(async () => {
        const { password: now } = await pullLogin('carol')
        return now === before ? undefined : now
      })
    const second = await renewed(first)
    expect(await tokenAnswer('', basic('carol', first))).toMatchObject({ status: 401 })
    expect(await tokenAnswer('', basic('carol', second))).toMatchObject({ status: 200 })
    await signIn(carol)
    const passwords = { current: password, next: 'another password of hers' }
    expect(await carol.send('PUT', '/api/account/password', passwords)).toMatchObject({ status: 204 })
    const third = await renewed(second)
    expect(await tokenAnswer('', basic('carol', second))).toMatchObject({ status: 401 })
    expect(await tokenAnswer('', basic('carol', third))).toMatchObject({ status: 200 })
    await activate(admin, 'carol', false)
    expect(await tokenAnswer('', basic('carol', third))).toMatchObject({ status: 401 })
  })

  test('is named by pods, which need no further step', async () => {
    const container = { name: 'main', image: `${host}/alice/app:1` }
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'puller', namespace: 'karvdash-bob' },
      spec: { containers: [container] },
    }
    await cluster.createAs('system:serviceaccount:karvdash-bob:default', pod)
    const secrets = await cluster.kubectl(
      'get',
      'pod',
      'puller',
      '-n',
      'karvdash-bob',
      '-o',
      'jsonpath={.spec.imagePullSecrets[*].name}',
    )
    expect(secrets).toBe('karvdash-registry')
  })
})

describe('the platform’s own account', () => {
  const spec = {
    replicas: 0,
    selector: { matchLabels: { app: 'x' } },
    template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'registry', image: 'registry:2' }] } },
  }
  const patch = (name: string, change: object) =>
    cluster.kubectl(
      ...['patch', 'deployment', name, '-n', 'karvdash', '--as', 'system:serviceaccount:karvdash:karvdash'],
      ...['-p', JSON.stringify({ spec: change })],
    )
  const inTemplate = (template: object) => ({ template })

  beforeAll(async () => {
    for (const name of ['karvdash-registry', 'other'])
      await cluster.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'karvdash' }, spec })
  })

  test('has the registry start anew', async () => {
    await patch('karvdash-registry', inTemplate({ metadata: { annotations: { 'karvdash.io/collection': 'now' } } }))
  })

  test.each<[string, object]>([
    ['another image', inTemplate({ spec: { containers: [{ name: 'registry', image: 'evil:1' }] } })],
    ['another command', inTemplate({ spec: { containers: [{ name: 'registry', command: ['sh'] }] } })],
    ['another account', inTemplate({ spec: { serviceAccountName: 'karvdash' } })],
    ['power over the node', inTemplate({ spec: { hostNetwork: true } })],
    ['other labels', inTemplate({ metadata: { labels: { more: 'x' } } })],
    ['more replicas', { replicas: 2 }],
    ['another strategy', { strategy: { type: 'Recreate', rollingUpdate: null } }],
  ])('attack: gives the registry %s', async (_, change) => {
    await expect(patch('karvdash-registry', change)).rejects.toThrow('karvdash-platform')
  })

  test('attack: changes another Deployment', async () => {
    await expect(patch('other', inTemplate({ metadata: { annotations: { x: 'y' } } }))).rejects.toThrow('forbidden')
  })
})

const seconds = () => Math.floor(Date.now() / 1000)
const mine = [{ type: 'repository', name: 'mallory/app', actions: ['pull', 'push', 'delete'] }]
const aimed = [{ type: 'repository', name: 'alice/app', actions: ['pull', 'push', 'delete'] }]
const claims = () => ({
  iss: 'karvdash',
  sub: 'mallory',
  aud: host,
  jti: 'x',
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 300,
  access: aimed,
})
const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const derOf = (certificate: string) => new X509Certificate(certificate).raw.toString('base64')

async function signed(change: object, header: object = {}): Promise<string> {
  const leaf = await makeLeaf({ certificate: keys.rootCertificate, key: keys.rootKey }, Date.now())
  return new SignJWT({ ...claims(), ...change })
    .setProtectedHeader({ alg: 'ES256', x5c: [derOf(leaf.certificate)], ...header })
    .sign(createPrivateKey(leaf.key))
}

/** Tokens for deleting an image of alice's, each with what is wrong about it. */
const attacks: Record<string, () => Promise<string> | string> = {
  'for another repository': () => signed({ access: mine }),
  'for pulling': () => signed({ access: [{ type: 'repository', name: 'alice/app', actions: ['pull'] }] }),
  'for the catalogue': () => signed({ access: [{ type: 'registry', name: 'catalog', actions: ['*'] }] }),
  'of another registry': () => signed({ aud: 'registry.example.org' }),
  'by another issuer': () => signed({ iss: 'mallory' }),
  expired: () => signed({ exp: seconds() - 61, nbf: seconds() - 400 }),
  'from the future': () => signed({ nbf: seconds() + 120 }),
  'with alg none': () => `${text({ alg: 'none', typ: 'JWT' })}.${text(claims())}.`,
  'with alg none and our certificate': async () => {
    const [header = ''] = (await signed({})).split('.')
    return `${text({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'none' })}.${text(claims())}.AAAA`
  },
  'signed with the certificate as a secret': () =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', x5c: [derOf(keys.rootCertificate)] })
      .sign(Buffer.from(keys.rootCertificate)),
  'by another root': async () => {
    const root = await makeRoot(Date.now())
    const tokens = createRegistryTokens({ keys: { rootCertificate: root.certificate, rootKey: root.key }, host })
    return (await tokens.sign({ subject: 'mallory', access: aimed })).token
  },
  'by a key of its own, in the header': async () => {
    const root = await makeRoot(Date.now())
    const key = createPrivateKey(root.key)
    const jwk = createPublicKey(key).export({ format: 'jwk' }) as object
    return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', jwk }).sign(key)
  },
  'of which the scope was widened': async () => {
    const [header, , signature] = (await tokenOf('repository:alice/app:pull', 'bob')).split('.')
    return `${header}.${text(claims())}.${signature}`
  },
  'that was asked for with too much': () => tokenOf('repository:alice/app:pull,push,delete,*', 'bob'),
  'for a name that looks alike': () => tokenOf('repository:alice/../alice/app:* repository:ALICE/app:*', 'bob'),
}

describe('attack: a token', () => {
  const remove = async (token: string) => {
    const of = await digest('alice/app:1', login('admin'))
    return send(`${registry.url}/v2/alice/app/manifests/${of}`, { method: 'DELETE', headers: bearer(token) })
  }

  test.each(Object.keys(attacks))('%s deletes nothing', async (name) => {
    expect(await remove((await attacks[name]?.()) ?? '')).toMatchObject({ status: 401 })
  })

  test('that is as it should be does', async () => {
    expect(await remove(await signed({}))).toMatchObject({ status: 202 })
  })
})
