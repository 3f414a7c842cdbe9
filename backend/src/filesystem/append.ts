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
const mostWaiting = 256 * 1024

/**
 * Writes bytes to their places, and makes sure that they are on the disk; what came before a source broke off is written too. Whoever else sends
 * the same upload is found out before each write: the part then ends where we did not write.
 * @throws Problem 507 and 413 with the numbers; 409 `upload-offset` where somebody else writes too.
 */
export async function appendAt(handle: FileHandle, { source, from, folder, size }: Appending): Promise<void> {
  const writer = new Writer(handle, from, Math.min(mostWaiting, (size ?? Number.POSITIVE_INFINITY) - from))
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

/**
 * Writes one room while more comes into the other. What comes is copied, so that it is garbage at once: kept until it is written, it would grow old
 * enough for V8 to look through all of its heap for it, again and again.
 */
class Writer {
  /** Where the next byte goes. */
  position: number
  readonly #handle: FileHandle
  #filling: Buffer
  #filled = 0
  #other: Buffer
  #writing: Promise<void> | undefined
  #failure: { error: unknown } | undefined

  constructor(handle: FileHandle, from: number, room: number) {
    this.#handle = handle
    this.position = from
    this.#filling = Buffer.allocUnsafeSlow(room)
    this.#other = Buffer.allocUnsafeSlow(room)
  }

  /** Takes bytes; waits where enough wait already. @throws what the file system refused for. */
  async take(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      if (this.#filled === this.#filling.length) await this.#writing
      if (this.#failure) throw this.#failure.error
      const taken = rest.subarray(0, this.#filling.length - this.#filled)
      this.#filling.set(taken, this.#filled)
      this.#filled += taken.length
      rest = rest.subarray(taken.length)
      if (!this.#writing) this.#begin()
    }
  }

  /** Waits until all is written. @throws what the file system refused for. */
  async end(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    if (this.#failure) throw this.#failure.error
  }

  #begin(): void {
    const bytes = this.#filling.subarray(0, this.#filled)
    const room = this.#filling
    this.#filling = this.#other
    this.#other = room
    this.#filled = 0
    this.#writing = this.#write(bytes).then(
      () => {
        this.#writing = undefined
        if (this.#filled > 0) this.#begin()
      },
      (error: unknown) => {
        this.#writing = undefined
        this.#failure = { error }
      },
    )
  }

  async #write(bytes: Buffer): Promise<void> {
    if (fstatSync(this.#handle.fd).size !== this.position)
      throw refusal(409, 'upload-offset', 'Another connection sends this upload.')
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.position)
      this.position += bytesWritten
      done += bytesWritten
    }
  }
}
