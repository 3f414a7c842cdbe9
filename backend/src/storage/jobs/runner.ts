import { setTimeout as sleep } from 'node:timers/promises'
import { isOver, Problem } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Tally } from '../../filesystem/copy-file.ts'
import { type Hold, holdJob, Lost, leaseMs } from './hold.ts'
import type { Kept } from './record.ts'
import { type OpenDomain, openSite } from './site.ts'
import type { JobStore } from './store.ts'
import { copyAll, endOf, progressOf, renameAll } from './work.ts'

/** Does jobs, so many beside each other. */
export interface Runner {
  /** Begins a job that is recorded as ours. Resolves when all that is at once is done, and the rest waits for its turn. */
  begin(kept: Kept): Promise<Hold>
  /** Whether this replica sees to a job. */
  has(id: string): boolean
  /** Looks whether its user wants a job of ours to end. */
  look(id: string): Promise<void>
  /** Gives all of them to whoever takes them. */
  stop(): Promise<void>
}

export interface RunnerPorts {
  store: JobStore
  open: OpenDomain
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

interface Running {
  hold: Hold
  tally: Tally
  isBusy: boolean
  end: () => void
}

/** Makes a runner. */
export function createRunner(ports: RunnerPorts): Runner {
  const { open, isActive, log } = ports
  const jobs = new Map<string, Running>()

  function hold(kept: Kept): Running {
    const held = holdJob(kept, ports)
    const tally = { ...kept.record.done, dropped: kept.record.dropped }
    const timer = setInterval(() => {
      if (!isActive(kept.record.user)) held.cancel('The user is not active any more.')
      void look(running)
    }, renewalMs)
    const running: Running = { hold: held, tally, isBusy: false, end: () => clearInterval(timer) }
    jobs.set(kept.record.id, running)
    return running
  }
  /** Tells that it is held, and hears whether it is to end: one that waits for its turn does so at once. */
  async function look(running: Running): Promise<void> {
    await running.hold.renew(progressOf(running.tally))
    if (!running.hold.signal.aborted || running.isBusy) return
    running.isBusy = true
    await attend(running, copyAll)
  }
  /** Works on a job; whatever comes of it is recorded, unless another replica has it. */
  async function attend(running: Running, work: typeof renameAll): Promise<void> {
    const { hold, tally } = running
    try {
      using site = await openSite(hold.record, open)
      await work({ hold, site, tally })
    } catch (error) {
      if (!(hold.signal.reason instanceof Lost)) await ended(running, error, log)
    }
    if (!hold.signal.aborted && !isOver(hold.record.phase) && work === renameAll) return
    running.end()
    jobs.delete(hold.record.id)
  }
  function next(): void {
    for (let one = nextOf(jobs); one; one = nextOf(jobs)) {
      one.isBusy = true
      void attend(one, copyAll).finally(next)
    }
  }
  return {
    async begin(kept) {
      const running = hold(kept)
      running.isBusy = true
      if (kept.record.kind === 'move' && ['queued', 'copying'].includes(kept.record.phase)) await attend(running, renameAll)
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

async function letGo(jobs: ReadonlyMap<string, Running>): Promise<void> {
  const all = [...jobs.values()]
  for (const { end } of all) end()
  await Promise.all(all.map((one) => one.hold.release()))
  // What is being copied ends soon, and holds folders until then.
  for (let turn = 0; all.some(({ isBusy, hold }) => isBusy && jobs.has(hold.record.id)) && turn < 50; turn++) await sleep(20)
}

/** The first that waits and has its turn: everybody's own jobs wait for one another first. */
function nextOf(jobs: ReadonlyMap<string, Running>): Running | undefined {
  const busy = [...jobs.values()].filter(({ isBusy }) => isBusy)
  if (busy.length >= mostAtATime) return undefined
  const ofUser = (user: string) => busy.filter(({ hold }) => hold.record.user === user).length
  return [...jobs.values()].find(({ isBusy, hold }) => !isBusy && ofUser(hold.record.user) < mostOfAUser)
}

async function ended({ hold, tally }: Running, error: unknown, log: RunnerPorts['log']): Promise<void> {
  if (!(error instanceof Problem) && !hold.signal.aborted) log.warn({ err: error, job: hold.record.id }, 'job failed')
  // Where even that cannot be written, the job is taken over when its time is up.
  await hold.close({ ...progressOf(tally), ...endOf(hold.signal.aborted ? hold.signal.reason : error) }).catch(() => undefined)
}
