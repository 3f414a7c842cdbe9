import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import type { OpenFile } from '../../filesystem/read.ts'
import { codeOf } from '../../filesystem/refusals.ts'
import { truncated, unsound } from './unsound.ts'

/** An archive's bytes, unpacked, from the first on. */
export interface Bytes {
  /** How many were read or skipped. */
  readonly position: number
  /** The next ones; fewer only where they end. */
  read(length: number): Promise<Buffer>
  /** @throws Problem 422 where they end before. */
  skip(length: number): Promise<void>
  /**
   * The next ones, in pieces of up to half a mebibyte, each good until twelve more were asked for: as garbage they would take more memory than all the rest.
   * @throws Problem 422 where they end before.
   */
  chunks(length: number): AsyncGenerator<Buffer, void>
  /** Lets go of what reading took, but for the file. */
  close(): void
}

const chunkBytes = 512 * 1024
const roomsAtATime = 16
/** Headers are small and lie beside small files. */
const headBytes = 16 * 1024
/** What unpacking zstd may take of memory (RFC 8878, "window"), as a power of two: 32 MiB, four times what its highest usual level takes. */
const mostWindowLog = 25

type Packing = 'gzip' | 'zstd' | undefined

/** How bytes are packed, by how they begin (RFC 1952, RFC 8878): names tell nothing. */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return Buffer.from(head.subarray(0, 4)).equals(Buffer.of(0x28, 0xb5, 0x2f, 0xfd)) ? 'zstd' : undefined
}

/** What else files are packed with, and is not read. */
const otherPackings = [
  { name: 'xz', magic: Buffer.from('fd377a585a00', 'hex') },
  { name: 'bzip2', magic: Buffer.from('BZh') },
  { name: 'zip', magic: Buffer.from('PK\x03\x04') },
]

/** Begins to read an archive. A packed one is read from its beginning each time; in any other what is not needed is not read. */
export async function bytesOf(file: OpenFile, signal: AbortSignal): Promise<Bytes & { isPacked: boolean }> {
  const head = await readFully(file, 0, 6)
  const other = otherPackings.find(({ magic }) => head.subarray(0, magic.length).equals(magic))
  if (other) throw unsound(`The file is packed with ${other.name}. Unpack it, or pack it with gzip or zstd instead.`)
  const packing = packingOf(head)
  const bytes = packing ? unpacked(file, packing, signal) : plain(file, signal)
  return Object.assign(bytes, { isPacked: packing !== undefined })
}

function plain(file: OpenFile, signal: AbortSignal): Bytes {
  const { size } = file.entry
  const rooms: Buffer[] = []
  let turn = 0
  let position = 0
  let head: { start: number; content: Buffer } = { start: 0, content: Buffer.alloc(0) }
  async function read(length: number): Promise<Buffer> {
    signal.throwIfAborted()
    const start = position - head.start
    if (start < 0 || start + length > head.content.length)
      head = { start: position, content: await readFully(file, position, Math.max(length, headBytes)) }
    const content = head.content.subarray(position - head.start, position - head.start + length)
    position += content.length
    return content
  }
  return {
    get position() {
      return position
    },
    read,
    async skip(length) {
      if (position + length > size) throw truncated()
      position += length
    },
    async *chunks(length) {
      const end = position + length
      for (let at = position; at < end; ) {
        signal.throwIfAborted()
        const room = rooms[turn++ % roomsAtATime] ?? Buffer.allocUnsafeSlow(chunkBytes)
        if (rooms.length < roomsAtATime) rooms.push(room)
        const content = await readInto(room.subarray(0, Math.min(chunkBytes, end - at)), file, at)
        if (content.length === 0) throw truncated()
        at += content.length
        position = at
        yield content
      }
    },
    close: () => undefined,
  }
}

/** So many bytes from a position on; fewer only at the end of the file. */
function readFully(file: OpenFile, position: number, length: number): Promise<Buffer> {
  return readInto(Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, file.entry.size - position))), file, position)
}

async function readInto(room: Buffer, file: OpenFile, position: number): Promise<Buffer> {
  for (let read = 0; read < room.length; ) {
    const more = await file.readAt(room.subarray(read), position + read)
    if (more === 0) return room.subarray(0, read)
    read += more
  }
  return room
}

/** What unpacks such bytes. */
export function createUnpack(packing: 'gzip' | 'zstd'): Transform {
  return packing === 'gzip'
    ? createGunzip({ chunkSize: chunkBytes / 2 })
    : createZstdDecompress({ chunkSize: chunkBytes / 2, params: { [constants.ZSTD_d_windowLogMax]: mostWindowLog } })
}

/** What went wrong with unpacking, in words. */
export function unpackingFailure(error: unknown): unknown {
  const code = codeOf(error) ?? ''
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong') return truncated(error)
  if (code === 'ZSTD_error_frameParameter_windowTooLarge')
    return unsound(
      `The archive is packed so that unpacking takes more than ${2 ** (mostWindowLog - 20)} MiB of memory. Pack it with a lower level.`,
    )
  return /^Z(STD)?_/.test(code) ? unsound('The archive is damaged: it cannot be unpacked. Export the image again.', error) : error
}

function unpacked(file: OpenFile, packing: 'gzip' | 'zstd', signal: AbortSignal): Bytes {
  const stream = createUnpack(packing)
  const source = Readable.from(plain(file, signal).chunks(file.entry.size), { objectMode: false, highWaterMark: 1 })
  pipeline(source, stream, { signal }).catch(() => {
    // Whoever reads hears of it.
  })
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let position = 0
  let rest: Buffer = Buffer.alloc(0)
  /** The next ones, as many as there are at once; none at the end. */
  async function next(length: number): Promise<Buffer> {
    if (rest.length === 0) {
      const { value, done } = await pieces.next().catch((error: unknown) => {
        throw unpackingFailure(error)
      })
      rest = done ? Buffer.alloc(0) : value
    }
    const piece = rest.subarray(0, length)
    rest = rest.subarray(length)
    position += piece.length
    return piece
  }
  async function* pieceAfterPiece(length: number): AsyncGenerator<Buffer, void> {
    for (let missing = length; missing > 0; ) {
      const piece = await next(missing)
      if (piece.length === 0) throw truncated()
      missing -= piece.length
      yield piece
    }
  }
  return {
    get position() {
      return position
    },
    async read(length) {
      const found: Buffer[] = []
      for (let missing = length; missing > 0; ) {
        const piece = await next(missing)
        if (piece.length === 0) break
        missing -= piece.length
        found.push(piece)
      }
      return Buffer.concat(found)
    },
    async skip(length) {
      for await (const _ of pieceAfterPiece(length));
    },
    chunks: pieceAfterPiece,
    close: () => void stream.destroy(),
  }
}
