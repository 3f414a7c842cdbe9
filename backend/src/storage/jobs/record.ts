import { EntryPlace, isOver, Job, type JobPhase, type NewJob } from '@karvdash/common'
import * as z from 'zod'
import { type JobStart, jobFields } from '../../jobs/record.ts'

/** The value of the label `karvdash.io/holds` that marks jobs. */
export const jobMark = 'job'

const RecordedEntry = EntryPlace.extend({
  /** What it is called at its goal; planned until the names are taken. */
  name: z.string(),
  /** Device and inode of what gets that name: by this another replica knows whether it has it. */
  identity: z.string().optional(),
  /** Whether it has been moved by a rename, so that nothing is left to do. */
  isMoved: z.boolean().default(false),
})

/** A job as it is recorded, before its first byte. */
export const JobRecord = Job.omit({ entries: true }).extend({
  ...jobFields,
  onConflict: z.enum(['refuse', 'rename', 'replace']),
  entries: z.array(RecordedEntry),
})
export type JobRecord = z.infer<typeof JobRecord>

/** What is recorded of a job that begins. */
export function newRecord({ name, ...job }: NewJob, about: JobStart): JobRecord {
  const entries = job.entries.map((entry) => ({ ...entry, name: name ?? entry.path.split('/').at(-1) ?? '', isMoved: false }))
  return { ...about, ...job, entries, phase: 'queued', done: { entries: 0, bytes: 0 }, dropped: 0 }
}

/** What its user sees of it. */
export function shown({
  user: _user,
  onConflict: _onConflict,
  holder: _holder,
  heldUntil: _until,
  isCancelled: _is,
  ...record
}: JobRecord): Job {
  const isNamed = record.phase === 'removing' || record.phase === 'finished'
  const entries = record.entries.map(({ domain, path, name, isMoved }) => ({
    domain,
    path,
    ...((isNamed || isMoved) && { name }),
  }))
  return { ...record, entries }
}

/** Whether a job can still be cancelled so that nothing of it is left. */
export function isCancellable(phase: JobPhase): boolean {
  return !isOver(phase) && phase !== 'naming' && phase !== 'removing'
}
