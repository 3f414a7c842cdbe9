import type { Hold } from './hold.ts'
import type { AnyJob } from './record.ts'

/** Works on a job until it is over; what it throws ends the job, unless another replica has it. */
export type Work<R extends AnyJob, T> = (hold: Hold<R>, tally: T) => Promise<void>

/** How one kind of job is done. */
export interface Craft<R extends AnyJob, T> {
  /** How far a job is, as it was recorded; told anew while it goes on. */
  tallyOf(record: R): T
  progressOf(tally: T): Partial<R>
  /** What of this job is done before it waits for its turn. */
  atOnce?: (record: R) => Work<R, T> | undefined
  work: Work<R, T>
}
