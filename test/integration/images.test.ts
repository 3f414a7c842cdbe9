import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ImageTag, ImageUses } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { externalRegistry } from '../support/images.ts'
import { activeUser, bearer, type Person, signedInAdmin, tokenOf } from '../support/people.ts'
import { pushImage, pushIndex } from '../support/push.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { send } from '../support/send.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let registry: RunningRegistry
let backend: Backend
let admin: Person
let alice: Person
const host = 'registry.karvdash.test:8443'

beforeAll(async () => {
  ;[cluster, registry] = await Promise.all([startCluster('images'), startRegistry()])
  backend = await cluster.backend(externalRegistry(registry))
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
}, 60_000)
afterAll(() => Promise.all([cluster?.stop(), registry?.stop()]))

interface Listed {
  items: { name: string; tags: number; mayPush: boolean; mayDelete: boolean }[]
  next?: string
}
const query = (values: Record<string, string>) => new URLSearchParams(values).toString()
const list = async (person: Person, values: Record<string, string> = {}) =>
  (await person.send('GET', `/api/images?${query(values)}`)).body as Listed
const tags = async (person: Person, repository: string, more: Record<string, string> = {}) =>
  (await person.send('GET', `/api/images/tags?${query({ repository, ...more })}`)).body as { items: ImageTag[]; next?: string }
const uses = (repository: string, tag: string, person = admin) =>
  person.send('GET', `/api/images/uses?${query({ repository, tag })}`)
const remove = (values: Record<string, string>, person = admin) => person.send('DELETE', `/api/images?${query(values)}`)

test('repositories are listed a page at a time, searched, and tell what one may do', async () => {
  for (const name of ['alice/tool', 'bob/tool', 'library/tool', 'bob/else']) await pushImage(registry.url, `${name}:1`)
  await until(async () => (await list(alice, { search: 'TOOL' })).items.length === 3)
  const first = await list(alice, { search: 'tool', limit: '2' })
  expect(first).toMatchObject({
    registry: host,
    isWhole: true,
    items: [
      { name: 'alice/tool', tags: 1, mayPush: true, mayDelete: false },
      { name: 'bob/tool', tags: 1, mayPush: false, mayDelete: false },
    ],
  })
  expect(await list(alice, { search: 'tool', limit: '2', cursor: first.next ?? '' })).toMatchObject({
    items: [{ name: 'library/tool' }],
  })
  expect((await list(admin, { search: 'bob/else' })).items).toEqual([
    { name: 'bob/else', tags: 1, mayPush: true, mayDelete: true },
  ])
})

test('tags are told with what they name', async () => {
  const one = await pushImage(registry.url, 'alice/described:1', { labels: { title: 'A tool' } })
  const both = await pushIndex(registry.url, 'alice/described:2', [
    { architecture: 'amd64' },
    { architecture: 'arm64', layer: 'other' },
  ])
  const { items } = await tags(alice, 'alice/described')
  expect(items).toMatchObject([
    {
      ...{ tag: '1', digest: one.digest, reference: `${host}/alice/described:1`, labels: { title: 'A tool' } },
      platforms: [{ os: 'linux', architecture: 'amd64', digest: one.digest }],
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    { tag: '2', digest: both.digest, platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }] },
  ])
  const page = await tags(alice, 'alice/described', { limit: '1' })
  expect(page).toMatchObject({ items: [{ tag: '1' }], next: expect.any(String) })
  expect((await tags(alice, 'alice/described', { search: '2' })).items).toMatchObject([{ tag: '2' }])
  expect((await tags(alice, 'alice/nothing')).items).toEqual([])
})

describe('what is asked must be allowed and make sense:', () => {
  test.each(['alice', 'alice/../bob', '../etc', 'Alice/app', 'alice/app?x'])(
    'attack: %j is no repository',
    async (repository) => {
      expect(await alice.send('GET', `/api/images/tags?${query({ repository })}`)).toMatchObject({ status: 400 })
    },
  )

  test('a token without the scope for images sees none', async () => {
    const made = await alice.send('POST', '/api/account/tokens', { name: 'files alone', scopes: ['files'] })
    const { secret } = made.body as { secret: string }
    expect(await send(`${backend.url}/api/images`, { headers: bearer(secret) })).toMatchObject({ status: 403 })
    const whole = await tokenOf(alice)
    expect(await send(`${backend.url}/api/images`, { headers: bearer(whole.secret) })).toMatchObject({ status: 200 })
  })

  test('attack: nobody but admins deletes, asks what uses an image, or has space freed', async () => {
    const { digest } = await pushImage(registry.url, 'alice/kept:1')
    const named = { repository: 'alice/kept', tag: '1' }
    expect(await remove({ ...named, digest }, alice)).toMatchObject({ status: 403 })
    expect(await uses('alice/kept', '1', alice)).toMatchObject({ status: 403 })
    expect(await alice.send('POST', '/api/images/collection')).toMatchObject({ status: 403 })
    expect((await tags(alice, 'alice/kept')).items).toHaveLength(1)
  })

  test('an external registry is left to free its own space', async () => {
    expect(await admin.send('POST', '/api/images/collection')).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('where it is administered') },
    })
  })
})

