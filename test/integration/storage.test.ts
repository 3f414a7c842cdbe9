import { createHash, randomBytes } from 'node:crypto'
import { chmod, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, partPrefix } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activate, activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { type Sent, send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let files: Files
let folder: string

beforeAll(async () => {
  cluster = await startCluster('storage')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  files = await filesOf(backend, await activeUser(backend, 'alice', admin))
  folder = join(cluster.domains, 'local/alice')
}, 60_000)
afterAll(() => cluster?.stop())

const params = { domain: 'local' } as const
const get = (path: string, headers: Record<string, string> = {}, method: Sent['method'] = 'GET') =>
  send(files.url(path), { method, headers: { ...files.headers, ...headers } })
const parts = async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes(partPrefix))

test("the domains say what they are for, and that what is shared is everybody's", async () => {
  const { items } = await files.client.call(contract.listDomains)
  expect(items.map(({ name, label, writable }) => [name, label, writable])).toEqual([
    ['local', '/local', true],
    ['remote', '/remote', true],
    ['shared', '/shared', true],
  ])
  expect(items[2]?.description).toContain('read, changed and deleted by every user')
})

describe('a file', () => {
  test("goes in and comes out, and lies on the disk as its user's", async () => {
    const written = await files.write('a.txt', 'one')
    expect(await files.stat('a.txt')).toEqual(written)
    expect(await files.read('a.txt')).toBe('one')
    const { uid, gid, mode } = await stat(join(folder, 'a.txt'))
    expect([uid, gid, mode & 0o7777]).toEqual([gid, uid, 0o660])
  })

  test('is 201 when it was not there, else 200, with its etag', async () => {
    const put = () => send(files.url('status'), { method: 'PUT', headers: files.headers, body: 'x' })
    const [first, second] = [await put(), await put()]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.headers['etag']).toBe((await files.stat('status')).etag)
  })

  test.each([
    'with space',
    '100%',
    '%2e%2e%2f',
    '#hash?query&amp=1;x',
    'a:b',
    '+plus+',
    '\u{1F600}\u{1F468}\u200d\u{1F469}',
    'line\nbreak',
    'tab\tand"quote\'',
    'back\\slash',
    '\u202egnp.exe',
    '\u00e9'.repeat(127),
    'x'.repeat(255),
    '-rf',
    'caf\uefe9',
    'NFC \u00e9',
    'NFD e\u0301',
  ])('may be called %j', async (name) => {
    await files.createFolder('names').catch(() => undefined)
    const path = `names/${name}`
    await files.write(path, name)
    expect(await files.list('names')).toContain(name)
    expect(await files.read(path)).toBe(name)
    await files.rename(path, 'names/renamed')
    await files.rename('names/renamed', path)
    await files.remove(path)
    expect(await files.list('names')).toEqual([])
  })

  test('never runs on our origin, whatever is in it', async () => {
    await files.write('evil.html', '<script>alert(1)</script>')
    expect((await get('evil.html')).headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'content-disposition': 'attachment; filename="evil.html"',
    })
    await files.write('\u20ac "x".svg', '<svg/>')
    const { headers } = await get('\u20ac "x".svg')
    expect(headers['content-disposition']).toBe(`attachment; filename="? \\"x\\".svg"; filename*=UTF-8''%E2%82%AC%20%22x%22.svg`)
    await files.write('größe.csv', '1')
    expect((await get('größe.csv')).headers['content-disposition']).toBe(
      `attachment; filename="gr??e.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv`,
    )
    await files.write('plain', 'MZ')
    expect((await get('plain')).headers['content-type']).toBe('application/octet-stream')
  })

  test('can be had in parts, and only when it changed', async () => {
    const { etag } = await files.write('ten', '0123456789')
    expect(await get('ten', { range: 'bytes=2-4' })).toMatchObject({
      status: 206,
      text: '234',
      headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3', 'accept-ranges': 'bytes', etag },
    })
    expect(await get('ten', { range: 'bytes=-3' })).toMatchObject({ status: 206, text: '789' })
    expect(await get('ten', { range: 'bytes=10-' })).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } })
    expect(await get('ten', { range: 'bytes=0-1', 'if-range': '"old"' })).toMatchObject({ status: 200, text: '0123456789' })
    expect(await get('ten', { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
    expect(await get('ten', { 'if-none-match': `W/${etag}, "x"` })).toMatchObject({ status: 304 })
    expect(await get('ten', { 'if-match': '"x"' })).toMatchObject({ status: 412, body: { etag } })
    expect(await get('ten', {}, 'HEAD')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10', etag } })
  })

  test('an empty one is a file', async () => {
    await files.write('empty', '')
    expect(await get('empty')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } })
    expect(await get('empty', { range: 'bytes=0-' })).toMatchObject({ status: 416 })
  })

  test('of 32 MiB goes through in both directions, unchanged', async () => {
    const bytes = randomBytes(32 * 1024 * 1024)
    const body = Readable.toWeb(Readable.from([bytes])) as ReadableStream<Uint8Array>
    await files.client.upload(contract.writeFile, { params, query: { path: 'large' } }, body)
    const response = await files.client.download(contract.readFile, { params, query: { path: 'large' } })
    const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
    expect(digest(new Uint8Array(await response.arrayBuffer()))).toBe(digest(bytes))
  })

  test('that gets shorter while it is sent ends as a broken answer, not as a short one', async () => {
    const path = join(folder, 'shrinks')
    await writeFile(path, Buffer.alloc(64 * 1024 * 1024))
    const response = await files.client.download(contract.readFile, { params, query: { path: 'shrinks' } })
    await truncate(path, 100)
    await expect(response.arrayBuffer()).rejects.toThrow()
  })
})

