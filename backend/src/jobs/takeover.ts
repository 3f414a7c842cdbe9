import { isOver } from '@karvdash/common'
import type { Logger } from 'pino'
import { isConflict } from '../kubernetes/errors.ts'
import { leaseMs } from './hold.ts'
import type { AnyJob, Kept } from './record.ts'
import type { Runner } from './runner.ts'
import type { JobStore } from './store.ts'

export interface TakeoverPorts<R extends AnyJob> {
  store: JobStore<R>
  runner: Runner<R>
  holder: string
  clock: () => number
  log: Pick<Logger, 'warn'>
}

const lookMs = 2_000
/** How long a job that is over is told of. */
const rememberedMs = 24 * 3600_000

/**
 * Takes over jobs that nobody renews, and forgets those that were over a day ago; gives the function that ends it. Silence is measured by our own
 * clock, from when we heard of a job last: clocks of replicas differ.
 */
export function createTakeover<R extends AnyJob>({ store, runner, holder, clock, log }: TakeoverPorts<R>): () => void {
  const heard = new Map<string, { version: string | undefined; at: number }>()
  const taking = new Set<string>()

  function isSilent({ record, version }: Kept<R>, now: number): boolean {
    if (record.holder === '') return true
    const last = heard.get(record.id)
    // What changed is alive, and a clock that went back tells nothing.
    if (last !== undefined && last.version === version && now >= last.at) return now - last.at > leaseMs
    heard.set(record.id, { version, at: now })
    return false
  }
  async function take({ record, version }: Kept<R>): Promise<void> {
    taking.add(record.id)
    try {
      const heldUntil = new Date(clock() + leaseMs).toISOString()
      await runner.begin(await store.replace({ record: { ...record, holder, heldUntil }, version }))
    } finally {
      taking.delete(record.id)
    }
  }
  function see(kept: Kept<R>, now: number): Promise<void> | undefined {
    const { id, phase, endedAt, createdAt } = kept.record
    if (isOver(phase)) return now - Date.parse(endedAt ?? createdAt) > rememberedMs ? store.remove(id) : undefined
    const isOurs = runner.has(id) || taking.has(id)
    return !isOurs && isSilent(kept, now) ? take(kept) : undefined
  }
  function look(): void {
    const now = clock()
    const all = store.all()
    const known = new Set(all.map(({ record }) => record.id))
    for (const id of heard.keys()) if (!known.has(id)) heard.delete(id)
    for (const kept of all)
      void see(kept, now)?.catch((error: unknown) => {
        // Another replica was faster.
        if (!isConflict(error)) log.warn({ err: error, job: kept.record.id }, 'job not taken over, or not forgotten')
      })
  }
  const timer = setInterval(look, lookMs).unref()
  return () => clearInterval(timer)
}
