import { setTimeout as sleep } from 'node:timers/promises'
import { isOver, Problem } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Craft, Work } from './craft.ts'
import { Cancelled, type Hold, holdJob, Lost, leaseMs } from './hold.ts'
import type { AnyJob, Kept } from './record.ts'
import type { JobStore } from './store.ts'

/** Does jobs, so many beside each other. */
export interface Runner<R extends AnyJob> {
  /** Begins a job that is recorded as ours. Resolves when all that is at once is done, and the rest waits for its turn. */
  begin(kept: Kept<R>): Promise<Hold<R>>
  /** Whether this replica sees to a job. */
  has(id: string): boolean
  /** Looks whether its user wants a job of ours to end. */
  look(id: string): Promise<void>
  /** Gives all of them to whoever takes them. */
  stop(): Promise<void>
}

export interface RunnerPorts<R extends AnyJob, T> {
  store: JobStore<R>
  craft: Craft<R, T>
  /** Whether a user may still have something done. */
  isActive: (user: string) => boolean
  holder: string
  clock: () => number
  log: Pick<Logger, 'warn'>
}

const mostAtATime = 4
const mostOfAUser = 2
/** How often a job is recorded anew; what is shown of its progress is as old. */
const renewalMs = leaseMs / 5

interface Running<R extends AnyJob, T> {
  hold: Hold<R>
  tally: T
  isBusy: boolean
  end: () => void
}

/** Makes a runner of jobs of one kind. */
export function createRunner<R extends AnyJob, T>(ports: RunnerPorts<R, T>): Runner<R> {
  const { craft, isActive } = ports
  const jobs = new Map<string, Running<R, T>>()

  function hold(kept: Kept<R>): Running<R, T> {
    const held = holdJob(kept, ports)
    const tally = craft.tallyOf(kept.record)
    const timer = setInterval(() => {
      if (!isActive(kept.record.user)) held.cancel('The user is not active any more.')
      void look(running)
    }, renewalMs)
    const running: Running<R, T> = { hold: held, tally, isBusy: false, end: () => clearInterval(timer) }
    jobs.set(kept.record.id, running)
    return running
  }
  /** Tells that it is held, and hears whether it is to end: one that waits for its turn does so at once. */
  async function look(running: Running<R, T>): Promise<void> {
    await running.hold.renew(craft.progressOf(running.tally))
    if (!running.hold.signal.aborted || running.isBusy) return
    running.isBusy = true
    await attend(running, craft.work)
  }
  /** Works on a job; whatever comes of it is recorded, unless another replica has it. */
  async function attend(running: Running<R, T>, work: Work<R, T>): Promise<void> {
    const { hold, tally } = running
    try {
      await work(hold, tally)
    } catch (error) {
      if (!(hold.signal.reason instanceof Lost)) await ended(running, error, ports)
    }
    if (!hold.signal.aborted && !isOver(hold.record.phase) && work !== craft.work) return
    running.end()
    jobs.delete(hold.record.id)
  }
  function next(): void {
    for (let one = nextOf(jobs); one; one = nextOf(jobs)) {
      one.isBusy = true
      void attend(one, craft.work).finally(next)
    }
  }
  return {
    async begin(kept) {
      const running = hold(kept)
      running.isBusy = true
      const first = craft.atOnce?.(kept.record)
      if (first) await attend(running, first)
      running.isBusy = false
      next()
      return running.hold
    },
    has: (id) => jobs.has(id),
    async look(id) {
      const running = jobs.get(id)
      if (running) await look(running)
    },
    stop: () => letGo(jobs),
  }
}

async function letGo<R extends AnyJob, T>(jobs: ReadonlyMap<string, Running<R, T>>): Promise<void> {
  const all = [...jobs.values()]
  for (const { end } of all) end()
  await Promise.all(all.map((one) => one.hold.release()))
  // What is being copied ends soon, and holds folders until then.
  for (let turn = 0; all.some(({ isBusy, hold }) => isBusy && jobs.has(hold.record.id)) && turn < 50; turn++) await sleep(20)
}

/** The first that waits and has its turn: everybody's own jobs wait for one another first. */
function nextOf<R extends AnyJob, T>(jobs: ReadonlyMap<string, Running<R, T>>): Running<R, T> | undefined {
  const busy = [...jobs.values()].filter(({ isBusy }) => isBusy)
  if (busy.length >= mostAtATime) return undefined
  const ofUser = (user: string) => busy.filter(({ hold }) => hold.record.user === user).length
  return [...jobs.values()].find(({ isBusy, hold }) => !isBusy && ofUser(hold.record.user) < mostOfAUser)
}

async function ended<R extends AnyJob, T>(
  { hold, tally }: Running<R, T>,
  error: unknown,
  { craft, log }: RunnerPorts<R, T>,
): Promise<void> {
  if (!(error instanceof Problem) && !hold.signal.aborted) log.warn({ err: error, job: hold.record.id }, 'job failed')
  const end = endOf(hold.signal.aborted ? hold.signal.reason : error)
  // Where even that cannot be written, the job is taken over when its time is up.
  await hold.close({ ...craft.progressOf(tally), ...end } as Partial<R>).catch(() => undefined)
}

/** What to tell a user about how a job ended. */
function endOf(error: unknown): { phase: 'cancelled' | 'failed'; detail: string } {
  if (error instanceof Cancelled) return { phase: 'cancelled', detail: error.message }
  const detail =
    error instanceof Problem ? (error.detail ?? error.title) : 'Something went wrong here. Try again, or ask an administrator.'
  return { phase: 'failed', detail }
}
