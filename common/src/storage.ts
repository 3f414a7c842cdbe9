import * as z from 'zod'
import { FilePath } from './entry-path.ts'

/** The domains, in the order in which people see them. */
export const DomainName = z.enum(['local', 'remote', 'shared'])
export type DomainName = z.infer<typeof DomainName>

/** A domain as the API shows one. */
export const Domain = z.object({
  name: DomainName,
  /** Where containers have it, such as `/local`. */
  label: z.string(),
  /** What it is for and who else can change what lies in it. */
  description: z.string(),
  writable: z.boolean(),
  /** Whether its storage does not answer at the moment; the other domains go on. */
  away: z.boolean().optional(),
})
export type Domain = z.infer<typeof Domain>

/** Which domain an operation is about. */
export const OneDomain = z.strictObject({ domain: DomainName })

/** Which entry of it: in the query, because proxies rewrite `..`, `//` and `%2F` in the path of a URL. */
export const OnePath = z.strictObject({ path: FilePath })

const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])

/**
 * Which folder to list, and what of it. A page may have fewer entries than asked for, or none, and still be followed by another: only a page
 * without `next` is the last. A cursor is good for the very order that it came with.
 */
export const EntriesQuery = z.strictObject({
  path: FilePath.prefault(''),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  cursor: z.string().max(500).optional(),
  /** A part of the name, or a pattern of all of it with `*` and `?`; case does not matter. */
  filter: z.string().max(255).optional(),
  type: z.enum(['file', 'folder']).optional(),
  /** Whether names that begin with a dot are listed. */
  hidden: flag.default(true),
  /** By size and time the server looks at every entry for each page. */
  sort: z.enum(['name', 'size', 'modified']).default('name'),
  direction: z.enum(['ascending', 'descending']).default('ascending'),
})

/** Which entry to delete; a folder that is not empty only when `recursive` says so. */
export const DeletionQuery = z.strictObject({
  path: FilePath,
  recursive: flag.default(false),
})

/** Which upload; its name is made by the server, and good for nobody but the user that it was made for. */
export const OneUpload = z.strictObject({ domain: DomainName, upload: z.string().max(16_384) })

/** Which folder to make; the one it is in has to exist. */
export const NewFolder = z.strictObject({ path: FilePath })

/** What a rename takes; an entry that is in the way is replaced only when `overwrite` says so, and a folder only when it is empty. */
export const Rename = z.strictObject({ from: FilePath, to: FilePath, overwrite: z.boolean().default(false) })
