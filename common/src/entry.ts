import * as z from 'zod'

/**
 * What an entry is. A link that leads to a file or folder of its domain is shown as what it leads to; `link-broken` leads nowhere, or out of
 * the domain, and is never followed. `other` is a FIFO, socket or device: it is shown and never opened.
 */
export const EntryType = z.enum(['file', 'folder', 'link-broken', 'other'])
export type EntryType = z.infer<typeof EntryType>

/** A file or folder of a domain. */
export const Entry = z.object({
  /** '' for the root of a domain. */
  name: z.string(),
  type: EntryType,
  /** Bytes of a file; 0 for everything else. */
  size: z.number(),
  /** When its content changed, in ms since 1970. */
  modified: z.number(),
  /** When it was made, in ms since 1970; where the file system does not keep that, when it last changed. */
  created: z.number(),
  /** Changes with the entry: exactly what the `ETag` header says and `If-Match` takes, quotes included. */
  etag: z.string(),
  /** Whether its permissions let anybody write it. */
  writable: z.boolean(),
  /** Where the symbolic link of this name points, as it is written there; left out for what is no link. */
  link: z.string().optional(),
})
export type Entry = z.infer<typeof Entry>

/**
 * Why an operation on entries was refused, in the member `code` of its Problem: a status alone does not tell a folder in the way
 * from one that is not empty.
 */
export const EntryProblemCode = z.enum([
  'entry-missing',
  'entry-exists',
  'entry-changed',
  'link-broken',
  'not-a-file',
  'not-a-folder',
  'is-a-folder',
  'not-empty',
  'into-itself',
  'no-permission',
  'name-too-long',
  'name-refused',
  'too-large',
  'disk-full',
  'quota-reached',
  'upload-gone',
  'upload-offset',
  'upload-checksum',
  'busy',
  'domain-away',
])
export type EntryProblemCode = z.infer<typeof EntryProblemCode>
