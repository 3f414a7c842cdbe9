import { nameBytes } from '@karvdash/common'
import type { ArchiveItem } from './archive-items.ts'

/*
 * The pax interchange format (POSIX.1-2017, pax): ustar headers, and before one that does not fit an extended header with the whole path, link
 * or size. Written here because libraries take names for text, and names are bytes.
 */
const block = 512
const types = { file: '0', link: '2', folder: '5', extended: 'x' }
const mostName = 100
const mostSize = 8 ** 11
const mostSeconds = 8n ** 11n - 1n

/** Writes items as a tar archive. A file that changes while it is read ends it: no archive is better than one with a mixture in it. */
export async function* tarOf(items: AsyncIterable<ArchiveItem>): AsyncGenerator<Uint8Array, void> {
  for await (const item of items) {
    yield tarHeader(item)
    if (item.kind !== 'file') continue
    const { size } = item.file.entry
    yield* item.file.stream({ first: 0, last: size - 1 })
    yield Buffer.alloc(-size & (block - 1))
  }
  // "At the end of the archive file there shall be two 512-octet logical records filled with binary zeros".
  yield Buffer.alloc(2 * block)
}

/** The header of one entry. */
export function tarHeader(item: ArchiveItem): Buffer {
  const size = item.kind === 'file' ? item.file.entry.size : 0
  const name = Buffer.from(nameBytes(item.kind === 'folder' ? `${item.path}/` : item.path))
  const link = item.kind === 'link' ? item.target : Buffer.alloc(0)
  const own = { name, link, size: size < mostSize ? size : 0, type: types[item.kind], stats: item.stats }
  const records = extendedRecords({ name, link, size })
  if (records.length === 0) return ustar(own)
  const extended = {
    name: Buffer.from('pax'),
    link: Buffer.alloc(0),
    size: records.length,
    type: types.extended,
    stats: item.stats,
  }
  return Buffer.concat([ustar(extended), records, Buffer.alloc(-records.length & (block - 1)), ustar(own)])
}

function extendedRecords({ name, link, size }: { name: Buffer; link: Buffer; size: number }): Buffer {
  const records = [
    ...(fits(name) ? [] : [record('path', name)]),
    ...(fits(link) ? [] : [record('linkpath', link)]),
    ...(size < mostSize ? [] : [record('size', Buffer.from(String(size)))]),
  ]
  // "BINARY: the pathname is unencoded binary data": told only where it is not what is said otherwise, UTF-8.
  if (!isUtf8(name) || !isUtf8(link)) records.unshift(record('hdrcharset', Buffer.from('BINARY')))
  return Buffer.concat(records)
}

/** "%d %s=%s\n", where the number is the length of all of it, the number's own digits among it. */
function record(keyword: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')])
  let length = rest.length
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function fits(bytes: Buffer): boolean {
  return bytes.length <= mostName && bytes.every((byte) => byte < 0x80)
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}

interface Header {
  name: Buffer
  link: Buffer
  size: number
  type: string
  stats: ArchiveItem['stats']
}

function ustar({ name, link, size, type, stats }: Header): Buffer {
  const header = Buffer.alloc(block)
  const octal = (value: number | bigint, offset: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, '0'), offset, 'latin1')
  name.copy(header, 0, 0, mostName)
  // Whoever unpacks it owns it; setuid and setgid do not travel.
  octal(stats.mode & 0o777n, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(clamped(stats.mtimeMs / 1000n), 136, 11)
  header.write(type, 156, 'latin1')
  link.copy(header, 157, 0, mostName)
  header.write('ustar\x0000', 257, 'latin1')
  // "the chksum field shall be treated as if it was all spaces".
  header.fill(' ', 148, 156)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  header[154] = 0
  return header
}

function clamped(seconds: bigint): bigint {
  return seconds < 0n ? 0n : seconds > mostSeconds ? mostSeconds : seconds
}
