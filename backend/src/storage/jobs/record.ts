import { EntryPlace, isOver, Job, type JobPhase, labels, type NewJob } from '@karvdash/common'
import * as z from 'zod'
import { holding, noted, noteSecret } from '../../kubernetes/notes.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'

/** The value of the label `karvdash.io/holds` that marks jobs. */
export const jobMark = 'job'
/** Selects the Secrets which hold jobs. */
export const jobSelector = holding(jobMark)

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
  user: z.string(),
  onConflict: z.enum(['refuse', 'rename', 'replace']),
  entries: z.array(RecordedEntry),
  /** The replica that sees to it; '' where any may. */
  holder: z.string(),
  /** When that is over unless it is renewed before, by the holder's clock. */
  heldUntil: z.string(),
  /** Whether its user wants it to end. */
  isCancelled: z.boolean(),
})
export type JobRecord = z.infer<typeof JobRecord>

/** A record, and the version of it that the API server has. */
export interface Kept {
  record: JobRecord
  version: string | undefined
}

/** What is recorded of a job that begins. */
export function newRecord(
  { name, ...job }: NewJob,
  about: Pick<JobRecord, 'id' | 'user' | 'createdAt' | 'holder' | 'heldUntil'>,
): JobRecord {
  const entries = job.entries.map((entry) => ({ ...entry, name: name ?? entry.path.split('/').at(-1) ?? '', isMoved: false }))
  return { ...about, ...job, entries, phase: 'queued', done: { entries: 0, bytes: 0 }, dropped: 0, isCancelled: false }
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

/** The name of a job's Secret. */
export function nameOfJob(id: string): string {
  return `job.${id}`
}

/** The Secret that holds a job; with a version in it, it replaces just that. */
export function jobSecret({ record, version }: Kept, namespace: string): KubeObject {
  const place = { name: nameOfJob(record.id), namespace, labels: { [labels.user]: record.user } }
  const versioned = { ...place, ...(version !== undefined && { resourceVersion: version }) }
  return noteSecret(jobMark, versioned, { job: JSON.stringify(record) })
}

/** What a Secret holds; undefined where that is no job. */
export function readJob(secret: KubeObject | undefined): Kept | undefined {
  const parsed = JobRecord.safeParse(JSON.parse(noted(secret, 'job')?.toString() || 'null'))
  return parsed.success ? { record: parsed.data, version: secret?.metadata.resourceVersion } : undefined
}

/** Whether a job can still be cancelled so that nothing of it is left. */
export function isCancellable(phase: JobPhase): boolean {
  return !isOver(phase) && phase !== 'naming' && phase !== 'removing'
}
