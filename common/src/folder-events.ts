import * as z from 'zod'
import { FilePath } from './entry-path.ts'

/** As many folders as one stream tells of. */
export const mostWatched = 64

/** Which folders to watch, none of them recursively. */
export const WatchQuery = z.strictObject({
  path: z
    .union([FilePath.transform((path) => [path]), z.array(FilePath)])
    .prefault('')
    .refine((paths) => paths.length <= mostWatched, `At most ${mostWatched} folders can be watched by one stream: open another.`),
})

const id = z.string()

/** An event of a stream that watches folders; each has an `id` to go on from. */
export const FolderEvent = z.discriminatedUnion('type', [
  /** The folders are watched from now on; after coming back with an id: from that event on. */
  z.object({ type: z.literal('ready'), id }),
  /** What happened since the id that was sent is not known: list all the folders again. They are watched from now on. */
  z.object({ type: z.literal('reset'), id }),
  /** Something in a folder changed: these names; where they are left out, list it again. */
  z.object({ type: z.literal('changed'), id, path: FilePath, names: z.array(z.string()).optional() }),
  /** The path leads to this folder no more: it was removed, renamed, or something else took its place. It is watched no more. */
  z.object({ type: z.literal('gone'), id, path: FilePath }),
])
export type FolderEvent = z.infer<typeof FolderEvent>
