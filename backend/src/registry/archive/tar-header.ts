import { unsound } from './unsound.ts'

/** The kinds of links. */
export const link = { hard: 'hard link', symbolic: 'symbolic link' }

/** What stands before an entry and is about it. */
export interface Told {
  name?: string
  target?: string
  size?: number
}

/** What one header tells. */
export interface Header {
  name: string
  target: string
  size: number
  type: string
  isSparse: boolean
  /** Where it is no entry, but tells of the next. */
  metadata: 'pax' | 'name' | 'target' | 'global' | undefined
}

/** So long may be what tells of an entry. */
export const mostMetadata = 1024 * 1024

const types: Record<string, string> = {
  ...{ '0': 'file', '\0': 'file', '7': 'file', '1': link.hard, '2': link.symbolic },
  // Devices, folders and FIFOs.
  ...{ '3': 'empty', '4': 'empty', '5': 'empty', '6': 'empty' },
}
const metadata: Record<string, Header['metadata']> = { x: 'pax', g: 'global', L: 'name', K: 'target' }

/** Reads a header; undefined where it is of zeros alone, as behind the last. @throws Problem 422 where it is none. */
export function readHeader(content: Buffer, isFirst: boolean): Header | undefined {
  if (content.every((byte) => byte === 0)) return undefined
  if (!isChecked(content))
    throw unsound(
      isFirst
        ? 'The file is no archive of images. Make one with docker save, podman save or skopeo copy.'
        : 'The archive is damaged: not all of it can be read. Export the image again.',
    )
  const type = content.toString('latin1', 156, 157)
  // POSIX has its prefix where GNU has times.
  const prefix = content.toString('latin1', 257, 263) === 'ustar\0' ? textOf(content.subarray(345, 500)) : ''
  const name = textOf(content.subarray(0, 100))
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    target: textOf(content.subarray(157, 257)),
    size: numberOf(content.subarray(124, 136)),
    type: types[type] ?? 'other',
    isSparse: type === 'S',
    metadata: metadata[type],
  }
}

/** Text up to the first NUL. */
export function textOf(content: Buffer): string {
  const end = content.indexOf(0)
  return content.toString('utf8', 0, end < 0 ? content.length : end)
}

/** "the chksum field shall be treated as if it was all spaces"; some old writers summed signed bytes. */
function isChecked(content: Buffer): boolean {
  const told = numberOf(content.subarray(148, 156))
  const sum = (of: (byte: number) => number) =>
    content.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : of(byte)), 0)
  return told === sum((byte) => byte) || told === sum((byte) => (byte << 24) >> 24)
}

/** Octal digits, or GNU's base 256. */
function numberOf(field: Buffer): number {
  const [first = 0] = field
  if (first === 0x80) return field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
  const digits = textOf(field).trim()
  return first < 0x80 && /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN
}

/** "%d %s=%s\n", where the number is the length of all of it. @throws Problem 422. */
export function paxRecords(content: Buffer): Told & { isSparse: boolean } {
  const told: Told & { isSparse: boolean } = { isSparse: false }
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at)
    const length = Number(content.toString('latin1', at, Math.max(at, Math.min(space, at + 10))))
    const text = content.subarray(space + 1, at + length - 1).toString('utf8')
    const equals = text.indexOf('=')
    if (!(length > 3) || at + length > content.length || content[at + length - 1] !== 10 || equals < 1) throw badRecord()
    keep(told, text.slice(0, equals), text.slice(equals + 1))
    at += length
  }
  return told
}

function keep(told: Told & { isSparse: boolean }, keyword: string, value: string): void {
  if (keyword.startsWith('GNU.sparse.')) told.isSparse = true
  if (keyword === 'path') told.name = value
  if (keyword === 'linkpath') told.target = value
  if (keyword !== 'size') return
  if (!/^[0-9]{1,16}$/.test(value)) throw badRecord()
  told.size = Number(value)
}

function badRecord(): Error {
  return unsound('The archive is damaged: what it tells of a file in it makes no sense.')
}
