import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, bearer, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

const template = `apiVersion: karvdash.io/v1
kind: Template
id: drop
name: Drop
description: Entered by a password of its own.
exposure: {port: 80, auth: secret}
---
apiVersion: v1
kind: Service
metadata: {name: "{{service.name}}"}
spec: {selector: {app: drop}, ports: [{port: 80}]}
`
const gated = template.replace('id: drop', 'id: gated').replace(', auth: secret', '')
const nginx = (name: string) => `nginx.ingress.kubernetes.io/${name}`

let cluster: Cluster
let backend: Backend
let folder: string
let alice: Person
let bob: Person

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-templates-'))
  await writeFile(join(folder, 'drop.yaml'), template)
  await writeFile(join(folder, 'gated.yaml'), gated)
  cluster = await startCluster('secret-auth', { guard: { allowSecretAuth: true } })
  backend = await cluster.backend({ KARVDASH_TEMPLATES_FOLDER: folder })
  const admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  bob = await activeUser(backend, 'bob', admin)
  await launch(alice, { template: 'drop' })
  await launch(alice, { template: 'gated' })
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const Password = z.object({ username: z.literal('karvdash'), password: z.string() })
const passwordOf = async (person: Person, service: string) =>
  Password.parse((await person.send('GET', `/api/services/${service}/password`)).body).password
const secretText = async (name: string, key: string) =>
  Buffer.from(
    await cluster.kubectl('get', 'secret', name, '-n', 'karvdash-alice', '-o', `jsonpath={.data.${key}}`),
    'base64',
  ).toString()

describe('a service with a password of its own', () => {
  test('has an Ingress that asks for it and not the gate, and its hash in a Secret', async () => {
    const asked = ['get', 'ingress', 'drop', '-n', 'karvdash-alice', '-o', 'jsonpath={.metadata.annotations}']
    expect(JSON.parse(await cluster.kubectl(...asked))).toEqual({
      [nginx('auth-type')]: 'basic',
      [nginx('auth-secret')]: 'drop.auth',
      [nginx('auth-realm')]: 'Karvdash',
      [nginx('proxy-body-size')]: '0',
    })
    const password = await passwordOf(alice, 'drop')
    expect(password).toMatch(/^[\w-]{32}$/)
    const hash = createHash('sha1').update(password).digest('base64')
    expect(await secretText('drop.auth', 'auth')).toBe(`karvdash:{SHA}${hash}`)
  })

  test('tells it to its owner alone, and to tokens for services', async () => {
    expect((await bob.send('GET', '/api/services/drop/password')).status).toBe(404)
    expect((await send(`${backend.url}/api/services/drop/password`)).status).toBe(401)
    for (const [scopes, status] of [
      [['services', 'read-only'], 200],
      [['files'], 403],
    ] as const) {
      const { body } = await alice.send('POST', '/api/account/tokens', { name: 'x', scopes })
      const headers = bearer(z.object({ secret: z.string() }).parse(body).secret)
      expect((await send(`${backend.url}/api/services/drop/password`, { headers })).status).toBe(status)
    }
  })

  test('has another at the next launch, and takes it along when it goes', async () => {
    await launch(alice, { template: 'drop', name: 'second' })
    expect(await passwordOf(alice, 'second')).not.toBe(await passwordOf(alice, 'drop'))
    expect((await alice.send('DELETE', '/api/services/second')).status).toBe(204)
    await until(async () => (await alice.send('GET', '/api/services/second/password')).status === 404)
  })

  test('is not shared, since whoever has the password enters', async () => {
    expect(await alice.send('PUT', '/api/services/drop/shares/bob', { isAware: true })).toMatchObject({ status: 409 })
  })

  test('is in no record and no preview in the clear', async () => {
    const password = await passwordOf(alice, 'drop')
    expect(await cluster.kubectl('get', 'servicerecord', 'drop', '-n', 'karvdash-alice', '-o', 'json')).not.toContain(password)
  })
})

test('a service behind the gate has no password to tell', async () => {
  expect(await alice.send('GET', '/api/services/gated/password')).toMatchObject({ status: 404 })
  expect(await alice.send('GET', '/api/services/nothing/password')).toMatchObject({ status: 404 })
})

describe('attack:', () => {
  const annotate = (ingress: string, ...changes: string[]) =>
    cluster.kubectlAs('alice', 'annotate', '--overwrite', 'ingress', ingress, ...changes.map((change) => nginx(change)))

  test.each([
    ['has the password of another service', ['auth-secret=gated.auth']],
    ['has the password of another namespace', ['auth-secret=karvdash-bob/drop.auth']],
    ['has no password', ['auth-secret-']],
    ['has no password, nor a gate', ['auth-secret-', 'auth-type-', 'auth-realm-']],
    ['is asked for in another way', ['auth-type=digest']],
    ['writes into the configuration by its realm', ['auth-realm=x"; return 200; #']],
    ['reads its Secret in another form', ['auth-secret-type=auth-map']],
    ['is let in by either way', ['auth-url=http://karvdash.karvdash.svc.cluster.local/gate', 'satisfy=any']],
  ])('a service with a password %s', async (_, changes) => {
    await expect(annotate('drop', ...changes)).rejects.toThrow("'karvdash-routes'")
  })

  test('the host of another service is taken by a service with a password', async () => {
    for (const host of ['gated-alice.karvdash.test', 'drop-bob.karvdash.test', 'karvdash.test']) {
      const change = JSON.stringify([{ op: 'replace', path: '/spec/rules/0/host', value: host }])
      const patched = cluster.kubectlAs('alice', 'patch', 'ingress', 'drop', '--type=json', '-p', change)
      await expect(patched).rejects.toThrow("'karvdash-routes'")
    }
  })
})

describe('where administrators do not allow it', () => {
  test('such a template is not launched, and says why', async () => {
    const strict = await cluster.backend({ KARVDASH_TEMPLATES_FOLDER: folder, KARVDASH_ALLOW_SECRET_AUTH: 'false' })
    const answer = await alice.at(strict).send('POST', '/api/services', { template: 'drop', name: 'other' })
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringContaining('do not allow') } })
    expect((await alice.send('GET', '/api/services/other')).status).toBe(404)
  })
})
