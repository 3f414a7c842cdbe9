import type { TransformOptions } from 'node:stream'
import { constants, crc32, createDeflateRaw } from 'node:zlib'
import type { ArchiveItem } from './archive-items.ts'
import { CentralDirectory, dataDescriptor, localHeader, type ZipEntry } from './zip-headers.ts'
import { zipName } from './zip-name.ts'

/** Little is gained by more: what is large is mostly packed already, and this keeps up with a disk. */
const level = 1

/**
 * Writes items as a zip archive (PKWARE APPNOTE 6.3), ZIP64 where it needs that; names are UTF-8, as {@link zipName} tells, and links are kept
 * as Info-ZIP keeps them. A file that changes while it is read ends it. Written here so that what a client leaves behind, and what breaks off, lets
 * go of all that is held, one file at a time.
 */
export async function* zipOf(items: AsyncIterable<ArchiveItem>): AsyncGenerator<Uint8Array, void> {
  const directory = new CentralDirectory()
  let offset = 0
  const counted = (bytes: Uint8Array) => {
    offset += bytes.length
    return bytes
  }
  const deflater = new Deflater()
  try {
    for await (const item of items) {
      const entry = entryOf(item, offset)
      yield counted(localHeader(entry))
      for await (const bytes of contentOf(item, entry, deflater)) yield counted(bytes)
      yield counted(dataDescriptor(entry))
      directory.add(entry)
    }
  } finally {
    deflater.end()
  }
  yield* directory.bytes(offset)
}

const kinds = { file: 0o100000, folder: 0o040000, link: 0o120000 }

function entryOf(item: ArchiveItem, offset: number): ZipEntry {
  const path = item.path.split('/').map(zipName).join('/')
  const permissions = item.kind === 'link' ? 0o777 : Number(item.stats.mode & 0o777n)
  return {
    name: Buffer.from(item.kind === 'folder' ? `${path}/` : path),
    mode: kinds[item.kind] | permissions,
    isDeflated: item.kind === 'file' && item.file.entry.size > 0,
    modified: new Date(Number(item.stats.mtimeMs)),
    expectedSize: item.kind === 'file' ? item.file.entry.size : 0,
    offset,
    crc: 0,
    size: 0,
    packedSize: 0,
  }
}

/** The bytes of an entry as they stand in the archive; counts them on the way. */
async function* contentOf(item: ArchiveItem, entry: ZipEntry, deflater: Deflater): AsyncGenerator<Uint8Array, void> {
  if (item.kind === 'folder') return
  const plain = item.kind === 'link' ? [item.target] : item.file.stream({ first: 0, last: item.file.entry.size - 1 })
  const summed = summedUp(plain, entry)
  const packed = entry.isDeflated ? deflater.packed(summed) : summed
  for await (const bytes of packed) {
    entry.packedSize += bytes.length
    yield bytes
  }
}

/** More than comes of any chunk: whoever writes reads after that, and is not waited for before. */
const roomy: Pick<TransformOptions, 'readableHighWaterMark'> = { readableHighWaterMark: 1024 * 1024 }

/** Deflates one file after the other: to set zlib up takes longer than to deflate a small file, and 300 KiB. */
class Deflater {
  readonly #stream = createDeflateRaw({ level, ...roomy })

  async *packed(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const bytes of plain) {
      await done((callback) => this.#stream.write(bytes, callback))
      yield* this.#taken()
    }
    await done((callback) => this.#stream.flush(constants.Z_FINISH, callback))
    yield* this.#taken()
    this.#stream.reset()
  }

  end(): void {
    this.#stream.destroy()
  }

  *#taken(): Generator<Uint8Array, void> {
    const bytes = this.#stream.read() as Buffer | null
    if (bytes) yield bytes
  }
}

function done(act: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())))
}

async function* summedUp(plain: AsyncIterable<Uint8Array> | Uint8Array[], entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of plain) {
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    yield bytes
  }
}
