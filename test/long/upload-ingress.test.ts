import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract, uploadFile } from '@karvdash/common'
import { activeUser, clientOf, openSystem, type System } from '../support/system.ts'

const user = `up${Date.now().toString(36)}`
const seconds = 90
let system: System
let client: ReturnType<typeof clientOf>

beforeAll(async () => {
  system = await openSystem()
  client = clientOf(system, await activeUser(system, user))
}, 60_000)
afterAll(() => system?.close())

const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
const arrived = (name: string) => readFile(join(system.folder('local', user), name))

test('an upload that a slow line stretches to 90 seconds gets through the ingress', async () => {
  const hash = createHash('sha256')
  async function* slowly() {
    for (let i = 0; i < seconds; i++) {
      const chunk = randomBytes(64 * 1024)
      hash.update(chunk)
      yield chunk
      await sleep(1000)
    }
  }
  const begun = performance.now()
  const body = Readable.toWeb(Readable.from(slowly())) as ReadableStream<Uint8Array>
  await client.upload(contract.writeFile, { params: { domain: 'local' }, query: { path: 'slow' } }, body)
  expect(performance.now() - begun).toBeGreaterThan(seconds * 1000)
  expect(digest(await arrived('slow'))).toBe(hash.digest('hex'))
}, 180_000)

test('an upload in pieces gets through the ingress, whichever replica takes each', async () => {
  const bytes = new Uint8Array(randomBytes(40 * 1024 * 1024))
  const entry = await uploadFile(client, bytes, { domain: 'local', path: 'pieces' })
  expect(entry.size).toBe(bytes.length)
  expect(digest(await arrived('pieces'))).toBe(digest(bytes))
})

/** The status of the answer to an upload by nobody, or what the connection ended with instead. */
const refusal = (body: Buffer) =>
  new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(system.url)
    const to = { host: '127.0.0.1', port, servername: hostname, path: '/api/storage/local/content?path=refused', method: 'PUT' }
    const sent = request({ ...to, rejectUnauthorized: false, headers: { host: `${hostname}:${port}` } }, (answer) => {
      resolve(answer.statusCode)
      answer.resume()
    })
    sent.on('error', reject)
    sent.end(body)
  })

test('whoever sends much that is refused hears why through the ingress, each time', async () => {
  const body = randomBytes(4 * 1024 * 1024)
  const statuses: (number | undefined)[] = []
  for (let time = 0; time < 50; time++) statuses.push(await refusal(body))
  expect(statuses).toEqual(Array(50).fill(401))
})
