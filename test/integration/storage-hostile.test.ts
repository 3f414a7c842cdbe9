import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

const secret = 'only bob may read this'
let cluster: Cluster
let backend: Backend
let alice: Person
let files: Files
let mine: string
let bobs: string

beforeAll(async () => {
  cluster = await startCluster('storage-hostile')
  backend = await cluster.backend()
  const admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  await activeUser(backend, 'bob', admin)
  files = await filesOf(backend, alice)
  mine = join(cluster.domains, 'local/alice')
  bobs = join(cluster.domains, 'local/bob')
  writeFileSync(join(bobs, 'secret'), secret)
  // The administrator's folder is made beside all that.
  await until(() => readdirSync(join(cluster.domains, 'local')).includes('admin'))
}, 60_000)
afterAll(() => cluster?.stop())

afterEach(() => {
  expect(readdirSync(bobs)).toEqual(['secret'])
  expect(readFileSync(join(bobs, 'secret'), 'utf8')).toBe(secret)
  expect(readdirSync(join(cluster.domains, 'local')).sort()).toEqual(['admin', 'alice', 'bob'])
})

/** Every verb on a raw query, as no client would encode it. */
async function everyVerb(query: string): Promise<{ status: number; text: string }[]> {
  const { headers } = files
  const at = (what: string) => `${backend.url}/api/storage/local/${what}?path=${query}`
  return [
    await send(at('entries'), { headers }),
    await send(at('entry'), { headers }),
    await send(at('content'), { headers }),
    await send(at('content'), { headers, method: 'PUT', body: 'evil' }),
    await send(at('entry'), { headers, method: 'DELETE' }),
    await send(`${at('entry')}&recursive=true`, { headers, method: 'DELETE' }),
  ]
}

describe("alice names what is bob's", () => {
  test.each([
    '../bob/secret',
    '..%2Fbob%2Fsecret',
    '%2e%2e/bob/secret',
    '%2e%2e%2fbob%2fsecret',
    '.%2e/bob/secret',
    '/../bob/secret',
    'x/../../bob/secret',
    './../bob/secret',
    '//bob/secret',
    '%2F%2Fbob%2Fsecret',
    '../bob',
    '..',
    '../',
    '../../../../../../etc/passwd',
    '../bob/secret%00',
    '%00/../bob/secret',
    '..%00/bob/secret',
    '%ff%2e%2e',
    '%c0%ae%c0%ae/bob/secret',
    '%e0%80%ae%e0%80%ae/bob/secret',
    '%ed%a0%80',
    '%',
    '%zz',
    'a&path=../bob/secret',
    'x'.repeat(256),
    'x/'.repeat(2048),
  ])('by %j: refused', async (query) => {
    for (const answer of await everyVerb(query)) {
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain('only bob')
    }
  })

  test.each([
    '/local/bob/secret',
    '/domains/local/bob/secret',
    '%252e%252e%252fbob%252fsecret',
    '..%5Cbob%5Csecret',
    '%EF%BC%8E%EF%BC%8E/bob/secret',
    '%E2%80%A5/bob/secret',
    '..%E2%88%95bob',
    '...',
    'proc/self/root/etc/passwd',
  ])('by %j: a name like any other', async (query) => {
    const answers = await everyVerb(query)
    for (const answer of answers) {
      expect([201, 404, 200, 204, 409]).toContain(answer.status)
      expect(answer.text).not.toContain('only bob')
    }
  })

  test('in the body of a request: refused', async () => {
    writeFileSync(join(mine, 'a'), 'mine')
    for (const path of ['../bob/new', '/../bob/new', '..', 'a\0', '\ud800']) {
      await expect(files.createFolder(path)).rejects.toMatchObject({ status: 400 })
      await expect(files.rename('a', path)).rejects.toMatchObject({ status: 400 })
      await expect(files.rename(path, 'b')).rejects.toMatchObject({ status: 400 })
    }
  })

  test('as another domain or part of the path: there is none', async () => {
    const { headers } = files
    for (const domain of ['local%2F..%2Flocal%2Fbob', 'bob', '..', '%2e%2e', 'local%2Fbob', 'LOCAL', 'local%00']) {
      const { status } = await send(`${backend.url}/api/storage/${domain}/content?path=secret`, { headers })
      expect([400, 404]).toContain(status)
    }
    for (const path of [
      '/api/storage/local/../local/bob/content?path=secret',
      '/api/storage/local/content/..%2f..%2fbob?path=secret',
    ])
      expect((await send(backend.url + path, { headers })).status).toBe(404)
  })
})

