import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { type Tus, tusHeaders, tusOf } from '../support/tus.ts'
import { until } from '../support/until.ts'

const secret = 'only bob may read this'
let cluster: Cluster
let backend: Backend
let alice: Person
let bob: Person
let files: Files
let tus: Tus
let mine: string
let bobs: string

beforeAll(async () => {
  cluster = await startCluster('uploads-hostile')
  backend = await cluster.backend()
  const admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  bob = await activeUser(backend, 'bob', admin)
  files = await filesOf(backend, alice)
  tus = tusOf(files, backend.url)
  mine = join(cluster.domains, 'local/alice')
  bobs = join(cluster.domains, 'local/bob')
  writeFileSync(join(bobs, 'secret'), secret)
}, 60_000)
afterAll(() => cluster?.stop())

const parts = (folder = mine) => readdirSync(folder).filter((name) => name.startsWith(partPrefix))

afterEach(() => {
  expect(readFileSync(join(bobs, 'secret'), 'utf8')).toBe(secret)
  expect(readdirSync(bobs)).toEqual(['secret'])
  for (const name of parts()) rmSync(join(mine, name), { recursive: true })
})

/** All that can be done to an upload. */
const everyVerb = async (speaker: Tus, url: string) => [
  (await speaker.head(url)).status,
  (await speaker.patch(url, 0, 'evil')).status,
  (await speaker.end(url)).status,
]

describe("attack: an upload that is somebody else's", () => {
  test('by its very name, as another user, in another domain: there is none', async () => {
    const url = await tus.begun('mine', 4)
    const his = tusOf(await filesOf(backend, bob), backend.url)
    expect(await everyVerb(his, url)).toEqual([404, 404, 404])
    expect(await everyVerb(tus, url.replace('/local/', '/remote/'))).toEqual([404, 404, 404])
    expect(await everyVerb(tus, url.replace('/local/', '/shared/'))).toEqual([404, 404, 404])
    expect(await send(url, { method: 'HEAD', headers: tusHeaders })).toMatchObject({ status: 401 })
    expect((await tus.patch(url, 0, 'mine')).status).toBe(204)
  })

  test('by a forged name: there is none', async () => {
    const url = await tus.begun('mine', 4)
    const [told = '', path = '', mac = ''] = new URL(url).pathname.split('/').at(-1)?.split('.') ?? []
    const base = url.slice(0, url.lastIndexOf('/') + 1)
    const encoded = (text: string) => Buffer.from(text).toString('base64url')
    const plain = Buffer.from(told, 'base64url').toString()
    for (const forged of [
      ...[
        `${told}.${path}`,
        `${told}.${path}.`,
        `${told}.${path}.${mac.slice(0, -2)}`,
        `${told}.${path}.${mac}AAAA`,
        told,
        '...',
      ],
      `${encoded(plain.replace('alice', 'bob'))}.${path}.${mac}`,
      `${encoded(plain.replace(/"[0-9a-f]{24}"/, '"../../../bob/secret000"'))}.${path}.${mac}`,
      `${told}.${encoded('../bob/secret')}.${mac}`,
      `${told}.${encoded('other')}.${mac}`,
      `${path}.${told}.${mac}`,
      'x'.repeat(5000),
    ])
      expect(await everyVerb(tus, base + forged)).toEqual([404, 404, 404])
    expect((await tus.head(`${base}${'x'.repeat(20_000)}`)).status).toBe(400)
  })

  test('by a session: it is no name of an upload, nor the other way round', async () => {
    const [, cookie = ''] = /__Host-karvdash=([^;]+)/.exec(alice.headers()['cookie'] ?? '') ?? []
    expect((await tus.head(`${backend.url}/api/storage/local/uploads/${cookie}`)).status).toBe(404)
    const name = new URL(await tus.begun('mine', 4)).pathname.split('/').at(-1)
    const answer = await send(`${backend.url}/api/account`, { headers: { cookie: `__Host-karvdash=${name}` } })
    expect(answer.status).toBe(401)
  })
})

