import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { createClient, partPrefix, type UploadOptions, uploadFile } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser } from '../support/people.ts'

const bytes = new Uint8Array(randomBytes(20 * 1024 * 1024 + 3))
let cluster: Cluster
let backend: Backend
let files: Files
let folder: string

beforeAll(async () => {
  cluster = await startCluster('upload-client')
  backend = await cluster.backend()
  files = await filesOf(backend, await activeUser(backend, 'alice'))
  folder = join(cluster.domains, 'local/alice')
}, 60_000)
afterAll(() => cluster?.stop())

const parts = () => readdirSync(folder).filter((name) => name.startsWith(partPrefix))
afterEach(() => expect(parts()).toEqual([]))
const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** What becomes of one request: it never gets there, or it does and its answer is lost. */
type Fate = 'lost' | 'answer lost' | (() => unknown) | undefined

/** A client on a network that treats each request, by its method and number, as it is told; and the methods that were sent. */
function clientOn(fateOf: (method: string, number: number) => Fate) {
  const sent: string[] = []
  const send = async (url: unknown, init: RequestInit = {}) => {
    const method = init.method ?? 'GET'
    sent.push(method)
    const fate = fateOf(method, sent.filter((one) => one === method).length)
    if (fate === 'lost') throw new TypeError('network')
    const answer = await fetch(String(url), init)
    if (fate === 'answer lost') throw new TypeError('network')
    await (typeof fate === 'function' && fate())
    return answer
  }
  const client = createClient({ url: backend.url, headers: () => files.headers, fetch: send as typeof fetch })
  const waits: number[] = []
  const options = (path: string, more: Partial<UploadOptions> = {}): UploadOptions => ({
    ...{ domain: 'local', path, wait: async (ms) => void waits.push(ms) },
    ...more,
  })
  return { client, sent, waits, options }
}

const fine = () => undefined

test('a small file goes in one request, a large one in pieces, and progress is told', async () => {
  const { client, sent, options } = clientOn(fine)
  const small = await uploadFile(client, bytes.subarray(0, 1000), options('small'))
  expect([small, sent]).toEqual([await files.stat('small'), ['PUT']])
  const told: number[] = []
  const large = await uploadFile(client, new Blob([bytes]), options('large', { onProgress: (at) => told.push(at) }))
  expect(large).toEqual(await files.stat('large'))
  expect(told).toEqual([0, 8_388_608, 16_777_216, bytes.length])
  expect(digest(readFileSync(join(folder, 'large')))).toBe(digest(bytes))
})

test('what the network loses is sent again from where the server is, a stream too; an answer that is lost is asked for', async () => {
  const { client, waits, options } = clientOn((method, number) => {
    if (method === 'POST') return number === 1 ? 'lost' : undefined
    if (method === 'HEAD') return number === 2 ? 'lost' : undefined
    if (method === 'PATCH') return ([undefined, 'lost', undefined, 'answer lost', 'answer lost'] as const)[number]
    return method === 'GET' && number === 1 ? 'answer lost' : undefined
  })
  async function* stream() {
    for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
  }
  const entry = await uploadFile(client, { size: bytes.length, stream: stream() }, options('network'))
  expect(entry).toEqual(await files.stat('network'))
  expect(digest(readFileSync(join(folder, 'network')))).toBe(digest(bytes))
  expect(waits).toEqual([500, 500, 1000, 500, 500, 500])
})

test('a small file with a condition goes on in pieces where its one request was lost', async () => {
  const { client, sent, options } = clientOn((method, number) => (method !== 'HEAD' && number === 1 ? 'lost' : undefined))
  const entry = await uploadFile(client, bytes.subarray(0, 1000), options('guarded', { ifNoneMatch: '*' }))
  expect(entry).toEqual(await files.stat('guarded'))
  expect(sent).toEqual(['PUT', 'POST', 'POST', 'HEAD', 'PATCH', 'HEAD', 'PATCH', 'GET', 'GET'])
  const again = clientOn((method) => (method === 'PUT' ? 'lost' : undefined))
  const failure = uploadFile(again.client, bytes.subarray(0, 1000), again.options('guarded', { ifNoneMatch: '*' }))
  await expect(failure).rejects.toMatchObject({ status: 412 })
})

test('a network that stays away is given up after some minutes', async () => {
  const { client, waits, options } = clientOn(() => 'lost')
  await expect(uploadFile(client, bytes, options('never'))).rejects.toMatchObject({ status: 503 })
  expect(waits.reduce((sum, ms) => sum + ms)).toBeGreaterThan(120_000)
})

test('whoever ends it leaves nothing on the server', async () => {
  const given = new AbortController()
  const { client, options } = clientOn((method, number) =>
    method === 'PATCH' && number === 2 ? () => given.abort('enough') : undefined,
  )
  await expect(uploadFile(client, bytes, options('ended', { signal: given.signal }))).rejects.toBe('enough')
  await expect(files.stat('ended')).rejects.toMatchObject({ status: 404 })
})

test('whoever ends it and keeps its name goes on later', async () => {
  const given = new AbortController()
  const { client, sent, options } = clientOn((method, number) =>
    method === 'PATCH' && number === 2 ? () => given.abort() : undefined,
  )
  let upload = ''
  const noted = { keep: true, onBegun: (name: string) => (upload = name) }
  await expect(uploadFile(client, bytes, options('later', { ...noted, signal: given.signal }))).rejects.toThrow('aborted')
  await uploadFile(client, bytes, options('later', { upload }))
  expect(sent.filter((method) => method === 'PATCH')).toHaveLength(3)
  expect(digest(readFileSync(join(folder, 'later')))).toBe(digest(bytes))
})

test('a conflict is told before the first byte, or at the end, with the etag that the file has', async () => {
  const { etag } = await files.write('doc', '1')
  const { client, sent, options } = clientOn((method, number) =>
    method === 'PATCH' && number === 2 ? () => files.write('doc', '2') : undefined,
  )
  await expect(uploadFile(client, bytes, options('doc', { ifNoneMatch: '*' }))).rejects.toMatchObject({
    status: 412,
    extra: { etag },
  })
  expect(sent).toEqual(['POST'])
  const late = await uploadFile(client, bytes, options('doc', { ifMatch: etag })).catch((error: unknown) => error)
  expect(late).toMatchObject({ status: 412, extra: { etag: (await files.stat('doc')).etag } })
  expect(await files.read('doc')).toBe('2')
})

test('its etag is that of the bytes that were sent, whatever somebody writes a moment later', async () => {
  const { client, options } = clientOn((method, number) =>
    method === 'PATCH' && number === 3 ? () => files.write('raced', 'theirs') : undefined,
  )
  const { etag } = await uploadFile(client, bytes, options('raced'))
  await expect(files.write('raced', 'mine', { ifMatch: etag })).rejects.toMatchObject({ status: 412 })
})
