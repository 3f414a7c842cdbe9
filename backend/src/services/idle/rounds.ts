import type { Logger } from 'pino'
import type { Cache } from '../../kubernetes/cache.ts'
import { readableRecord } from '../record.ts'
import type { Judge } from './judge.ts'
import { type IdlePolicy, judgeEveryMs, noteEveryMs } from './policy.ts'
import { isUses, type Uses } from './uses.ts'

export interface RoundsPorts {
  policy: IdlePolicy
  judge: Judge
  uses: Uses
  records: Cache
  /** Tells when another replica noted something. */
  secrets: Pick<Cache, 'onChange'>
  isHeld: () => boolean
  log: Pick<Logger, 'warn'>
}

/** The least time between two rounds for those that are to be stopped. */
const leastMs = 1_000
/** So long after the use of a service that is about to be stopped the others are told. */
const tellWarnedMs = 200

/** Has services judged as time goes, by the replica that holds the lease, and what each replica saw told. Gives what a gate is to call, and the end. */
export function startRounds({ policy, judge, uses, records, secrets, isHeld, log }: RoundsPorts) {
  const failed = (what: string) => (error: unknown) => log.warn({ err: error }, what)
  const flush = () => uses.flush().catch(failed('what was used is not told, will try again'))
  let [timer, telling]: (NodeJS.Timeout | undefined)[] = []

  function round(): void {
    // Whoever takes long is left out of the next one, and holds up nobody else.
    if (isHeld()) void judge.round().catch(failed('services were not judged'))
    timer = setTimeout(round, untilNextMs()).unref()
  }
  /** Those that are warned are stopped when they were told. */
  function untilNextMs(): number {
    const ends = records.list().flatMap((record) => {
      const { idle, isStopped: isOver } = readableRecord(record) ?? {}
      return idle && !isOver ? Date.parse(idle.stopsAt) - Date.now() : []
    })
    const next = Math.min(...ends.filter((ms) => ms > 0), judgeEveryMs(policy))
    return Math.max(next, Math.min(leastMs, judgeEveryMs(policy)))
  }
  timer = setTimeout(round, judgeEveryMs(policy)).unref()
  const flushing = setInterval(() => void flush(), noteEveryMs(policy)).unref()
  const unfollow = secrets.onChange(({ object }) => {
    if (object && isUses(object) && isHeld()) void judge.unwarn().catch(failed('warnings were not taken back'))
  })
  return {
    /** Somebody was let in. */
    noteUse({ uid, isWarned }: { uid: string; isWarned: boolean }): void {
      uses.note(uid)
      if (!isWarned || telling) return
      telling = setTimeout(() => {
        telling = undefined
        void flush()
      }, tellWarnedMs).unref()
    },
    async stop(): Promise<void> {
      clearTimeout(timer)
      clearTimeout(telling)
      clearInterval(flushing)
      unfollow()
      await flush()
    },
  }
}
