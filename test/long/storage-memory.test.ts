import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activeUser } from '../support/people.ts'

const mebibyte = 1024 * 1024
let cluster: Cluster
let backend: Backend
let files: Files

beforeAll(async () => {
  cluster = await startCluster('storage-memory')
  backend = await cluster.backend()
  files = await filesOf(backend, await activeUser(backend, 'alice'))
}, 60_000)
afterAll(() => cluster?.stop())

async function residentMiB(): Promise<number> {
  const [, pages = '0'] = (await readFile(`/proc/${backend.pid}/statm`, 'utf8')).split(' ')
  return (Number(pages) * 4096) / mebibyte
}

/** The most memory that the backend had while something went on. */
async function peakDuring<T>(work: Promise<T>): Promise<{ peakMiB: number; result: T }> {
  let peakMiB = 0
  const timer = setInterval(async () => {
    peakMiB = Math.max(peakMiB, await residentMiB())
  }, 20)
  const result = await work.finally(() => clearInterval(timer))
  return { peakMiB, result }
}

test("512 MiB go in and out, and the backend's memory stays flat", async () => {
  const hash = createHash('sha256')
  async function* bytes() {
    for (let i = 0; i < 512; i++) {
      const chunk = Buffer.alloc(mebibyte, i)
      hash.update(chunk)
      yield chunk
    }
  }
  const where = { params: { domain: 'local' }, query: { path: 'large' } } as const
  const before = await residentMiB()
  const upload = files.client.upload(
    contract.writeFile,
    where,
    Readable.toWeb(Readable.from(bytes())) as ReadableStream<Uint8Array>,
  )
  const { peakMiB: peakIn } = await peakDuring(upload)
  expect((await stat(join(cluster.domains, 'local/alice/large'))).size).toBe(512 * mebibyte)

  const read = async () => {
    const found = createHash('sha256')
    const { body } = await files.client.download(contract.readFile, where)
    for await (const chunk of body ?? []) found.update(chunk)
    return found.digest('hex')
  }
  const { peakMiB: peakOut, result } = await peakDuring(read())
  expect(result).toBe(hash.digest('hex'))
  expect(Math.max(peakIn, peakOut) - before).toBeLessThan(100)
}, 300_000)
