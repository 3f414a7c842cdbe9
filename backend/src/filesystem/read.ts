import { fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Entry } from '@karvdash/common'
import { entryOf } from './entries.ts'
import type { Name } from './free-name.ts'
import { holdAny, itself, toRead } from './held.ts'
import { refusal } from './refusals.ts'

/** A file that is open for reading; `close` it, or read a stream of it to its end. */
export interface OpenFile {
  entry: Entry
  /**
   * The bytes from the first to the last, both counted from 0. The stream closes the file; it fails where the file changed while it was read.
   * @param unsent how many of the bytes that the stream gave are still needed: where that is told, their room is used again after them.
   */
  stream(range: { first: number; last: number }, unsent?: () => number): Readable
  /** Reads bytes at a position, counted from 0, into this room; gives how many, 0 at the end. Leaves the file open. */
  readAt(room: Uint8Array, position: number): Promise<number>
  /** Whether it still has the bytes that it had when it was opened. */
  isAsOpened(): Promise<boolean>
  close(): Promise<void>
}

const chunkBytes = 256 * 1024
/** For whoever took the last chunk at once: half the work for each byte, and room that not every reader is worth. */
const fast = { chunkBytes: 1024 * 1024, withinMs: 20 }

/** Opens a file: what is no file is held and looked at, and never opened. */
export async function openFile({ folder, name }: Name, path: string): Promise<OpenFile> {
  using it = holdAny(folder, name)
  const stats = fstatSync(it.fd, { bigint: true })
  if (stats.isDirectory()) throw refusal(409, 'is-a-folder', `"${path}" is a folder.`)
  if (stats.isSymbolicLink()) throw refusal(409, 'entry-changed', `"${path}" changed while it was opened. Try again.`)
  if (!stats.isFile()) throw refusal(409, 'not-a-file', `"${path}" is no file: it cannot be read or written here.`)
  const handle = await open(itself(it), toRead)
  return {
    entry: entryOf(name, stats),
    stream: (range, unsent) => streamOf(handle, { ...range, ...stats }, unsent),
    readAt: async (room, position) => (await handle.read(room, 0, room.length, position)).bytesRead,
    isAsOpened: () => isWhole(handle, stats),
    close: () => handle.close(),
  }
}

interface Reading {
  first: number
  last: number
  size: bigint
  mtimeNs: bigint
}

function streamOf(handle: FileHandle, reading: Reading, unsent?: () => number): Readable {
  let next = reading.first
  let askedAt = performance.now()
  const rooms = unsent && new Rooms(() => stream.readableLength + unsent())
  async function chunk(): Promise<Buffer | null> {
    const isFast = rooms !== undefined && next > reading.first && performance.now() - askedAt < fast.withinMs
    askedAt = performance.now()
    const length = Math.min(isFast ? fast.chunkBytes : chunkBytes, reading.last + 1 - next)
    if (length <= 0) return null
    const room = rooms?.take(length) ?? Buffer.allocUnsafe(length)
    const { bytesRead } = await handle.read(room, 0, length, next)
    next += bytesRead
    if (bytesRead === 0 || (next > reading.last && !(await isWhole(handle, reading))))
      throw new Error('The file changed while it was read')
    rooms?.lend(room, bytesRead)
    return room.subarray(0, bytesRead)
  }
  const stream = new Readable({
    highWaterMark: chunkBytes,
    read() {
      chunk().then(
        (bytes) => this.push(bytes),
        (error: Error) => this.destroy(error),
      )
    },
    // close() waits for a read under way: the descriptor's number is nobody else's before that.
    destroy(error, done) {
      handle.close().then(() => done(error), done)
    },
  })
  return stream
}

/** Room for bytes that are given away in order: as garbage it would keep V8 busy, and a download take a hundred mebibytes of memory. */
class Rooms {
  readonly #lent: { room: Buffer; end: number }[] = []
  readonly #pending: () => number
  #given = 0

  /** @param pending how many of the bytes that were given away are not done with. */
  constructor(pending: () => number) {
    this.#pending = pending
  }

  /** A room for so many bytes, or more. */
  take(length: number): Buffer {
    const [oldest] = this.#lent
    if (!oldest || oldest.end > this.#given - this.#pending()) return Buffer.allocUnsafeSlow(length)
    this.#lent.shift()
    return oldest.room.length < length ? Buffer.allocUnsafeSlow(length) : oldest.room
  }

  lend(room: Buffer, length: number): void {
    this.#given += length
    this.#lent.push({ room, end: this.#given })
  }
}

/**
 * Whether what was read is of one piece: asked before the last chunk goes out. A file that only grew, as a log does, is; and so is one
 * that lost its name to another meanwhile.
 */
async function isWhole(handle: FileHandle, { size, mtimeNs }: Pick<Reading, 'size' | 'mtimeNs'>): Promise<boolean> {
  const now = await handle.stat({ bigint: true })
  return now.size > size || (now.size === size && now.mtimeNs === mtimeNs)
}