describe('links that alice plants in her own folder', () => {
  test.each(['../bob', '../../local/bob', '/etc', '/', '/proc/self/root'])(
    'to %s show nothing and lead nowhere',
    async (target) => {
      const link = `link to ${target.replaceAll('/', '_')}`
      symlinkSync(target, join(mine, link))
      expect(await files.stat(link)).toMatchObject({ type: 'link-broken', link: target })
      for (const path of [link, `${link}/secret`, `${link}/passwd`]) {
        for (const answer of (await everyVerb(encodeURIComponent(path))).filter((_, i) => ![1, 4, 5].includes(i)))
          expect(answer).toMatchObject({ status: 404 })
      }
      await expect(files.write(`${link}/new`, 'evil')).rejects.toMatchObject({ status: 404 })
      await expect(files.createFolder(`${link}/new`)).rejects.toMatchObject({ status: 404 })
      await expect(files.rename(`${link}/secret`, 'stolen')).rejects.toMatchObject({ status: 404 })
      mkdirSync(join(mine, 'tree'), { recursive: true })
      symlinkSync(target, join(mine, 'tree/inner'))
      await files.remove('tree', { recursive: true })
    },
  )
})

describe('special files', () => {
  test('are shown, never opened, and nobody waits for them', async () => {
    execFileSync('mkfifo', [join(mine, 'fifo')])
    execFileSync('mknod', [join(mine, 'zero'), 'c', '1', '5'])
    for (const name of ['fifo', 'zero']) {
      expect(await files.stat(name)).toMatchObject({ type: 'other', size: 0 })
      await expect(files.read(name)).rejects.toMatchObject({ status: 409, extra: { code: 'not-a-file' } })
      await expect(files.write(name, 'x')).rejects.toMatchObject({ status: 409, extra: { code: 'not-a-file' } })
      await files.remove(name)
    }
  }, 10_000)
})

describe('who may', () => {
  test('nobody without credentials, and a page of another origin not by cookie', async () => {
    const at = (what: string) => `${backend.url}/api/storage/local/${what}?path=fresh`
    for (const what of ['entries', 'entry', 'content']) expect((await send(at(what))).status).toBe(401)
    expect((await send(at('content'), { method: 'PUT', body: 'x' })).status).toBe(401)
    const cookie = alice.headers()
    const evil = { ...cookie, origin: 'https://hello-mallory.karvdash.test', 'sec-fetch-site': 'same-site' }
    expect((await send(at('content'), { method: 'PUT', headers: evil, body: 'x' })).status).toBe(403)
    const { 'x-karvdash-csrf': _csrf, ...withoutToken } = cookie as Record<string, string>
    expect((await send(at('content'), { method: 'PUT', headers: withoutToken, body: 'x' })).status).toBe(403)
    expect((await send(at('content'), { method: 'PUT', headers: cookie, body: 'x' })).status).toBe(201)
  })

  test("what is shared is everybody's, with the group of all", async () => {
    const hers = await filesOf(backend, alice, 'shared')
    await hers.write('together', 'x')
    const admin = await filesOf(backend, await signedInAdmin(backend), 'shared')
    await admin.write('together', 'y')
    expect(await hers.read('together')).toBe('y')
    await admin.remove('together')
    await expect(hers.stat('together')).rejects.toMatchObject({ status: 404 })
  })
})
