import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as othersTurn, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Problem } from '@karvdash/common'
import type { Ground } from './root-ground.ts'
import { destroyers, outsiders, verbs } from './root-race-verbs.ts'

/** What came of a race. */
export interface RaceOutcome {
  /** How often each verb came to its end, and how often it was refused. */
  done: Record<string, number>
  refused: Record<string, number>
  /** Whatever was told of the outside, or was no Problem. */
  faults: string[]
}

const neighbourMs = 5
const destroyersRestMs = 50

/** For tests: all verbs work in a root while another process swaps folders, files, FIFOs and links to outside for one another. */
export async function race({ root, inside, outside }: Ground, forMs: number): Promise<RaceOutcome> {
  const outcome: RaceOutcome = { done: {}, refused: {}, faults: [] }
  const swapper = spawn(process.execPath, [
    fileURLToPath(new URL('root-race-swapper.ts', import.meta.url)),
    inside,
    String(forMs),
  ])
  const ended = once(swapper, 'exit')
  const end = performance.now() + forMs
  // So that there is something to hear for who listens there.
  const neighbour = setInterval(() => utimesSync(join(outside, 'only outside'), new Date(), new Date()), neighbourMs)
  const workers = Object.entries(verbs(root)).map(async ([name, verb]) => {
    while (performance.now() < end) {
      await attempt(name, verb, outcome)
      await (destroyers.has(name) ? sleep(destroyersRestMs) : othersTurn())
    }
  })
  await Promise.all([...workers, ended])
  clearInterval(neighbour)
  return outcome
}

async function attempt(name: string, verb: () => Promise<unknown>, { done, refused, faults }: RaceOutcome): Promise<void> {
  try {
    const told = JSON.stringify((await verb()) ?? null)
    done[name] = (done[name] ?? 0) + 1
    if (outsiders.some((sign) => told.includes(sign))) faults.push(`${name} told ${told}`)
  } catch (error) {
    refused[name] = (refused[name] ?? 0) + 1
    if (!isExpected(error)) faults.push(`${name}: ${error}`)
  }
}

/** Refusals, and a file that changed under a reader. */
function isExpected(error: unknown): boolean {
  return error instanceof Problem
    ? error.status < 500
    : error instanceof Error && error.message === 'The file changed while it was read'
}
