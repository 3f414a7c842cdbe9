import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { request } from 'undici'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser, type Person } from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let alice: Person
let files: Files
let mine: string

beforeAll(async () => {
  cluster = await startCluster('storage-archive')
  backend = await cluster.backend()
  alice = await activeUser(backend, 'alice')
  files = await filesOf(backend, alice)
  mine = join(cluster.domains, 'local/alice')
}, 60_000)
afterAll(() => cluster?.stop())

const url = (query: string) => `${backend.url}/api/storage/local/archive?${query}`
/** What the backend holds of alice's folder. */
const held = () =>
  readdirSync(`/proc/${backend.pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${backend.pid}/fd/${fd}`).startsWith(mine)
    } catch {
      return false
    }
  })

test('an archive of several entries comes by a token, and by the cookie of a plain link, under a name that breaks no header', async () => {
  await files.createFolder('a "b"\n\u00e9')
  await files.write('a "b"\n\u00e9/inner', 'content')
  await files.write('second', '2')
  const path = encodeURIComponent('a "b"\n\u00e9')
  const { cookie = '' } = alice.headers() as Record<string, string>
  for (const headers of [files.headers, { cookie, 'x-forwarded-proto': 'https' }]) {
    const { statusCode, headers: answer, body } = await request(url(`path=${path}&format=tar`), { headers })
    expect(statusCode).toBe(200)
    expect(answer).toMatchObject({
      'content-type': 'application/x-tar',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect(answer['content-disposition']).toMatch(/^attachment; filename="[^"\n]*(\\"[^"\n]*)*"; filename\*=UTF-8''/)
    const listed = execFileSync('tar', ['--list', '--quoting-style=literal'], { input: Buffer.from(await body.arrayBuffer()) })
    expect(listed.toString()).toContain('inner')
  }
  const { status, headers } = await send(url('path=second&path=a'), { headers: files.headers })
  expect([status, headers['content-type']]).toEqual([404, 'application/problem+json'])
  expect((await send(url('path=second'), { headers: files.headers, method: 'HEAD' })).status).toBe(200)
  expect((await send(url('path=second'))).status).toBe(401)
  expect((await send(url('path=../bob'), { headers: files.headers })).status).toBe(400)
  expect((await send(url('path=second&format=rar'), { headers: files.headers })).status).toBe(400)
})

test('the client reads one; an archive that breaks off ends the connection', async () => {
  mkdirSync(join(mine, 'large'))
  // Far longer than what sockets hold: where the client stops, the server stands in the middle of a file.
  for (const name of ['0', '1']) writeFileSync(join(mine, 'large', name), randomBytes(50_000_000))
  const params = { domain: 'local' } as const
  const whole = await files.client.download(contract.readArchive, { params, query: { path: ['large'], format: 'tar' } })
  expect((await whole.bytes()).length).toBeGreaterThan(100_000_000)
  const broken = await files.client.download(contract.readArchive, { params, query: { path: ['large'], format: 'tar' } })
  const reader = broken.body?.getReader()
  // Past the headers: the server has opened the first file, and knows how long it was.
  for (let received = 0; received < 1_000_000; ) received += (await reader?.read())?.value?.length ?? Number.NaN
  for (const name of ['0', '1']) writeFileSync(join(mine, 'large', name), 'short')
  const rest = async () => {
    while (!(await reader?.read())?.done);
  }
  await expect(rest()).rejects.toThrow()
  await until(() => held().length === 0)
})

test('a client that goes away takes every descriptor with it', async () => {
  for (let i = 0; i < 8; i++) writeFileSync(join(mine, 'large', `${i}`), randomBytes(8_000_000))
  const gone = ['zip', 'tar', 'tar.gz'].map(async (format) => {
    const { body } = await request(url(`path=large&path=second&format=${format}`), { headers: files.headers })
    await body[Symbol.asyncIterator]().next()
    expect(held().length).toBeGreaterThan(0)
    body.destroy()
    await new Promise((resolve) => body.once('close', resolve))
  })
  await Promise.allSettled(gone)
  await until(() => held().length === 0)
})

test('usage tells what a folder holds, and how much room there is', async () => {
  await files.createFolder('counted')
  await files.createFolder('counted/inner')
  await files.write('counted/inner/x', '12345')
  const usage = await files.client.call(contract.getUsage, { params: { domain: 'local' }, query: { path: 'counted' } })
  expect(usage).toMatchObject({ entries: 2, bytes: 5, isComplete: true })
  expect(usage.total).toBeGreaterThan(usage.free)
  const missing = files.client.call(contract.getUsage, { params: { domain: 'local' }, query: { path: 'none' } })
  await expect(missing).rejects.toMatchObject({ status: 404 })
})
