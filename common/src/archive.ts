import * as z from 'zod'
import { FilePath } from './entry-path.ts'

/** How entries are packed. */
export const ArchiveFormat = z.enum(['zip', 'tar', 'tar.gz'])
export type ArchiveFormat = z.infer<typeof ArchiveFormat>

/** Which entries to pack into one archive: each `path` of the query is one, and all below it goes with it. */
export const ArchiveQuery = z.strictObject({
  path: z
    .union([FilePath.transform((path) => [path]), z.array(FilePath).min(1).max(100)])
    .refine((paths) => new Set(paths).size === paths.length, 'Name each entry once.'),
  format: ArchiveFormat.default('zip'),
})
