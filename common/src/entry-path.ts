import * as z from 'zod'
import { nameBytes } from './entry-name.ts'

/** What files that are still being written are called; they are in no listing and can be named by no path. */
export const partPrefix = '.karvdash-part-'

const mostNameBytes = 255
const mostPathBytes = 4096

/**
 * A path below a domain's root, parsed once where it enters: names with `/` between them, '' for the root; a leading slash may be left out.
 * No part of it is `.` or `..`, so joining it to a folder leads nowhere else. Names hold any other character, backslash and newline
 * too; bytes that are not UTF-8 are written as {@link nameOfBytes} tells.
 */
export const FilePath = z
  .string()
  .transform((text, context) => {
    const path = text.replace(/^\//, '')
    const complaint = complaintAbout(path)
    if (complaint === undefined) return path
    context.issues.push({ code: 'custom', message: complaint, input: text })
    return z.NEVER
  })
  .brand<'FilePath'>()
export type FilePath = z.infer<typeof FilePath>

/** The root of a domain. */
export const rootPath = FilePath.parse('')

/** The names that a path is made of; none for the root. */
export function namesOf(path: FilePath): string[] {
  return path === '' ? [] : path.split('/')
}

/** The last name of a path; '' for the root. */
export function nameOf(path: FilePath): string {
  return namesOf(path).at(-1) ?? ''
}

/** The folder that an entry is in; the root is in itself. */
export function folderOf(path: FilePath): FilePath {
  return namesOf(path).slice(0, -1).join('/') as FilePath
}

/** The path of an entry of a folder. @throws ZodError where the name is not one. */
export function pathIn(folder: FilePath, name: string): FilePath {
  return FilePath.parse(folder === '' ? name : `${folder}/${name}`)
}

function complaintAbout(path: string): string | undefined {
  if (!path.isWellFormed()) return 'A path has whole Unicode characters: this one has half of a surrogate pair.'
  if (path.includes('\0')) return 'A path has no NUL character.'
  if (nameBytes(path).length > mostPathBytes) return `A path has at most ${mostPathBytes} bytes.`
  if (path === '') return undefined
  for (const name of path.split('/')) {
    const complaint = complaintAboutName(name)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

function complaintAboutName(name: string): string | undefined {
  if (name === '') return 'A path has no empty names: remove the doubled slash or the one at its end.'
  if (name === '.' || name === '..') return `A path has no "${name}" in it: write where it leads.`
  if (name.startsWith(partPrefix)) return `Names that begin with "${partPrefix}" are kept for files that are being written.`
  const bytes = nameBytes(name).length
  if (bytes <= mostNameBytes) return undefined
  return `A name has at most ${mostNameBytes} bytes in UTF-8: "${name.slice(0, 40)}..." has ${bytes}.`
}
