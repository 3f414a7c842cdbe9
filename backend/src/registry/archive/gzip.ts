import { createPress } from './press.ts'

/** Large enough to be worth a thread, and small enough that what cannot be compressed is found beside what can. */
const blockBytes = 512 * 1024
/** Enough for the threads of the pool to have something to do, though half of it were stored as it is. */
const mostAtATime = 8

/**
 * Compresses on several cores: "a gzip file consists of a series of members" (RFC 1952 §2.2), each of a block of the same size, so that the same
 * content always gives the same bytes. Of what came in, eight blocks are in use at most.
 */
export async function* gzipped(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const presses = Array.from({ length: mostAtATime }, createPress)
  const pending: Promise<Buffer[]>[] = []
  let count = 0
  try {
    for await (const block of blocksOf(content)) {
      const press = presses[count++ % mostAtATime]
      if (press) pending.push(press.member(block))
      const [first] = pending
      if (!first || pending.length < mostAtATime) continue
      yield* await first
      void pending.shift()
    }
    for (const one of pending) yield* await one
  } finally {
    await Promise.allSettled(pending)
    for (const press of presses) press.close()
  }
}

/** The same bytes in blocks of the same size; at least one. */
async function* blocksOf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = []
  let length = 0
  let isFirst = true
  for await (let piece of content) {
    while (length + piece.length >= blockBytes) {
      const missing = blockBytes - length
      yield parts.length === 0 ? piece.subarray(0, missing) : Buffer.concat([...parts, piece.subarray(0, missing)])
      piece = piece.subarray(missing)
      parts = []
      length = 0
      isFirst = false
    }
    if (piece.length > 0) parts.push(piece)
    length += piece.length
  }
  if (length > 0 || isFirst) yield Buffer.concat(parts)
}
