import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activate, activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { type Tus, tusHeaders, tusOf } from '../support/tus.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let files: Files
let tus: Tus
let folder: string

beforeAll(async () => {
  cluster = await startCluster('uploads')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  files = await filesOf(backend, await activeUser(backend, 'alice', admin))
  tus = tusOf(files, backend.url)
  folder = join(cluster.domains, 'local/alice')
}, 60_000)
afterAll(() => cluster?.stop())

const parts = () => readdirSync(folder).filter((name) => name.startsWith(partPrefix))
beforeEach(() => expect(parts()).toEqual([]))
const sha1 = (text: string) => `sha1 ${createHash('sha1').update(text).digest('base64')}`
const part = () => join(folder, parts()[0] ?? '')

test('what there is of tus is told to anybody', async () => {
  expect(await send(tus.endpoint('a'), { method: 'OPTIONS' })).toMatchObject({
    status: 204,
    headers: {
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,checksum,expiration',
      'tus-checksum-algorithm': 'sha1,sha256,md5',
    },
  })
  const page = { origin: 'https://vscode.dev', 'access-control-request-method': 'PATCH' }
  const preflight = await send(tus.endpoint('a'), { method: 'OPTIONS', headers: page })
  for (const name of ['tus-resumable', 'upload-length', 'upload-offset', 'upload-checksum', 'if-none-match'])
    expect(preflight.headers['access-control-allow-headers']).toContain(name)
  const begun = await tus.begin('cors', 0, { origin: 'https://vscode.dev' })
  for (const name of ['location', 'upload-offset', 'upload-expires', 'tus-resumable', 'etag'])
    expect(begun.headers['access-control-expose-headers']).toContain(name)
})