describe('a conflict', () => {
  test('is told with the etag that the file has, and nothing is written', async () => {
    const first = await files.write('doc', '1')
    const second = await files.write('doc', '2', { ifMatch: first.etag })
    const refusal = { status: 412, extra: { etag: second.etag, code: 'entry-changed' } }
    await expect(files.write('doc', '3', { ifMatch: first.etag })).rejects.toMatchObject(refusal)
    await expect(files.remove('doc', { ifMatch: first.etag })).rejects.toMatchObject(refusal)
    expect(await files.read('doc')).toBe('2')
  })

  test('is told to who sends much as well', async () => {
    await files.write('doc', '1')
    const late = files.write('doc', 'x'.repeat(4 * 1024 * 1024), { ifMatch: '"old"' })
    await expect(late).rejects.toMatchObject({ status: 412 })
  })

  test('with a program that writes past us is told too', async () => {
    const { etag } = await files.write('doc', '1')
    await writeFile(join(folder, 'doc'), '2')
    await expect(files.write('doc', '3', { ifMatch: etag })).rejects.toMatchObject({ status: 412 })
  })

  test('of 20 who make one file, on two replicas, one does', async () => {
    const other = await filesOf(await cluster.backend(), await activeUser(backend, 'carol', admin), 'shared')
    const shared = await filesOf(backend, await activeUser(backend, 'dave', admin), 'shared')
    const writers = Array.from({ length: 20 }, (_, i) =>
      (i % 2 === 0 ? other : shared).write('once', `${i}`, { ifNoneMatch: '*' }),
    )
    const outcomes = await Promise.allSettled(writers)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(
      outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.status] : [])).filter((status) => status !== 412),
    ).toEqual([])
    expect(await shared.read('once')).toBe(`${outcomes.findIndex(({ status }) => status === 'fulfilled')}`)
  })
})