describe('an image that is deleted', () => {
  const source = (image: string) => `apiVersion: karvdash.io/v1
kind: Template
id: of-an-image
name: Of an image
description: Runs an image.
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{service.name}}'}
spec:
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec: {containers: [{name: main, image: '${image}'}]}
`

  test('is told with its other tags and the services that use it, and goes with them', async () => {
    const { digest } = await pushImage(registry.url, 'alice/used:1')
    await pushImage(registry.url, 'alice/used:latest')
    await pushImage(registry.url, 'alice/used:other', { labels: { other: 'image' } })
    await alice.send('POST', '/api/templates', { source: source(`${host}/alice/used:latest`) })
    const { name } = await launch(alice, { template: 'of-an-image' })
    const told = await until(async () => {
      const { body } = await uses('alice/used', '1')
      return (body as ImageUses).services.length > 0 && (body as ImageUses)
    })
    expect(told).toEqual({ digest, tags: ['latest'], services: [{ user: 'alice', service: name }] })
    expect((await uses('alice/used', 'other')).body).toMatchObject({ tags: [], services: [] })
    expect(await remove({ repository: 'alice/used', tag: '1', digest })).toMatchObject({ status: 204 })
    expect((await tags(alice, 'alice/used')).items).toMatchObject([{ tag: 'other' }])
    expect(await remove({ repository: 'alice/used', tag: '1', digest })).toMatchObject({ status: 404 })
  })

  test('is no other than the one that was looked at', async () => {
    const { digest } = await pushImage(registry.url, 'alice/changed:1')
    await pushImage(registry.url, 'alice/changed:1', { labels: { changed: 'meanwhile' } })
    expect(await remove({ repository: 'alice/changed', tag: '1', digest })).toMatchObject({ status: 409 })
  })

  test('is in the audit log, by who deleted it', async () => {
    const { digest } = await pushImage(registry.url, 'alice/audited:1')
    await remove({ repository: 'alice/audited', tag: '1', digest })
    const { body } = await admin.send('GET', '/api/audit?limit=20')
    expect(JSON.stringify(body)).toContain('alice/audited')
  })

  test('frees its space with all its platforms', async () => {
    const { digest, children } = await pushIndex(registry.url, 'alice/space:1', [
      { architecture: 'amd64' },
      { architecture: 'arm64', layer: 'more' },
    ])
    expect(await remove({ repository: 'alice/space', tag: '1', digest })).toMatchObject({ status: 204 })
    for (const child of children) expect((await fetch(`${registry.url}/v2/alice/space/manifests/${child}`)).status).toBe(404)
    expect((await list(alice, { search: 'alice/space' })).items).toEqual([])
  })
})

describe('a registry that does not do its part', () => {
  test('is told of in words while it is down, and used again when it answers', async () => {
    await pushImage(registry.url, 'alice/down:1')
    await registry.kill()
    expect(await alice.send('GET', `/api/images/tags?${query({ repository: 'alice/down' })}`)).toMatchObject({
      status: 503,
      body: { detail: expect.stringMatching(/registry does not answer/) },
    })
    await registry.start()
    expect((await tags(alice, 'alice/down')).items).toHaveLength(1)
  })

  test('says so where it does not let delete', async () => {
    const fixed = await startRegistry({ delete: false, storage: registry.storage })
    const other = await cluster.backend({ ...externalRegistry(fixed), KARVDASH_POD_NAME: 'other' })
    const { digest } = await pushImage(fixed.url, 'alice/fixed:1')
    const answer = await remove({ repository: 'alice/fixed', tag: '1', digest }, admin.at(other))
    expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringContaining('not set up for it') } })
    await other.stop()
    await fixed.stop()
  })

  test('is missed in words where there is none', async () => {
    const without = await cluster.backend({ KARVDASH_POD_NAME: 'without' })
    expect(await alice.at(without).send('GET', '/api/images')).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('registry.inCluster or registry.external') },
    })
    await without.stop()
  })
})
