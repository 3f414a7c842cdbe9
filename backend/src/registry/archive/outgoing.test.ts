import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { randomFrom } from '../../templates/hostile-values.ts'
import { gzipped } from './gzip.ts'
import type { Layer } from './images.ts'
import { sha256 } from './make-archive.ts'
import { outgoing } from './outgoing.ts'

const { signal } = new AbortController()
const mebibyte = 1024 * 1024

async function* pieces(content: Buffer, length: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < content.length; at += length) yield content.subarray(at, at + length)
}
async function all(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = []
  for await (const piece of content) found.push(piece)
  return Buffer.concat(found)
}
async function sent(content: Buffer, layer: Partial<Layer>) {
  let read = 0
  const going = { signal, onRead: (bytes: number) => (read += bytes) }
  const { content: out, blob } = outgoing(
    { digest: '', file: { offset: 0, size: 0 }, isDiff: true, ...layer },
    pieces(content, 70_000),
    going,
  )
  const bytes = await all(out)
  return { bytes, blob: blob(), read }
}
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.detail}` : Promise.reject(error)),
  )

test('what is compressed is the same whatever pieces it came in, and unpacks to what it was', async () => {
  const content = Buffer.concat([
    Buffer.alloc(mebibyte + 5, 'ab'),
    Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251)),
  ])
  const whole = await all(gzipped(pieces(content, content.length)))
  expect(gunzipSync(whole).equals(content)).toBe(true)
  const random = randomFrom(4)
  const next = (limit: number) => Math.floor(random() * limit)
  for (let run = 0; run < 15; run++)
    expect((await all(gzipped(pieces(content, 1000 + next(2 * mebibyte))))).equals(whole)).toBe(true)
  expect(gunzipSync(await all(gzipped(pieces(Buffer.alloc(0), 1))))).toHaveLength(0)
})

test('a layer of docker save is compressed on its way', async () => {
  const content = Buffer.alloc(3 * mebibyte + 17, 'layer')
  const { bytes, blob, read } = await sent(content, { digest: sha256(content) })
  expect(blob).toEqual({ digest: sha256(bytes), bytes: bytes.length, packing: 'gzip' })
  expect([gunzipSync(bytes).equals(content), read]).toEqual([true, content.length])
})

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('a layer of docker save that is packed with %s already stays as it is', async (packing, pack) => {
  const content = Buffer.alloc(2 * mebibyte, 'layer')
  const packed = Buffer.from(pack(content))
  const { bytes, blob } = await sent(packed, { digest: sha256(content) })
  expect([bytes.equals(packed), blob]).toEqual([true, { digest: sha256(packed), bytes: packed.length, packing }])
})

test('an OCI layer stays as it is, whatever it is', async () => {
  const content = gzipSync('layer')
  expect((await sent(content, { isDiff: false, digest: sha256(content) })).bytes.equals(content)).toBe(true)
})

test('a layer that is not what its digest says is refused at its end', async () => {
  const content = Buffer.alloc(500_000, 'layer')
  const wrong = sha256('other')
  for (const isDiff of [true, false]) expect(await refusal(sent(content, { digest: wrong, isDiff }))).toMatch(/^422 .*digest/)
  expect(await refusal(sent(gzipSync(content), { digest: wrong }))).toMatch(/^422 .*digest/)
})

test('a packed layer that is damaged or cut is refused', async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 * i) % 253))
  const packed = gzipSync(content)
  const damaged = Buffer.from(packed)
  damaged.fill(0xff, 100, 200)
  expect(await refusal(sent(packed.subarray(0, -20), { digest: sha256(content) }))).toMatch(/^422 .*ends in the middle/)
  expect(await refusal(sent(damaged, { digest: sha256(content) }))).toMatch(/^422 .*(cannot be unpacked|digest)/)
})
