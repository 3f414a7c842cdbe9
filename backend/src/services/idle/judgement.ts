import type { IdlePolicy } from './policy.ts'

/** What is known of a service when it is judged; times in milliseconds since 1970. */
export interface Standing {
  now: number
  /** When it was last used, by whatever tells. */
  usedAt: number
  /** Where its owner was warned: since when nothing used it, and when it is to be stopped. */
  warned: { since: number; stopsAt: number } | undefined
  /** Whether it may be idle for as long as it likes. */
  isExempt: boolean
  /** What a look inside showed; undefined where nobody looked yet. */
  look: 'idle' | 'unknown' | undefined
}

/** What becomes of a service. */
export type Verdict =
  | { act: 'leave' }
  /** Nothing cheaper shows that it is used: look inside. */
  | { act: 'look' }
  | { act: 'warn'; since: number; stopsAt: number }
  /** It is used again, or may be idle now. */
  | { act: 'unwarn' }
  | { act: 'stop' }

/** Judges a service. What is not known never counts against it, and nobody is stopped who was not warned for as long as is promised. */
export function judge(
  { now, usedAt, warned, isExempt, look }: Standing,
  { afterMs, warningMs }: Pick<IdlePolicy, 'afterMs' | 'warningMs'>,
): Verdict {
  const idleMs = now - usedAt
  const isEarly = idleMs < afterMs - warningMs
  if (warned && (isExempt || usedAt > warned.since || isEarly)) return { act: 'unwarn' }
  if (isExempt || idleMs < lookAfterMs({ afterMs })) return { act: 'leave' }
  if (look === undefined) return { act: 'look' }
  if (look === 'unknown') return { act: 'leave' }
  if (warned) return { act: now >= warned.stopsAt ? 'stop' : 'leave' }
  return isEarly ? { act: 'leave' } : { act: 'warn', since: usedAt, stopsAt: Math.max(usedAt + afterMs, now + warningMs) }
}

/** What was used so recently is not looked into. */
export function lookAfterMs({ afterMs }: Pick<IdlePolicy, 'afterMs'>): number {
  return afterMs / 20
}

/** Nobody looked for so long, as while the platform was away: who knows what was used meanwhile. */
export function isUnwatched(lastRound: number | undefined, now: number, { afterMs }: Pick<IdlePolicy, 'afterMs'>): boolean {
  return lastRound === undefined || now - lastRound > afterMs / 4
}