describe('an upload', () => {
  /** Sends headers and some bytes of many, and gives how to end it. */
  function begin(path: string, headers: Record<string, string | number> = { 'content-length': 10_000_000 }) {
    const sent = request(files.url(path), { method: 'PUT', headers: { ...files.headers, ...headers } })
    sent.on('error', () => undefined)
    sent.write(Buffer.alloc(100_000))
    return sent
  }

  test('that is killed leaves the old file and nothing else', async () => {
    await files.write('kept', 'old')
    const sent = begin('kept')
    await until(async () => (await parts()).length > 0)
    expect(await files.list()).not.toContainEqual(expect.stringContaining(partPrefix))
    sent.destroy()
    await until(async () => (await parts()).length === 0)
    expect(await files.read('kept')).toBe('old')
  })

  test('ends with the user that it is for', async () => {
    const eve = await activeUser(backend, 'eve', admin)
    const hers = await filesOf(backend, eve)
    const sent = request(hers.url('late'), { method: 'PUT', headers: { ...hers.headers, 'content-length': 10 } })
    const answered = new Promise<number | undefined>((resolve) => sent.once('response', ({ statusCode }) => resolve(statusCode)))
    sent.write('12345')
    const herParts = () => readdir(join(cluster.domains, 'local/eve'))
    await until(async () => (await herParts()).length > 0)
    await activate(admin, 'eve', false)
    sent.end('67890')
    expect(await answered).toBe(401)
    expect(await herParts()).toEqual([])
  })

  test.each([
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-range': 'bytes 0-1/2' }, 400],
  ])('with %j is refused: it would be stored as something else', async (headers, status) => {
    expect(await send(files.url('odd'), { method: 'PUT', headers: { ...files.headers, ...headers }, body: 'x' })).toMatchObject({
      status,
    })
    expect(await files.list()).not.toContain('odd')
  })
})

describe('folders', () => {
  test('are made, listed page by page, renamed and deleted', async () => {
    await files.createFolder('f')
    for (const name of ['c', 'a', 'b']) await files.write(`f/${name}`, name)
    const page = await files.client.call(contract.listEntries, { params, query: { path: 'f', limit: 2 } })
    expect([page.items.map(({ name }) => name), page.next]).toEqual([['a', 'b'], 'b'])
    const rest = await files.client.call(contract.listEntries, { params, query: { path: 'f', limit: 2, cursor: page.next } })
    expect([rest.items.map(({ name }) => name), rest.next]).toEqual([['c'], undefined])
    expect(await files.rename('f', 'g')).toMatchObject({ name: 'g', type: 'folder' })
    await expect(files.remove('g')).rejects.toMatchObject({ status: 409, extra: { code: 'not-empty' } })
    await files.remove('g', { recursive: true })
    await expect(files.stat('g')).rejects.toMatchObject({ status: 404, extra: { code: 'entry-missing' } })
  })

  test('nothing is replaced by a rename unless asked', async () => {
    await files.write('from', '1')
    await files.write('to', '2')
    await expect(files.rename('from', 'to')).rejects.toMatchObject({ status: 409, extra: { code: 'entry-exists' } })
    await files.rename('from', 'to', true)
    expect(await files.read('to')).toBe('1')
  })

  test('what a container wrote for itself alone is read and replaced all the same, with its mode', async () => {
    await writeFile(join(folder, 'private'), 'x')
    await chmod(join(folder, 'private'), 0o600)
    await files.write('private', 'y')
    expect([await readFile(join(folder, 'private'), 'utf8'), (await stat(join(folder, 'private'))).mode & 0o7777]).toEqual([
      'y',
      0o600,
    ])
  })
})

test('pages of other origins may call with a token, and read what they need', async () => {
  const headers = {
    origin: 'https://vscode.dev',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'if-match',
  }
  const preflight = await send(files.url('a.txt'), { method: 'OPTIONS', headers })
  expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } })
  for (const name of ['if-match', 'if-none-match', 'range', 'content-type', 'authorization'])
    expect(preflight.headers['access-control-allow-headers']).toContain(name)
  const answer = await get('a.txt', { origin: 'https://vscode.dev' })
  for (const name of ['etag', 'content-range', 'accept-ranges', 'content-disposition'])
    expect(answer.headers['access-control-expose-headers']).toContain(name)
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
})

test('a user whose folder is away is told so in words, and the other domains go on', async () => {
  const gone = await activeUser(backend, 'gone', admin)
  const [local, remote] = [await filesOf(backend, gone), await filesOf(backend, gone, 'remote')]
  await rename(join(cluster.domains, 'local/gone'), join(cluster.domains, 'local/aside'))
  await expect(local.list()).rejects.toMatchObject({ status: 503, extra: { code: 'domain-away' } })
  expect(await remote.list()).toEqual([])
})
