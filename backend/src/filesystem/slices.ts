import { setImmediate as others } from 'node:timers/promises'

const sliceMs = 5
/** To look at the clock takes as long as many an act. */
const between = 16

/** Maps items one after the other, and lets other requests have their turn every few milliseconds. */
export async function inSlices<T, R>(items: readonly T[], act: (item: T) => R): Promise<R[]> {
  const results: R[] = []
  let begun = performance.now()
  for (const item of items) {
    results.push(act(item))
    if (results.length % between !== 0 || performance.now() - begun < sliceMs) continue
    await others()
    begun = performance.now()
  }
  return results
}

const runLength = 4096

/** Sorts distinct texts by their UTF-16 units, in slices: runs first, then pairs of runs merged until one is left. */
export async function sorted(texts: string[]): Promise<string[]> {
  const starts = Array.from({ length: Math.ceil(texts.length / runLength) }, (_, i) => i * runLength)
  let runs = await inSlices(starts, (start) => texts.slice(start, start + runLength).sort())
  while (runs.length > 1) {
    const pairs = runs.flatMap((run, i) => (i % 2 === 0 ? [[run, runs[i + 1] ?? []] as const] : []))
    runs = await inSlices(pairs, ([a, b]) => merged(a, b))
  }
  return runs[0] ?? []
}

function merged(a: readonly string[], b: readonly string[]): string[] {
  // A folder is read in the order of the bytes of its names, which mostly is this order.
  if ((a.at(-1) ?? '') < (b[0] ?? '\uffff')) return a.concat(b)
  const result: string[] = []
  let i = 0
  for (const text of b) {
    for (let next = a[i]; next !== undefined && next < text; next = a[i]) {
      result.push(next)
      i++
    }
    result.push(text)
  }
  return i < a.length ? result.concat(a.slice(i)) : result
}

/** How many of the sorted texts are not after this one. */
export function countUpTo(texts: readonly string[], text: string): number {
  let [low, high] = [0, texts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((texts[middle] ?? '') <= text) low = middle + 1
    else high = middle
  }
  return low
}
