import { setTimeout as sleep } from 'node:timers/promises'
import { isOver } from '@karvdash/common'
import { isAway, isConflict, isGone } from '../kubernetes/errors.ts'
import type { AnyJob, Kept } from './record.ts'
import type { JobStore } from './store.ts'

/** Why a job goes no further here, though nothing is wrong with it: another replica has it, or may. */
export class Lost extends Error {}
/** Its user wants it to end. */
export class Cancelled extends Error {}

/** A job in the hands of this replica. */
export interface Hold<R extends AnyJob> {
  /** As it was written last. */
  readonly record: R
  /** Aborted where it is lost or cancelled. */
  readonly signal: AbortSignal
  /** Writes a change, only while the job is held: from then on every replica goes on from there. @throws Lost, Cancelled. */
  write(change: Partial<R>): Promise<void>
  /** Tells that it is held still, and how far it is. */
  renew(progress: Partial<R>): Promise<void>
  /** From here on it is not cancelled any more. */
  commit(): void
  /** Ends it, for this reason, unless it is too late for that. */
  cancel(reason: string): void
  /** Records how it ended, after it was cancelled too. */
  close(end: Partial<R>): Promise<void>
  /** Gives it to whoever takes it. */
  release(): Promise<void>
}

export interface HoldPorts<R extends AnyJob> {
  store: JobStore<R>
  holder: string
  clock: () => number
}

/** So long may a holder be silent before another takes over. */
export const leaseMs = 10_000
/** Who cannot tell that it is held lets go of it before. */
const patienceMs = leaseMs * 0.7
const againMs = 250

/** Holds a job that is recorded as held by us. */
export function holdJob<R extends AnyJob>(kept: Kept<R>, { store, holder, clock }: HoldPorts<R>): Hold<R> {
  const controller = new AbortController()
  let current = kept
  let renewedAt = clock()
  let isCommitted = false

  async function put(change: Partial<R>, isLast = false): Promise<void> {
    for (;;) {
      if (!isLast || controller.signal.reason instanceof Lost) controller.signal.throwIfAborted()
      const record = changed(current.record, change, clock())
      try {
        current = await store.replace({ ...current, record })
        renewedAt = clock()
        return
      } catch (error) {
        if (isConflict(error) || isGone(error)) await reread()
        else await patience(error)
      }
    }
  }
  /** While the API server is away nothing is given up that is still ours. */
  async function patience(error: unknown): Promise<void> {
    if (!isAway(error) || clock() - renewedAt > patienceMs)
      controller.abort(new Lost('It could not be renewed', { cause: error }))
    else await sleep(againMs)
  }
  /** Somebody else wrote: our user, who wants it to end, or another replica, which has it now. */
  async function reread(): Promise<void> {
    const found = await store.get(current.record.id)
    if (!found || found.record.holder !== holder) controller.abort(new Lost('Another replica has it'))
    else if (found.record.isCancelled && !isCommitted && !controller.signal.aborted) controller.abort(new Cancelled('Cancelled'))
    if (found?.record.holder === holder) current = found
  }
  const inTurn = turns()
  return {
    get record() {
      return current.record
    },
    signal: controller.signal,
    write: (change) => inTurn(() => put(change)),
    renew: (progress) =>
      inTurn(() => put(progress)).catch(() => {
        // Whoever works on it hears of it by the signal.
      }),
    commit: () => {
      isCommitted = true
    },
    cancel: (reason) => isCommitted || controller.abort(new Cancelled(reason)),
    close: (end) => inTurn(() => put(end, true)),
    async release() {
      controller.abort(new Lost('This replica goes'))
      await inTurn(async () => {
        await store.replace({ ...current, record: { ...current.record, holder: '' } })
      }).catch(() => undefined)
    },
  }
}

function changed<R extends AnyJob>(record: R, change: Partial<R>, now: number): R {
  const isEnd = change.phase !== undefined && isOver(change.phase)
  return {
    ...{ ...record, ...change, heldUntil: new Date(now + leaseMs).toISOString() },
    ...(isEnd && { endedAt: new Date(now).toISOString() }),
  }
}

/** One after the other, whatever became of the one before. */
function turns(): (act: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const turn = last.then(act, act)
    last = turn.catch(() => undefined)
    return turn
  }
}