describe('an upload', () => {
  test('comes in pieces; with the last the file is there, before that nothing is', async () => {
    const url = await tus.begun('a.txt', 10)
    expect(await tus.head(url)).toMatchObject({ status: 200, headers: { 'upload-offset': '0', 'upload-length': '10' } })
    const first = await tus.patch(url, 0, '01234')
    expect(first).toMatchObject({ status: 204, headers: { 'upload-offset': '5', 'tus-resumable': '1.0.0' } })
    expect(Date.parse(first.headers['upload-expires'] ?? '')).toBeGreaterThan(Date.now() + 6 * 24 * 3600_000)
    await expect(files.stat('a.txt')).rejects.toMatchObject({ status: 404 })
    const last = await tus.patch(url, 5, '56789')
    expect(last).toMatchObject({ status: 204, headers: { 'upload-offset': '10', etag: (await files.stat('a.txt')).etag } })
    expect(await files.read('a.txt')).toBe('0123456789')
    const { uid, gid, mode } = statSync(join(folder, 'a.txt'))
    expect([uid, mode & 0o7777]).toEqual([gid, 0o660])
  })

  test('that was finished says so again to who missed the answer', async () => {
    const url = await tus.begun('missed', 3)
    await tus.patch(url, 0, 'abc')
    const { etag } = await files.stat('missed')
    expect(await tus.head(url)).toMatchObject({ status: 200, headers: { 'upload-offset': '3', etag } })
    expect(await tus.patch(url, 0, 'abc')).toMatchObject({ status: 409, body: { offset: 3 } })
    await files.write('missed', 'another file')
    expect(await tus.head(url)).toMatchObject({ status: 410 })
  })

  test('of which all bytes came, but which did not get its name, is finished by the last byte', async () => {
    const url = await tus.begun('nameless', 4)
    writeFileSync(part(), 'abcd')
    expect(await tus.head(url)).toMatchObject({ headers: { 'upload-offset': '3' } })
    expect(await tus.patch(url, 3, 'd')).toMatchObject({ status: 204, headers: { 'upload-offset': '4' } })
    expect(await files.read('nameless')).toBe('abcd')
  })

  test('of nothing is at its end when it begins', async () => {
    expect(await tus.begin('empty', 0)).toMatchObject({ status: 201, headers: { 'upload-offset': '0' } })
    expect(await files.read('empty')).toBe('')
  })

  test('can bring its bytes when it begins', async () => {
    const type = { 'content-type': 'application/offset+octet-stream' }
    const headers = { ...files.headers, ...tusHeaders, ...type, 'upload-length': '5' }
    const begun = await send(tus.endpoint('at once'), { method: 'POST', headers, body: 'hello' })
    expect(begun).toMatchObject({ status: 201, headers: { 'upload-offset': '5' } })
    expect(await files.read('at once')).toBe('hello')
  })

  test('to a path of 4,096 bytes has an address that proxies take', async () => {
    const deep = Array.from({ length: 16 }, () => 'é'.repeat(127)).join('/')
    const folders = deep.split('/').slice(0, -1)
    for (let i = 1; i <= folders.length; i++) await files.createFolder(folders.slice(0, i).join('/'))
    const url = await tus.begun(deep, 2)
    expect(url.length).toBeLessThan(7000)
    expect((await tus.patch(url, 0, 'ab')).status).toBe(204)
    expect(await files.read(deep)).toBe('ab')
    await files.remove(folders[0] ?? '', { recursive: true })
  })

  test('that its user gives up leaves nothing', async () => {
    const url = await tus.begun('given up', 10)
    await tus.patch(url, 0, '01234')
    expect(await tus.end(url)).toMatchObject({ status: 204 })
    expect(parts()).toEqual([])
    for (const answer of [await tus.head(url), await tus.patch(url, 5, 'x'), await tus.end(url)]) expect(answer.status).toBe(410)
  })

  test('goes on at another replica, and by a method that a header names', async () => {
    const other = await cluster.backend()
    const url = await tus.begun('moved', 6)
    await tus.patch(url, 0, 'abc')
    const there = url.replace(backend.url, other.url)
    expect(await tus.head(there)).toMatchObject({ headers: { 'upload-offset': '3' } })
    const headers = { ...files.headers, ...tusHeaders, 'upload-offset': '3', 'x-http-method-override': 'PATCH' }
    const type = { 'content-type': 'application/offset+octet-stream' }
    expect(await send(there, { method: 'POST', headers: { ...headers, ...type }, body: 'def' })).toMatchObject({ status: 204 })
    expect(await files.read('moved')).toBe('abcdef')
  })

  test('is kept as far as it came when its client goes, and the next connection ends one that nobody holds any more', async () => {
    const url = await tus.begun('cut', 1_000_000)
    const headers = { ...files.headers, ...tusHeaders, 'content-type': 'application/offset+octet-stream' }
    const sent = request(url, { method: 'PATCH', headers: { ...headers, 'upload-offset': 0, 'content-length': 1_000_000 } })
    const ended = new Promise((resolve) => sent.once('error', resolve).once('close', resolve))
    sent.write(Buffer.alloc(300_000, 'x'))
    await until(() => statSync(part()).size === 300_000)
    // The connection stands still, open: as after a laptop was closed.
    expect(await tus.head(url)).toMatchObject({ headers: { 'upload-offset': '300000' } })
    await ended
    expect((await tus.patch(url, 300_000, 'x'.repeat(700_000))).status).toBe(204)
    expect(await files.read('cut')).toBe('x'.repeat(1_000_000))
  })

  test('ends with the user that it is for', async () => {
    const eve = await activeUser(backend, 'eve', admin)
    const hers = tusOf(await filesOf(backend, eve), backend.url)
    const url = await hers.begun('late', 10)
    await activate(admin, 'eve', false)
    expect([(await hers.patch(url, 0, 'x')).status, (await hers.head(url)).status]).toEqual([401, 401])
  })

  test('two of one name do not mix', async () => {
    const [one, two] = [await tus.begun('both', 6), await tus.begun('both', 6)]
    await Promise.all([tus.patch(one, 0, 'aaa'), tus.patch(two, 0, 'bbb')])
    await tus.patch(two, 3, 'bbb')
    expect(await files.read('both')).toBe('bbbbbb')
    await tus.patch(one, 3, 'aaa')
    expect(await files.read('both')).toBe('aaaaaa')
  })
})

