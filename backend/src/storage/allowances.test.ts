import { expect, test } from '@jest/globals'
import { FilePath } from '@karvdash/common'
import type { Root } from '../filesystem/root.ts'
import { createAllowances } from './allowances.ts'

const path = FilePath.parse('a')
let now = 0
let has = 600
let counts = 0

function boundRoot(allowed = 1000) {
  ;[now, has, counts] = [0, 600, 0]
  const taken: number[] = []
  const root = {
    async write(_: string, source: AsyncIterable<Uint8Array>) {
      let size = 0
      for await (const chunk of source) size += chunk.length
      taken.push(size)
      return { entry: { size }, isNew: true }
    },
    beginUpload: async () => ({ offset: 0 }),
  } as unknown as Root
  const count = async () => {
    counts++
    return has
  }
  const allowances = createAllowances({ allowed: { local: allowed }, count, clock: () => now })
  return { allowances, root: allowances.bound(root, 'alice', 'local'), raw: root, taken }
}
async function* bytes(size: number) {
  for (let sent = 0; sent < size; sent += 100) yield new Uint8Array(Math.min(100, size - sent))
}

test('what fits is taken, and counts from then on', async () => {
  const { root, taken } = boundRoot()
  await root.write(path, bytes(300), { size: 300 })
  await expect(root.write(path, bytes(200), { size: 200 })).rejects.toMatchObject({
    status: 507,
    extra: { code: 'quota-reached', needed: 200, free: 100, allowed: 1000 },
  })
  expect([taken, counts]).toEqual([[300], 1])
})

test('of a file whose size nobody knows no more is taken than fits', async () => {
  const { root, taken } = boundRoot()
  await expect(root.write(path, bytes(401))).rejects.toMatchObject({
    status: 507,
    message: expect.stringContaining('400 bytes are left'),
  })
  expect(taken).toEqual([])
})

test('an upload counts from its begin', async () => {
  const { root, allowances } = boundRoot()
  await root.beginUpload(path, { size: 400, conditions: {} })
  await expect(root.beginUpload(path, { size: 1, conditions: {} })).rejects.toMatchObject({ status: 507 })
  await expect(allowances.insist('alice', 'local', 1)).rejects.toMatchObject({ status: 507 })
})

test('what programs wrote or deleted meanwhile is seen at the next count', async () => {
  const { allowances } = boundRoot()
  await allowances.insist('alice', 'local', 400)
  has = 0
  await expect(allowances.insist('alice', 'local', 500)).rejects.toMatchObject({ status: 507 })
  now = 300_000
  await allowances.insist('alice', 'local', 1000)
})

test('a clock that goes back makes no count last for ever', async () => {
  const { allowances } = boundRoot()
  await allowances.insist('alice', 'local', 400)
  now = -1
  has = 0
  await allowances.insist('alice', 'local', 1000)
})

test('a domain without a limit is as it was', async () => {
  const { allowances, raw } = boundRoot()
  expect(allowances.bound(raw, 'alice', 'shared')).toBe(raw)
  await allowances.insist('alice', 'shared', Number.MAX_SAFE_INTEGER)
})

test('many who come at once wait for one count', async () => {
  const { allowances } = boundRoot()
  await Promise.all([1, 2, 3].map((bytes) => allowances.insist('alice', 'local', bytes)))
  expect(counts).toBe(1)
})
