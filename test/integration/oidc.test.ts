import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Provider from 'oidc-provider'
import { Agent, request } from 'undici'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { activeUser, type Person, signedInAdmin, visitor } from '../support/people.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let front: Front
let server: Server
const trusting = new Agent({ connect: { rejectUnauthorized: false } })
const callback = 'https://karvdash.test:8443/sign-in/external/callback'

/** Whom the provider knows, by the name that never changes. */
const people = new Map<string, Told>()

interface Told {
  sub: string
  preferred_username: string
  email?: string
  name?: string
  groups?: string[]
}

beforeAll(async () => {
  cluster = await startCluster('oidc')
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  front = await startFront({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  server.on('request', provider(front.url).callback())
  const oidc = {
    issuer: front.url,
    clientId: 'karvdash',
    label: 'Sign in with the institute',
    claims: { adminGroup: 'operators' },
    activate: true,
  }
  backend = await cluster.backend({
    KARVDASH_OIDC: JSON.stringify(oidc),
    KARVDASH_OIDC_CLIENT_SECRET: 'a secret of the client',
    NODE_EXTRA_CA_CERTS: front.caFile,
  })
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(async () => {
  await front?.stop()
  await new Promise((resolve) => server.close(resolve))
  await cluster?.stop()
})

/** A provider as an institute runs one; whom it vouches for is what signs in there. */
function provider(issuer: string): Provider {
  const claims = { openid: ['sub', 'preferred_username', 'email', 'name', 'groups'] }
  const made = new Provider(issuer, {
    clients: [{ client_id: 'karvdash', client_secret: 'a secret of the client', redirect_uris: [callback] }],
    claims,
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ ...people.get(id), sub: id }) }),
  })
  made.proxy = true
  return made
}

/** A browser at the provider: follows redirects, fills in forms and keeps cookies until it is sent back to the dashboard. */
async function atProvider(start: string, told: Told): Promise<URL> {
  people.set(told.sub, told)
  const jar = new Map<string, string>()
  let step: Step = { url: new URL(start) }
  for (let hops = 0; hops < 20; hops++) {
    if (step.url.href.startsWith(callback)) return step.url
    step = await hop(step, jar, told.sub)
  }
  throw new Error(`The provider leads nowhere: ${step.url}`)
}

interface Step {
  url: URL
  form?: URLSearchParams
}

async function hop({ url, form }: Step, jar: Map<string, string>, login: string): Promise<Step> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { cookie, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) }
  const answer = await request(url, {
    dispatcher: trusting,
    method: form ? 'POST' : 'GET',
    headers,
    body: form ? String(form) : null,
  })
  for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
    const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? []
    jar.set(name, value)
  }
  const text = await answer.body.text()
  const { location } = answer.headers
  if (location) return { url: new URL(String(location), url) }
  const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? ''
  const action = new URL(/action="([^"]+)"/.exec(text)?.[1] ?? '', url)
  return { url: action, form: new URLSearchParams({ prompt, ...(prompt === 'login' && { login, password: 'x' }) }) }
}

/** Somebody presses the button; gives where they land on the page. */
async function signInThere(person: Person, told: Told, next = ''): Promise<string> {
  const out = await person.send('GET', `/sign-in/external${next}`)
  const back = await atProvider(out.headers['location'] ?? '', told)
  return (await person.send('GET', back.pathname + back.search)).headers['location'] ?? ''
}

const whoIs = async (person: Person) =>
  (await person.send('GET', '/api/session')).body as { user?: { name: string; role: string } }

describe('somebody whom the institute vouches for', () => {
  test('is offered the button, and is signed in as a user of that name whom nobody had before', async () => {
    expect((await visitor(backend).send('GET', '/api/sign-in')).body).toEqual({
      external: { label: 'Sign in with the institute' },
    })
    const erika = visitor(backend, 'erika')
    const told = { sub: 'u-1', preferred_username: 'erika', email: 'erika@example.org', name: 'Erika M.' }
    expect(await signInThere(erika, told)).toBe('/')
    expect(await whoIs(erika)).toMatchObject({
      user: { name: 'erika', email: 'erika@example.org', displayName: 'Erika M.', ready: true },
    })
    const again = visitor(backend, 'erika')
    await signInThere(again, { ...told, preferred_username: 'renamed' })
    expect(await whoIs(again)).toMatchObject({ user: { name: 'erika' } })
  })

  test('comes back to the service they wanted, and to no other place', async () => {
    const felix = visitor(backend, 'felix')
    const told = { sub: 'u-2', preferred_username: 'felix' }
    const wanted = '/enter?host=hello-felix.karvdash.test&path=%2F'
    expect(await signInThere(felix, told, `?next=${encodeURIComponent(wanted)}`)).toBe(wanted)
    for (const evil of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])
      expect(await signInThere(visitor(backend), told, `?next=${encodeURIComponent(evil)}`)).toBe('/')
  })

  test('is an administrator while they are in the group, and no longer', async () => {
    const greta = visitor(backend, 'greta')
    const told = { sub: 'u-3', preferred_username: 'greta' }
    await signInThere(greta, { ...told, groups: ['staff', 'operators'] })
    expect(await whoIs(greta)).toMatchObject({ user: { role: 'admin' } })
    const later = visitor(backend, 'greta')
    await signInThere(later, { ...told, groups: ['staff'] })
    expect(await whoIs(later)).toMatchObject({ user: { role: 'user' } })
    expect((await greta.send('GET', '/api/session')).status).toBe(401)
  })

  test.each(['Erika', 'a-b', 'é', 'x'.repeat(31), '', '../etc', 'root'])(
    'whose name is %j is told that it cannot be one here',
    async (name) => {
      const landed = await signInThere(visitor(backend), { sub: `n-${name}`, preferred_username: name })
      expect(landed).toBe('/#/external?why=name')
    },
  )

  test('attack: is not taken for a user who has that name already, until an administrator says so', async () => {
    await activeUser(backend, 'hanna', admin)
    const stranger = visitor(backend)
    const told = { sub: 'u-9', preferred_username: 'hanna' }
    expect(await signInThere(stranger, told)).toBe('/#/external?why=taken')
    expect((await stranger.send('GET', '/api/session')).status).toBe(401)
    await admin.send('PATCH', '/api/users/hanna', { subject: `${front.url} u-9` })
    await signInThere(stranger, told)
    expect(await whoIs(stranger)).toMatchObject({ user: { name: 'hanna' } })
  })

  test('is kept out when they are deactivated here', async () => {
    const told = { sub: 'u-10', preferred_username: 'ivo' }
    await signInThere(visitor(backend), told)
    await admin.send('PATCH', '/api/users/ivo', { active: false })
    expect(await signInThere(visitor(backend), told)).toBe('/#/external?why=inactive')
  })

  test('attack: an answer is brought to another browser, comes twice, or is made up', async () => {
    const mallory = visitor(backend)
    const out = await mallory.send('GET', '/sign-in/external')
    const back = await atProvider(out.headers['location'] ?? '', { sub: 'u-11', preferred_username: 'mallory' })
    const victim = visitor(backend)
    const failed = { headers: { location: '/#/external?why=failed' } }
    expect(await victim.send('GET', back.pathname + back.search)).toMatchObject(failed)
    expect((await victim.send('GET', '/api/session')).status).toBe(401)
    await mallory.send('GET', back.pathname + back.search)
    expect(await mallory.send('GET', back.pathname + back.search)).toMatchObject(failed)
    expect(await visitor(backend).send('GET', '/sign-in/external/callback?code=x&state=y')).toMatchObject(failed)
  })
})
