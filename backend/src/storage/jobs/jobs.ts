import { randomBytes, randomUUID } from 'node:crypto'
import { isOver, type Job, type JobEvent, type NewJob, notFound, tooMany } from '@karvdash/common'
import type { Logger } from 'pino'
import { refusal } from '../../filesystem/refusals.ts'
import { isConflict } from '../../kubernetes/errors.ts'
import { jobChanges } from './changes.ts'
import { checked } from './check.ts'
import { leaseMs } from './hold.ts'
import { isCancellable, type Kept, newRecord, shown } from './record.ts'
import { createRunner } from './runner.ts'
import { type OpenDomain, openSite } from './site.ts'
import type { JobStore } from './store.ts'
import { createTakeover } from './takeover.ts'

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

export interface JobsPorts {
  store: JobStore
  open: OpenDomain
  isActive: (user: string) => boolean
  /** Who this replica is. */
  replica: string
  log: Pick<Logger, 'warn'>
  clock?: () => number
}

const mostUnfinished = 20
const mostKept = 100

/** Sees to jobs, those of replicas that are gone too. */
export function createJobs({ replica, clock = Date.now, ...ports }: JobsPorts): Jobs {
  const { store, open } = ports
  // A replica that comes back under its name is another: it knows nothing of what it did.
  const holder = `${replica}/${randomUUID()}`
  const runner = createRunner({ ...ports, holder, clock })
  const endTakeover = createTakeover({ ...ports, runner, holder, clock })
  const starting = new Map<string, number>()
  const ofUser = (user: string) => store.all().filter(({ record }) => record.user === user)

  async function find(user: string, id: string): Promise<Kept> {
    const found = await store.get(id)
    if (!found || found.record.user !== user) throw notFound('job', id)
    return found
  }
  async function recorded(user: string, job: NewJob): Promise<Kept> {
    const now = clock()
    const about = { id: randomBytes(10).toString('hex'), user, createdAt: new Date(now).toISOString() }
    const record = newRecord(job, { ...about, holder, heldUntil: new Date(now + leaseMs).toISOString() })
    using site = await openSite(record, open)
    return store.create({ ...record, entries: await checked(record, site, open) })
  }
  return {
    async start(user, job) {
      await makeRoom(store, ofUser(user), starting.get(user) ?? 0)
      starting.set(user, (starting.get(user) ?? 0) + 1)
      try {
        const kept = await recorded(user, job)
        return shown((await runner.begin(kept)).record)
      } finally {
        starting.set(user, (starting.get(user) ?? 1) - 1)
        if (starting.get(user) === 0) starting.delete(user)
      }
    },
    list: (user) => ofUser(user).map(({ record }) => shown(record)),
    get: async (user, id) => shown((await find(user, id)).record),
    async end(user, id) {
      while (!(await isEnded(store, await find(user, id))));
      await runner.look(id)
    },
    watch: (user, signal) => jobChanges(store, { all: () => ofUser(user).map(({ record }) => shown(record)), signal }),
    async stop() {
      endTakeover()
      await runner.stop()
    },
  }
}

/** False where it changed meanwhile. @throws Problem 409 where it is too late. */
async function isEnded(store: JobStore, found: Kept): Promise<boolean> {
  const { id, phase } = found.record
  if (isOver(phase)) {
    await store.remove(id)
    return true
  }
  if (!isCancellable(phase))
    throw refusal(409, 'busy', 'All of it is copied, and it is taking its name now: it is too late to cancel it.')
  try {
    await store.replace({ ...found, record: { ...found.record, isCancelled: true } })
    return true
  } catch (error) {
    if (!isConflict(error)) throw error
    return false
  }
}

/** Makes room among a user's jobs; counts those that come in this very moment. @throws Problem 429. */
async function makeRoom(store: JobStore, all: Kept[], starting: number): Promise<void> {
  const over = all.filter(({ record }) => isOver(record.phase)).sort((a, b) => (a.record.createdAt < b.record.createdAt ? -1 : 1))
  if (all.length - over.length + starting >= mostUnfinished)
    throw tooMany(`At most ${mostUnfinished} jobs can wait or run at a time.`, 10)
  for (const { record } of over.slice(0, Math.max(0, all.length - mostKept + 1))) await store.remove(record.id)
}
