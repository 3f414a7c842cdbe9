import { randomBytes, randomUUID } from 'node:crypto'
import { isOver, notFound, tooMany } from '@karvdash/common'
import type { Logger } from 'pino'
import { refusal } from '../filesystem/refusals.ts'
import { type Difference, differences } from '../kubernetes/differences.ts'
import { isConflict } from '../kubernetes/errors.ts'
import type { Craft } from './craft.ts'
import { leaseMs } from './hold.ts'
import type { AnyJob, JobStart, Kept } from './record.ts'
import { createRunner } from './runner.ts'
import type { JobStore } from './store.ts'
import { createTakeover } from './takeover.ts'

/** Jobs of one kind, recorded: whichever replica ends, another goes on with them. `S` is what users see of one. */
export interface Jobs<R extends AnyJob, S> {
  /** Records a job, and begins it. @throws Problem 429, and what `make` throws. */
  start(user: string, make: (about: JobStart) => Promise<R>): Promise<S>
  list(user: string): S[]
  /** @throws Problem 404. */
  get(user: string, id: string): Promise<S>
  /** Cancels a job, or forgets one that is over. @throws Problem 404, 409. */
  end(user: string, id: string): Promise<void>
  /** All of a user's jobs, then each that looks different than before. */
  watch(user: string, signal: AbortSignal): AsyncGenerator<Difference<S>>
  stop(): Promise<void>
}

export interface JobsPorts<R extends AnyJob, T, S> {
  store: JobStore<R>
  craft: Craft<R, T>
  /** What its user sees of a job. */
  shown: (record: R) => S
  /** Until which phase a job can be cancelled, and what to say after that. */
  isCancellable: (phase: R['phase']) => boolean
  tooLate: string
  isActive: (user: string) => boolean
  /** Who this replica is. */
  replica: string
  log: Pick<Logger, 'warn'>
  clock?: () => number
}

const mostUnfinished = 20
const mostKept = 100

/** Sees to jobs, those of replicas that are gone too. */
export function createJobs<R extends AnyJob, T, S>({ replica, clock = Date.now, ...ports }: JobsPorts<R, T, S>): Jobs<R, S> {
  const { store, shown } = ports
  // A replica that comes back under its name is another: it knows nothing of what it did.
  const holder = `${replica}/${randomUUID()}`
  const runner = createRunner({ ...ports, holder, clock })
  const endTakeover = createTakeover({ ...ports, runner, holder, clock })
  /** Those that come in this very moment, and whose they are. */
  const starting = new Map<string, string>()
  const ofUser = (user: string) => store.all().filter(({ record }) => record.user === user)

  const startingOf = (user: string) => [...starting].filter(([, whose]) => whose === user).map(([id]) => id)

  async function find(user: string, id: string): Promise<Kept<R>> {
    const found = await store.get(id)
    if (!found || found.record.user !== user) throw notFound('job', id)
    return found
  }
  function about(user: string): JobStart {
    const now = clock()
    const times = { createdAt: new Date(now).toISOString(), heldUntil: new Date(now + leaseMs).toISOString() }
    return { id: randomBytes(10).toString('hex'), user, holder, isCancelled: false, ...times }
  }
  return {
    async start(user, make) {
      const start = about(user)
      await makeRoom(store, ofUser(user), startingOf(user))
      starting.set(start.id, user)
      try {
        return shown((await runner.begin(await store.create(await make(start)))).record)
      } finally {
        starting.delete(start.id)
      }
    },
    list: (user) => ofUser(user).map(({ record }) => shown(record)),
    get: async (user, id) => shown((await find(user, id)).record),
    async end(user, id) {
      while (!(await isEnded(await find(user, id), ports)));
      await runner.look(id)
    },
    watch: (user, signal) =>
      differences({ all: () => ofUser(user).map(({ record }) => [record.id, shown(record)]), onChange: store.onChange, signal }),
    async stop() {
      endTakeover()
      await runner.stop()
    },
  }
}

/** False where it changed meanwhile. @throws Problem 409 where it is too late. */
async function isEnded<R extends AnyJob>(
  found: Kept<R>,
  { store, isCancellable, tooLate }: Pick<JobsPorts<R, never, never>, 'store' | 'isCancellable' | 'tooLate'>,
): Promise<boolean> {
  const { id, phase } = found.record
  if (isOver(phase)) {
    await store.remove(id)
    return true
  }
  if (!isCancellable(phase)) throw refusal(409, 'busy', tooLate)
  try {
    await store.replace({ ...found, record: { ...found.record, isCancelled: true } })
    return true
  } catch (error) {
    if (!isConflict(error)) throw error
    return false
  }
}

/** Makes room among a user's jobs; counts those that are just starting. @throws Problem 429. */
async function makeRoom<R extends AnyJob>(store: JobStore<R>, all: Kept<R>[], starting: string[]): Promise<void> {
  const over = all.filter(({ record }) => isOver(record.phase)).sort((a, b) => (a.record.createdAt < b.record.createdAt ? -1 : 1))
  const unfinished = all.filter(({ record }) => !isOver(record.phase)).map(({ record }) => record.id)
  if (new Set([...unfinished, ...starting]).size >= mostUnfinished)
    throw tooMany(`At most ${mostUnfinished} jobs can wait or run at a time.`, 10)
  for (const { record } of over.slice(0, Math.max(0, all.length - mostKept + 1))) await store.remove(record.id)
}
