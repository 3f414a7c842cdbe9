import * as z from 'zod'
import { FilePath } from './entry-path.ts'

/** Which folder to count. */
export const UsageQuery = z.strictObject({ path: FilePath.prefault('') })

/** What a folder holds, and how much room its file system has. */
export const StorageUsage = z.object({
  /** Entries below the folder, however deep. */
  entries: z.number(),
  /** As many as the files among them are long. */
  bytes: z.number(),
  /** False where counting took too long: there are more then. */
  isComplete: z.boolean(),
  /** Bytes that the file system of the folder has left, and has in all: everybody's who uses it. */
  free: z.number(),
  total: z.number(),
  /** Bytes that the user may have in the whole domain, as far as they come through the platform; left out where that is not limited. */
  allowed: z.number().optional(),
})
export type StorageUsage = z.infer<typeof StorageUsage>
