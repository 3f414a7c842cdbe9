import * as z from 'zod'

/** What the record of every job has, whatever it does. */
export const jobFields = {
  id: z.string(),
  user: z.string(),
  /** Seconds as in `2026-11-22T03:36:22.000Z`. */
  createdAt: z.string(),
  endedAt: z.string().optional(),
  /** What went wrong, or is to be known, in words. */
  detail: z.string().optional(),
  /** The replica that sees to it; '' where any may. */
  holder: z.string(),
  /** When that is over unless it is renewed before, by the holder's clock. */
  heldUntil: z.string(),
  /** Whether its user wants it to end. */
  isCancelled: z.boolean(),
}

/** A job as it is recorded: every kind has phases of its own, and ends as `finished`, `failed` or `cancelled`. */
export type AnyJob = z.infer<z.ZodObject<typeof jobFields>> & { phase: string }

/** What is known of a job before what it is about. */
export type JobStart = Pick<AnyJob, 'id' | 'user' | 'createdAt' | 'holder' | 'heldUntil' | 'isCancelled'>

/** A record, and the version of it that the API server has. */
export interface Kept<R extends AnyJob> {
  record: R
  version: string | undefined
}