describe('conditions', () => {
  test('are asked before the first byte, and again at the end', async () => {
    const { etag } = await files.write('doc', '1')
    expect(await tus.begin('doc', 3, { 'if-none-match': '*' })).toMatchObject({
      status: 412,
      body: { code: 'entry-changed', etag },
    })
    expect(await tus.begin('doc', 3, { 'if-match': '"old"' })).toMatchObject({ status: 412, body: { etag } })
    const url = await tus.begun('doc', 3, { 'if-match': etag })
    const { etag: now } = await files.write('doc', '2')
    expect(await tus.patch(url, 0, 'abc')).toMatchObject({ status: 412, body: { code: 'entry-changed', etag: now } })
    expect([await files.read('doc'), parts()]).toEqual(['2', []])
    const again = await tus.begun('doc', 3, { 'if-match': now })
    expect(await tus.patch(again, 0, 'abc')).toMatchObject({ status: 204 })
  })

  test('of 10 uploads that would make one file, one does', async () => {
    const urls = await Promise.all(Array.from({ length: 10 }, () => tus.begun('once', 1, { 'if-none-match': '*' })))
    const answers = await Promise.all(urls.map((url, i) => tus.patch(url, 0, String(i))))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 9 }, () => 412)])
    expect(await files.read('once')).toBe(String(answers.findIndex(({ status }) => status === 204)))
  })
})

describe('a checksum', () => {
  test('that does not fit undoes the bytes of its request, and no other', async () => {
    const url = await tus.begun('checked', 6)
    expect((await tus.patch(url, 0, 'abc', { 'upload-checksum': sha1('abc') })).status).toBe(204)
    const wrong = await tus.patch(url, 3, 'dEf', { 'upload-checksum': sha1('def') })
    expect(wrong).toMatchObject({ status: 460, body: { code: 'upload-checksum' } })
    expect(await tus.head(url)).toMatchObject({ headers: { 'upload-offset': '3' } })
    expect((await tus.patch(url, 3, 'def', { 'upload-checksum': sha1('def') })).status).toBe(204)
    expect(await files.read('checked')).toBe('abcdef')
  })

  test('of a kind that there is not is refused', async () => {
    const url = await tus.begun('odd', 3)
    for (const checksum of ['crc32 AAAA', 'sha1', 'sha1 ***', `${sha1('abc')}, ${sha1('abc')}`])
      expect((await tus.patch(url, 0, 'abc', { 'upload-checksum': checksum })).status).toBe(400)
    await tus.end(url)
  })
})

describe('what nobody goes on with', () => {
  const age = (file: string, days: number) => {
    const time = new Date(Date.now() - days * 24 * 3600_000)
    utimesSync(file, time, time)
  }

  test('is gone after a week', async () => {
    const url = await tus.begun('old', 9)
    age(part(), 8)
    expect(await tus.head(url)).toMatchObject({ status: 410 })
    expect(parts()).toEqual([])
  })

  test('is taken away when its folder is listed or written to, and a clock that went back makes nothing old', async () => {
    const url = await tus.begun('young', 9)
    age(part(), -400)
    await files.list()
    expect(await tus.head(url)).toMatchObject({ status: 200 })
    age(part(), 8)
    await files.list()
    expect(parts()).toEqual([])
    await files.createFolder('written')
    writeFileSync(join(folder, 'written', `${partPrefix}left`), '')
    age(join(folder, 'written', `${partPrefix}left`), 8)
    await files.write('written/a', '')
    expect(readdirSync(join(folder, 'written'))).toEqual(['a'])
  })
})

test('an upload leaves one line in the audit log when it begins and one when its file is there', async () => {
  const url = await tus.begun('told', 4)
  await tus.patch(url, 0, 'ab')
  await tus.head(url)
  await tus.patch(url, 2, 'cd')
  const { body } = await admin.send('GET', '/api/audit?user=alice')
  const lines = (body as { items: { operation: string; target?: string }[] }).items.filter(
    ({ target }) => target === 'local told',
  )
  expect(lines.map(({ operation }) => operation)).toEqual([
    'PATCH /api/storage/{domain}/uploads/{upload}',
    'POST /api/storage/{domain}/uploads',
  ])
  expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('abcd')
})
