import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createClient, partPrefix, uploadFile } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser } from '../support/people.ts'

const mebibyte = 1024 * 1024
const uploads = 200
const kills = 5
let cluster: Cluster
let backend: Backend
let files: Files

beforeAll(async () => {
  cluster = await startCluster('uploads-long')
  backend = await cluster.backend()
  files = await filesOf(backend, await activeUser(backend, 'alice'))
}, 60_000)
afterAll(() => cluster?.stop())

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Different bytes for each upload, without as many in memory. */
const noise = randomBytes(12 * mebibyte)
function bytesOf(i: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(noise.subarray(0, 9 * mebibyte + i * 7919))
  bytes.set(Buffer.from(`upload ${i}`))
  return bytes
}

test('200 resumable uploads at once, while the backend is killed again and again, are all whole', async () => {
  const port = new URL(backend.url).port
  const client = createClient({ url: backend.url, headers: () => files.headers })
  let done = 0
  const one = async (i: number) => {
    const options = {
      domain: 'local',
      path: `u${i}`,
      wait: (ms: number) => sleep(Math.min(ms, 8000) * (0.5 + Math.random() / 2)),
    } as const
    await uploadFile(
      client,
      { size: bytesOf(i).length, slice: (start: number, end: number) => bytesOf(i).slice(start, end) },
      options,
    )
    done++
  }
  const all = Promise.all(Array.from({ length: uploads }, (_, i) => one(i)))
  const killing = async () => {
    for (let i = 0; i < kills && done < uploads; i++) {
      await sleep(2000 + Math.random() * 4000)
      await backend.kill()
      backend = await cluster.backend({ KARVDASH_HTTP_PORT: port })
    }
  }
  await Promise.all([all, killing()])
  const folder = join(cluster.domains, 'local/alice')
  expect(readdirSync(folder).filter((name) => !name.startsWith(partPrefix))).toHaveLength(uploads)
  for (let i = 0; i < uploads; i++) expect(digest(readFileSync(join(folder, `u${i}`)))).toBe(digest(bytesOf(i)))
}, 600_000)
