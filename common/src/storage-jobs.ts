import * as z from 'zod'
import { FilePath, pathIn } from './entry-path.ts'
import { DomainName } from './storage.ts'

/** An entry of a domain. */
export const EntryPlace = z.strictObject({ domain: DomainName, path: FilePath })
export type EntryPlace = z.infer<typeof EntryPlace>

const mostEntries = 100
/** What is recorded of a job has to fit where it is kept. */
const mostPathLetters = 64 * 1024

/** A name that an entry may have. */
const EntryName = z
  .string()
  .refine((name) => !name.includes('/') && name !== '' && isName(name), 'This cannot be the name of an entry.')

/** What to copy or move, and where to. */
export const NewJob = z
  .strictObject({
    kind: z.enum(['copy', 'move']),
    entries: z.array(EntryPlace).min(1).max(mostEntries),
    /** A folder. */
    to: EntryPlace,
    /** What the one entry is called there; left out: what it is called now. */
    name: EntryName.optional(),
    /**
     * What is done where the name is taken: nothing at all (`refuse`), the entry gets another name, such as `a (2).txt` (`rename`), or it takes
     * the place of what is there, of a whole folder too (`replace`).
     */
    onConflict: z.enum(['refuse', 'rename', 'replace']).default('refuse'),
  })
  .refine(({ name, entries }) => name === undefined || entries.length === 1, {
    path: ['name'],
    error: 'Only a single entry can be given a name.',
  })
  .refine(({ entries }) => entries.reduce((sum, { path }) => sum + path.length, 0) <= mostPathLetters, {
    path: ['entries'],
    error: 'These paths are too long for one job: give them to several.',
  })
  .refine(({ entries }) => new Set(entries.map(({ domain, path }) => `${domain}/${path}`)).size === entries.length, {
    path: ['entries'],
    error: 'Name each entry once.',
  })
export type NewJob = z.infer<typeof NewJob>

/**
 * How far a job is. Until the names are taken (`naming`) nothing of it can be seen, and it can be cancelled; the originals of what is moved are
 * removed after that (`removing`).
 */
export const JobPhase = z.enum(['queued', 'copying', 'naming', 'removing', 'finished', 'failed', 'cancelled'])
export type JobPhase = z.infer<typeof JobPhase>

const Amount = z.object({ entries: z.number(), bytes: z.number() })

/** A job as its user sees it. */
export const Job = z.object({
  id: z.string(),
  kind: z.enum(['copy', 'move']),
  /** What is copied or moved; `name` is what it is called at its goal, as soon as that is sure. */
  entries: z.array(EntryPlace.extend({ name: z.string().optional() })),
  to: EntryPlace,
  phase: JobPhase,
  /** Seconds as in `2026-11-22T03:36:22.000Z`. */
  createdAt: z.string(),
  endedAt: z.string().optional(),
  done: Amount,
  /** Left out until it is counted, and where that took too long. */
  total: Amount.optional(),
  /** FIFOs, sockets and devices that were left out. */
  dropped: z.number(),
  /** What went wrong, or is to be known, in words. */
  detail: z.string().optional(),
})
export type Job = z.infer<typeof Job>

/** What changes among jobs: the first events tell of all. */
export const JobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: Job }),
  z.object({ type: z.literal('gone'), id: z.string() }),
])
export type JobEvent = z.infer<typeof JobEvent>

/** Which job. */
export const OneJob = z.strictObject({ job: z.string().regex(/^[0-9a-f]{20}$/, 'This is no id of a job.') })

/** Whether nothing more comes of a job, of whatever kind. */
export function isOver(phase: string): boolean {
  return phase === 'finished' || phase === 'failed' || phase === 'cancelled'
}

function isName(name: string): boolean {
  try {
    pathIn(FilePath.parse(''), name)
    return true
  } catch {
    return false
  }
}
