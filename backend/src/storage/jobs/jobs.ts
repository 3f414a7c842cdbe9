import type { Job, JobEvent, NewJob } from '@karvdash/common'
import type { Craft } from '../../jobs/craft.ts'
import { type JobsPorts as AnyJobsPorts, createJobs as createAnyJobs } from '../../jobs/jobs.ts'
import { checked } from './check.ts'
import { isCancellable, type JobRecord, newRecord, shown } from './record.ts'
import { type OpenDomain, openSite } from './site.ts'
import { copyAll, progressOf, renameAll, type Tally, type Working } from './work.ts'

/** Copies and moves, recorded: whichever replica ends, another goes on with them. */
export interface Jobs {
  /** @throws Problem 404, 409, 429. */
  start(user: string, job: NewJob): Promise<Job>
  /** The newest first. */
  list(user: string): Job[]
  /** @throws Problem 404. */
  get(user: string, id: string): Promise<Job>
  /** Cancels a job, or forgets one that is over. @throws Problem 404, 409. */
  end(user: string, id: string): Promise<void>
  watch(user: string, signal: AbortSignal): AsyncGenerator<JobEvent>
  stop(): Promise<void>
}

export interface JobsPorts extends Omit<AnyJobsPorts<JobRecord, Tally, Job>, 'craft' | 'shown' | 'isCancellable' | 'tooLate'> {
  open: OpenDomain
}

const tooLate = 'All of it is copied, and it is taking its name now: it is too late to cancel it.'

/** Sees to copies and moves. */
export function createJobs({ open, ...ports }: JobsPorts): Jobs {
  const jobs = createAnyJobs({ ...ports, craft: craftOf(open), shown, isCancellable, tooLate })
  return {
    ...jobs,
    start: (user, job) =>
      jobs.start(user, async (about) => {
        const record = newRecord(job, about)
        using site = await openSite(record, open)
        return { ...record, entries: await checked(record, site, open) }
      }),
    async *watch(user, signal) {
      for await (const [id, job] of jobs.watch(user, signal)) yield job ? { type: 'job', job } : { type: 'gone', id }
    },
  }
}

/** What can be renamed is at once; the rest is copied when its turn comes. */
function craftOf(open: OpenDomain): Craft<JobRecord, Tally> {
  const inSite =
    (act: (working: Working) => Promise<void>): Craft<JobRecord, Tally>['work'] =>
    async (hold, tally) => {
      using site = await openSite(hold.record, open)
      await act({ hold, site, tally })
    }
  const rename = inSite(renameAll)
  return {
    tallyOf: ({ done, dropped }) => ({ ...done, dropped }),
    progressOf,
    atOnce: ({ kind, phase }) => (kind === 'move' && ['queued', 'copying'].includes(phase) ? rename : undefined),
    work: inSite(copyAll),
  }
}
