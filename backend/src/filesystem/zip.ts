import { pipeline } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { ArchiveItem } from './archive-items.ts'
import { centralDirectory, dataDescriptor, localHeader, type ZipEntry } from './zip-headers.ts'
import { zipName } from './zip-name.ts'

/** Little is gained by more: what is large is mostly packed already, and this keeps up with a disk. */
const level = 1

/**
 * Writes items as a zip archive (PKWARE APPNOTE 6.3), ZIP64 where it needs that; names are UTF-8, as {@link zipName} tells, and links are kept
 * as Info-ZIP keeps them. A file that changes while it is read ends it. Written here so that what a client leaves behind, and what breaks off, lets
 * go of all that is held, one file at a time.
 */
export async function* zipOf(items: AsyncIterable<ArchiveItem>): AsyncGenerator<Uint8Array, void> {
  const entries: ZipEntry[] = []
  let offset = 0
  const counted = (bytes: Uint8Array) => {
    offset += bytes.length
    return bytes
  }
  for await (const item of items) {
    const entry = entryOf(item, offset)
    entries.push(entry)
    yield counted(localHeader(entry))
    for await (const bytes of contentOf(item, entry)) yield counted(bytes)
    yield counted(dataDescriptor(entry))
  }
  yield* centralDirectory(entries, offset)
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
  const packed = entry.isDeflated ? pipeline(summed, createDeflateRaw({ level }), () => undefined) : summed
  for await (const bytes of packed as AsyncIterable<Uint8Array>) {
    entry.packedSize += bytes.length
    yield bytes
  }
}

async function* summedUp(plain: AsyncIterable<Uint8Array> | Uint8Array[], entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of plain) {
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    yield bytes
  }
}
