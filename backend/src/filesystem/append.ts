import { fstatSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Problem } from '@karvdash/common'
import { refusal } from './refusals.ts'
import { withNumbers } from './room.ts'

/** Bytes that go into a part. */
export interface Appending {
  source: AsyncIterable<Uint8Array>
  /** Where the first of them goes. */
  from: number
  folder: number
  /** How many bytes the whole file has, where that is known. */
  size: number | undefined
}

/** What came while the disk was busy goes to it at once; no more than so much waits. */
const mostWaitingBytes = 512 * 1024

/**
 * Writes bytes to their places, and makes sure that they are on the disk; what came before a source broke off is written too. Whoever else sends
 * the same upload is found out before each write: the part then ends where we did not write.
 * @throws Problem 507 and 413 with the numbers; 409 `upload-offset` where somebody else writes too.
 */
export async function appendAt(handle: FileHandle, { source, from, folder, size }: Appending): Promise<void> {
  const writer = new Writer(handle, from)
  try {
    let come = from
    for await (const chunk of source) {
      come += chunk.length
      if (size !== undefined && come > size) throw tooMany(size)
      await writer.take(chunk)
    }
    await writer.end()
    await handle.sync()
  } catch (error) {
    await writer.end().catch(() => undefined)
    throw await withNumbers(error, folder, { needed: size, written: writer.position })
  }
}

/** More bytes came than were announced. */
export function tooMany(size: number): Problem {
  return refusal(413, 'too-large', `This upload was announced with ${size} bytes, and more were sent.`, { most: size })
}

/** Writes while more comes in. */
class Writer {
  /** Where the next byte goes. */
  position: number
  readonly #handle: FileHandle
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #writing: Promise<void> | undefined
  #failure: { error: unknown } | undefined

  constructor(handle: FileHandle, from: number) {
    this.#handle = handle
    this.position = from
  }

  /** Takes bytes; waits where enough wait already. @throws what the file system refused for. */
  async take(chunk: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure.error
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    this.#writing ??= this.#writeAll()
    if (this.#waitingBytes >= mostWaitingBytes) await this.#writing
  }

  /** Waits until all is written. @throws what the file system refused for. */
  async end(): Promise<void> {
    await this.#writing
    if (this.#failure) throw this.#failure.error
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const chunks = this.#waiting
        this.#waiting = []
        this.#waitingBytes = 0
        await this.#write(chunks)
      }
    } catch (error) {
      this.#failure = { error }
    }
    this.#writing = undefined
  }

  async #write(chunks: Uint8Array[]): Promise<void> {
    if (fstatSync(this.#handle.fd).size !== this.position)
      throw refusal(409, 'upload-offset', 'Another connection sends this upload.')
    for (let rest = chunks; rest.length > 0; ) {
      const { bytesWritten } = await this.#handle.writev(rest, this.position)
      this.position += bytesWritten
      rest = after(rest, bytesWritten)
    }
  }
}

/** What is left of bytes when the first of them were written. */
function after(chunks: Uint8Array[], written: number): Uint8Array[] {
  let passed = 0
  return chunks.flatMap((chunk) => {
    const begin = Math.min(chunk.length, Math.max(0, written - passed))
    passed += chunk.length
    return begin === chunk.length ? [] : [chunk.subarray(begin)]
  })
}
