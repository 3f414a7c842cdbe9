import type { Pair } from './figure.ts'

/** The value below which this share of the samples lies (nearest rank). */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('Nothing was measured.')
  return value
}

/** The middle one of the samples. */
export function median(samples: number[]): number {
  return percentile(samples, 0.5)
}

/** What some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Something to be measured; what must be put in order after it is not part of the measure. */
export interface Side {
  measure: () => Promise<number>
  after?: () => Promise<unknown>
}

/** Measures A B A B …: the first pairs warm both sides up and do not count. */
export async function interleaved(rounds: number, sides: { ours: Side; peer: Side }, warmUps = 1): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = -warmUps; round < rounds; round++) {
    const ours = await once(sides.ours)
    const peer = await once(sides.peer)
    if (round >= 0) pairs.push({ ours, peer })
  }
  return pairs
}

async function once({ measure, after }: Side): Promise<number> {
  const value = await measure()
  await after?.()
  return value
}

/** Measures A B C A B C …: what each round gave. */
export async function inTurn<Name extends string>(
  rounds: number,
  sides: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>[]> {
  const taken: Record<string, number>[] = []
  for (let round = 0; round < rounds; round++) {
    const one: Record<string, number> = {}
    for (const [name, measure] of Object.entries<() => Promise<number>>(sides)) one[name] = await measure()
    taken.push(one)
  }
  return taken as Record<Name, number>[]
}