describe('attack: numbers that lie', () => {
  test.each(['-1', '', 'x', '1e3', '0x10', '1.5', '9007199254740993', '99999999999999999999', '5, 5', ' ', '+5'])(
    'a length of %j is refused',
    async (length) => {
      expect((await tus.begin('lie', length)).status).toBe(400)
      expect(parts()).toEqual([])
    },
  )

  test('a length that no disk has is refused with the numbers', async () => {
    expect(await tus.begin('huge', Number.MAX_SAFE_INTEGER)).toMatchObject({
      status: 507,
      body: {
        code: 'disk-full',
        needed: Number.MAX_SAFE_INTEGER,
        free: expect.any(Number),
        detail: expect.stringContaining('8.0 PiB'),
      },
    })
    expect(parts()).toEqual([])
  })

  test.each(['1', '5', '-1', '4, 4', '', 'x', '9007199254740993'])(
    'bytes for place %j are refused, and nothing is written',
    async (offset) => {
      const url = await tus.begun('offsets', 10)
      await tus.patch(url, 0, '0123')
      expect([400, 409]).toContain((await tus.patch(url, offset, '4')).status)
      expect((await tus.head(url)).headers['upload-offset']).toBe('4')
      expect(readFileSync(join(mine, parts()[0] ?? ''), 'utf8')).toBe('0123')
    },
  )

  test('more bytes than were announced are refused, told or not, and none of them is written', async () => {
    const url = await tus.begun('more', 4)
    expect(await tus.patch(url, 0, '01234')).toMatchObject({ status: 413 })
    expect(await tus.patch(url, 0, Readable.from(['012', '34']))).toMatchObject({ status: 413 })
    expect(Number((await tus.head(url)).headers['upload-offset'])).toBeLessThan(4)
    await expect(files.stat('more')).rejects.toMatchObject({ status: 404 })
  })

  test('what is not of tus, or not of this version, is refused', async () => {
    const url = await tus.begun('odd', 4)
    expect(await tus.patch(url, 0, '0123', { 'tus-resumable': '0.2.2' })).toMatchObject({
      status: 412,
      headers: { 'tus-version': '1.0.0' },
    })
    expect(await tus.patch(url, 0, '0123', { 'content-type': 'application/json' })).toMatchObject({ status: 415 })
    expect(await tus.patch(url, 0, '0123', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 })
    expect(await tus.begin('odd', 4, { 'upload-defer-length': '1' })).toMatchObject({ status: 400 })
    expect(await tus.begin('odd', 4, { 'upload-concat': 'partial' })).toMatchObject({ status: 400 })
    expect(await tus.begin('odd', 4, { 'if-match': `"${'x'.repeat(2000)}"` })).toMatchObject({ status: 400 })
  })

  test('headers of 10 MB are not read', async () => {
    const headers = { ...files.headers, ...tusHeaders, 'upload-length': '4', 'upload-metadata': `a ${'A'.repeat(10_000_000)}` }
    const status = await new Promise((resolve) => {
      const sent = request(tus.endpoint('big'), { method: 'POST', headers }, (answer) => resolve(answer.statusCode))
      sent.on('error', resolve).end()
    })
    expect(status).not.toBe(201)
    expect((await tus.begin('still here', 0)).status).toBe(201)
  })
})

describe('attack: a program swaps what the upload is made of', () => {
  const swaps: [string, (part: string) => void][] = [
    ["a link to bob's", (part) => symlinkSync('../bob/secret', part)],
    ['a FIFO', (part) => execFileSync('mkfifo', [part])],
    ['a device', (part) => execFileSync('mknod', [part, 'c', '1', '3'])],
    ['a folder', (part) => mkdirSync(part)],
    ['another file', (part) => writeFileSync(part, '01')],
    ['a second name of another file', (part) => linkSync(join(mine, 'precious'), part)],
  ]
  test.each(swaps)('for %s: the upload is gone, and nothing else is touched', async (_what, swap) => {
    writeFileSync(join(mine, 'precious'), '01')
    const url = await tus.begun('swapped', 6)
    await tus.patch(url, 0, '01')
    const part = join(mine, parts()[0] ?? '')
    renameSync(part, join(mine, 'aside'))
    swap(part)
    expect(await everyVerb(tus, url)).toEqual([410, 410, 410])
    expect((await tus.patch(url, 2, '2345')).status).toBe(410)
    expect(readFileSync(join(mine, 'precious'), 'utf8')).toBe('01')
    rmSync(join(mine, 'aside'))
  })

  test('a folder at the place of the target: told at the end, and the folder stays', async () => {
    const url = await tus.begun('target', 4)
    mkdirSync(join(mine, 'target'))
    expect(await tus.patch(url, 0, '0123')).toMatchObject({ status: 409, body: { code: 'is-a-folder' } })
    expect([parts(), readdirSync(join(mine, 'target'))]).toEqual([[], []])
    rmSync(join(mine, 'target'), { recursive: true })
  })

  test("a link to bob's at the place of the target, or of its folder, leads nowhere", async () => {
    mkdirSync(join(mine, 'inner'))
    const [one, two] = [await tus.begun('inner/file', 4), await tus.begun('spot', 4)]
    renameSync(join(mine, 'inner'), join(mine, 'moved'))
    symlinkSync('../bob', join(mine, 'inner'))
    symlinkSync('../bob/secret', join(mine, 'spot'))
    for (const url of [one, two]) expect(await everyVerb(tus, url)).toEqual([404, 404, 404])
    for (const name of ['inner', 'spot']) unlinkSync(join(mine, name))
    rmSync(join(mine, 'moved'), { recursive: true })
  })

  test('the folder of the target is renamed while bytes come: they arrive where the folder is', async () => {
    mkdirSync(join(mine, 'here'))
    const url = await tus.begun('here/file', 200_000)
    const headers = { ...files.headers, ...tusHeaders, 'content-type': 'application/offset+octet-stream' }
    const sent = request(url, { method: 'PATCH', headers: { ...headers, 'upload-offset': 0, 'content-length': 200_000 } })
    const answered = new Promise<number | undefined>((resolve) => sent.once('response', (answer) => resolve(answer.statusCode)))
    sent.write(Buffer.alloc(100_000))
    await until(() => parts(join(mine, 'here')).some((name) => statSync(join(mine, 'here', name)).size === 100_000))
    renameSync(join(mine, 'here'), join(mine, 'there'))
    sent.end(Buffer.alloc(100_000))
    expect(await answered).toBe(204)
    expect(readdirSync(join(mine, 'there'))).toEqual(['file'])
    rmSync(join(mine, 'there'), { recursive: true })
  })

  test('somebody else writes to the part while bytes come: told, and the file does not get its name', async () => {
    const url = await tus.begun('meddled', 200_000)
    const headers = { ...files.headers, ...tusHeaders, 'content-type': 'application/offset+octet-stream' }
    const sent = request(url, { method: 'PATCH', headers: { ...headers, 'upload-offset': 0, 'content-length': 200_000 } })
    const answered = new Promise<number | undefined>((resolve) => sent.once('response', (answer) => resolve(answer.statusCode)))
    sent.write(Buffer.alloc(100_000))
    const part = join(mine, parts()[0] ?? '')
    await until(() => statSync(part).size === 100_000)
    writeFileSync(part, 'meddled', { flag: 'a' })
    sent.end(Buffer.alloc(100_000))
    expect(await answered).toBe(409)
    await expect(files.stat('meddled')).rejects.toMatchObject({ status: 404 })
  })
})

