import { statfs } from 'node:fs/promises'
import type { Problem } from '@karvdash/common'
import { at } from './held.ts'
import { codeOf, refusal } from './refusals.ts'

/**
 * Refuses so many bytes where they do not fit beside what a folder's file system holds already, before the first of them comes. What others
 * write meanwhile, and a quota that statfs(2) does not tell, are found out when the disk is full.
 * @throws Problem 507 with the numbers.
 */
export async function insistOnRoom(folder: number, bytes: number): Promise<void> {
  const free = await freeIn(folder)
  if (free !== undefined && bytes > free) throw full(bytes, free)
}

/** A refusal to store bytes, told with the numbers; anything else stays what it is. */
export async function withNumbers(error: unknown, folder: number, { needed, written }: Stored): Promise<unknown> {
  const code = codeOf(error) ?? ''
  if (code === 'EFBIG') return tooLarge(written)
  if (!['ENOSPC', 'EDQUOT'].includes(code)) return error
  return full(needed ?? written, (await freeIn(folder).catch(() => undefined)) ?? 0)
}

interface Stored {
  /** Bytes of the whole file, where they are known. */
  needed: number | undefined
  /** Bytes of it that the file system took. */
  written: number
}

/** Bytes that are free for us; undefined where the file system does not count. */
async function freeIn(folder: number): Promise<number | undefined> {
  const { blocks, bavail, bsize } = await statfs(at(folder, '.'))
  return blocks === 0 ? undefined : bavail * bsize
}

function full(needed: number, free: number): Problem {
  const detail = `The disk is full: ${inWords(needed)} are needed, and ${inWords(free)} are free. What was there before is untouched.`
  return refusal(507, 'disk-full', detail, { needed, free })
}

/** The file system takes no file of more bytes. */
export function tooLarge(most: number): Problem {
  return refusal(413, 'too-large', `The file system takes no file of more than ${inWords(most)}.`, { most })
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** @example inWords(1536) === '1.5 KiB' */
export function inWords(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`
}
