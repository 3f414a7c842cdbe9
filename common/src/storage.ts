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
})
export type Domain = z.infer<typeof Domain>

/** Which domain an operation is about. */
export const OneDomain = z.strictObject({ domain: DomainName })

/** Which entry of it: in the query, because proxies rewrite `..`, `//` and `%2F` in the path of a URL. */
export const OnePath = z.strictObject({ path: FilePath })

/** Which folder to list; entries come in order of their names, those after the cursor's first. */
export const EntriesQuery = z.strictObject({
  path: FilePath.prefault(''),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  cursor: z.string().max(500).optional(),
})

/** Which entry to delete; a folder that is not empty only when `recursive` says so. */
export const DeletionQuery = z.strictObject({
  path: FilePath,
  recursive: z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]).default(false),
})

/** Which upload; its name is made by the server, and good for nobody but the user that it was made for. */
export const OneUpload = z.strictObject({ domain: DomainName, upload: z.string().max(16_384) })

/** Which folder to make; the one it is in has to exist. */
export const NewFolder = z.strictObject({ path: FilePath })

/** What a rename takes; an entry that is in the way is replaced only when `overwrite` says so, and a folder only when it is empty. */
export const Rename = z.strictObject({ from: FilePath, to: FilePath, overwrite: z.boolean().default(false) })
