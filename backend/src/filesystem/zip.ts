import { pipeline } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { crc32, createDeflateRaw, deflateRaw } from 'node:zlib'
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
  for await (const item of items) {
    const entry = entryOf(item, offset)
    yield counted(localHeader(entry))
    for await (const bytes of contentOf(item, entry)) yield counted(bytes)
    yield counted(dataDescriptor(entry))
    directory.add(entry)
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
async function* contentOf(item: ArchiveItem, entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  if (item.kind === 'folder') return
  const plain = item.kind === 'link' ? [item.target] : item.file.stream({ first: 0, last: item.file.entry.size - 1 })
  const summed = summedUp(plain, entry)
  const packed = entry.isDeflated ? deflated(summed, entry) : summed
  for await (const bytes of packed) {
    entry.packedSize += bytes.length
    yield bytes
  }
}

/** To set up a stream for each small file takes longer than to deflate it. */
const smallBytes = 256 * 1024
const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw)

async function* deflated(plain: AsyncIterable<Uint8Array>, { expectedSize }: ZipEntry): AsyncGenerator<Uint8Array, void> {
  if (expectedSize <= smallBytes) yield await deflate(await buffer(plain), { level })
  else yield* pipeline(plain, createDeflateRaw({ level }), () => undefined) as AsyncIterable<Uint8Array>
}

async function* summedUp(plain: AsyncIterable<Uint8Array> | Uint8Array[], entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of plain) {
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    yield bytes
  }
}