describe('a disk that is full', () => {
  const small = () => join(mine, 'small')
  const mounted = async (work: () => Promise<void>) => {
    mkdirSync(small())
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small()])
    try {
      execFileSync('chmod', ['2770', small()])
      await work()
    } finally {
      execFileSync('umount', [small()])
      rmSync(small(), { recursive: true })
    }
  }
  const numbers = { status: 507, body: { code: 'disk-full', needed: 2_000_000, free: 1_048_576 } }

  test('is told before the first byte, with the numbers', () =>
    mounted(async () => {
      expect(await tus.begin('small/a', 2_000_000)).toMatchObject(numbers)
      const put = await send(files.url('small/a'), { method: 'PUT', headers: files.headers, body: 'x'.repeat(2_000_000) })
      expect(put).toMatchObject({
        ...numbers,
        body: { detail: expect.stringContaining('1.9 MiB are needed, and 1.0 MiB are free') },
      })
      expect(readdirSync(small())).toEqual([])
    }))

  test('in the middle is told with the numbers; what came is kept for when there is room again, and nobody sees it', () =>
    mounted(async () => {
      const url = await tus.begun('small/a', 1_000_000)
      await files.write('small/other', 'x'.repeat(500_000))
      const full = await tus.patch(url, 0, 'y'.repeat(1_000_000))
      expect(full).toMatchObject({ status: 507, body: { code: 'disk-full', needed: 1_000_000, free: expect.any(Number) } })
      expect(await files.list('small')).toEqual(['other'])
      await files.remove('small/other')
      const offset = Number((await tus.head(url)).headers['upload-offset'])
      expect(offset).toBeGreaterThan(400_000)
      expect((await tus.patch(url, offset, 'y'.repeat(1_000_000 - offset))).status).toBe(204)
      expect(await files.read('small/a')).toBe('y'.repeat(1_000_000))
    }))

  test('in the middle of a plain upload, whose length nobody knew, leaves nothing', () =>
    mounted(async () => {
      const body = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(50_000)))
      const answer = await send(files.url('small/a'), { method: 'PUT', headers: files.headers, body })
      expect(answer).toMatchObject({ status: 507, body: { code: 'disk-full' } })
      expect(readdirSync(small())).toEqual([])
    }))

  test('a file longer than the file system takes is refused, before the first byte or where it ends', async () => {
    const limited = await cluster.backend()
    execFileSync('prlimit', [`--pid=${limited.pid}`, '--fsize=3000000000:3000000000'])
    const there = tusOf(files, limited.url)
    expect(await there.begin('long', 4_000_000_000)).toMatchObject({ status: 413, body: { code: 'too-large' } })
    execFileSync('prlimit', [`--pid=${limited.pid}`, '--fsize=100000'])
    const url = await there.begun('long', 200_000)
    expect(await there.patch(url, 0, 'x'.repeat(200_000))).toMatchObject({
      status: 413,
      body: { code: 'too-large', most: 100_000 },
    })
    expect(await there.head(url)).toMatchObject({ headers: { 'upload-offset': '100000' } })
    await expect(files.stat('long')).rejects.toMatchObject({ status: 404 })
  })
})
