import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import { createUnpack, packingOf, unpackingFailure } from './bytes.ts'
import { gzipped } from './gzip.ts'
import { type Blob, differs, type Layer } from './images.ts'
import { unsound } from './unsound.ts'

/** A layer on its way to the registry. */
export interface Outgoing {
  content: AsyncIterable<Uint8Array>
  /** What it became, when all of it was read. */
  blob: () => Blob
}

interface Going {
  signal: AbortSignal
  /** Told how many bytes of the archive were read. */
  onRead: (bytes: number) => void
}

/** As much may a layer unpack to. */
const mostUnpacked = 1024 ** 4

/**
 * Reads a layer as it goes to the registry: layers of `docker save` are compressed where they are not yet. At its end, before the registry is told to keep it,
 * it throws a Problem 422 where the content is not what its digest says.
 */
export function outgoing({ digest, isDiff }: Layer, content: AsyncIterable<Buffer>, going: Going): Outgoing {
  const sent = { hash: createHash('sha256'), bytes: 0, packing: 'as-is' as Blob['packing'] }
  async function* sending() {
    const { packing, bytes } = isDiff
      ? await asDiff(digest, counted(content, going), going)
      : { packing: 'as-is' as const, bytes: counted(content, going) }
    sent.packing = packing
    for await (const piece of bytes) {
      sent.hash.update(piece)
      sent.bytes += piece.length
      yield piece
    }
    told = `sha256:${sent.hash.digest('hex')}`
    if (!isDiff && told !== digest) throw differs(digest)
  }
  let told = ''
  return { content: sending(), blob: () => ({ digest: told, bytes: sent.bytes, packing: sent.packing }) }
}

async function* counted(content: AsyncIterable<Buffer>, { onRead, signal }: Going): AsyncGenerator<Buffer, void> {
  for await (const piece of content) {
    signal.throwIfAborted()
    yield piece
    onRead(piece.length)
  }
}

interface Compressed {
  packing: 'gzip' | 'zstd'
  bytes: AsyncGenerator<Buffer, void>
}

/** Compressed, and found to be what the diff id says. */
async function asDiff(diffId: string, content: AsyncGenerator<Buffer, void>, { signal }: Going): Promise<Compressed> {
  const head = await content.next()
  const all = startingWith(head.done ? undefined : head.value, content)
  const packing = head.done ? undefined : packingOf(head.value)
  return packing
    ? { packing, bytes: checkedUnpacked(all, { packing, diffId, signal }) }
    : { packing: 'gzip', bytes: gzipped(checked(all, diffId)) }
}

async function* startingWith(first: Buffer | undefined, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  if (first) yield first
  yield* rest
}

async function* checked(content: AsyncIterable<Buffer>, diffId: string): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256')
  for await (const piece of content) {
    hash.update(piece)
    yield piece
  }
  if (`sha256:${hash.digest('hex')}` !== diffId) throw differs(diffId)
}

interface Checking {
  packing: 'gzip' | 'zstd'
  diffId: string
  signal: AbortSignal
}

/** What is compressed already goes on as it is; it is unpacked beside that, a piece at a time, for its diff id alone. */
async function* checkedUnpacked(
  content: AsyncIterable<Buffer>,
  { packing, diffId, signal }: Checking,
): AsyncGenerator<Buffer, void> {
  const unpack = createUnpack(packing)
  const hash = createHash('sha256')
  let bytes = 0
  unpack.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > mostUnpacked) unpack.destroy(unsound('A layer in the archive unpacks to more than 1 TiB.'))
    else hash.update(piece)
  })
  const end = finished(unpack, { signal })
  end.catch(() => undefined)
  try {
    for await (const piece of content) {
      await Promise.race([new Promise((resolve) => unpack.write(piece, resolve)), end])
      yield piece
    }
    unpack.end()
    await end
  } catch (error) {
    throw unpackingFailure(error)
  } finally {
    unpack.destroy()
  }
  if (`sha256:${hash.digest('hex')}` !== diffId) throw differs(diffId)
}
