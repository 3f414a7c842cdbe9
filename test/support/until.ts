import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until the answer is one: an expectation in `ask` that does not hold yet counts as none. Gives up after half a minute. */
export async function until<T>(ask: () => T | Promise<T>, ceilingMs = 30_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + ceilingMs
  for (;;) {
    let failure: unknown = new Error(`Nothing came of it in ${ceilingMs} ms: ${ask}`)
    try {
      const answer = await ask()
      if (answer) return answer
    } catch (error) {
      failure = error
    }
    if (performance.now() > deadline) throw failure
    await sleep(25)
  }
}
