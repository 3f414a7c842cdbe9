import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Problem } from '@karvdash/common'
import { itself } from './held.ts'
import { at, bytesOf, type Ground, secret, textOf } from './root-ground.ts'

/** What came of a race. */
export interface RaceOutcome {
  /** How often each verb came to its end, and how often it was refused. */
  done: Record<string, number>
  refused: Record<string, number>
  /** Whatever was told of the outside, or was no Problem. */
  faults: string[]
}

/** For tests: all verbs work in a root while another process swaps folders, files and links to outside for one another. */
export async function race({ root, inside }: Ground, forMs: number): Promise<RaceOutcome> {
  const outcome: RaceOutcome = { done: {}, refused: {}, faults: [] }
  const swapper = spawn(process.execPath, [
    fileURLToPath(new URL('root-race-swapper.ts', import.meta.url)),
    inside,
    String(forMs),
  ])
  const ended = once(swapper, 'exit')
  const end = performance.now() + forMs
  const workers = Object.entries(verbs(root)).map(async ([name, verb]) => {
    while (performance.now() < end) {
      await attempt(name, verb, outcome)
      await othersTurn()
    }
  })
  await Promise.all([...workers, ended])
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

/** What only the outside has. */
const outsiders = [secret, 'only outside', `"size":${secret.length}`]

function verbs(root: Ground['root']): Record<string, () => Promise<unknown>> {
  let turn = 0
  const fresh = () => `spot/new-${turn++}`
  return {
    'stat inner': () => root.stat(at('spot/secret')),
    list: () => root.list(at('spot'), { limit: 100 }),
    'list inner': () => root.list(at('spot/inner'), { limit: 100 }),
    hold: () => namesHeld(root),
    read: () => textOf(root, 'spot/secret'),
    'read file': () => textOf(root, 'file'),
    write: () => root.write(at('spot/secret'), bytesOf('evil')),
    'write file': () => root.write(at('file'), bytesOf('evil')),
    'write new': () => root.write(at(fresh()), bytesOf('evil'), { ifNoneMatch: '*' }),
    createFolder: () => root.createFolder(at(fresh())),
    'rename in': () => root.rename(at('file'), at('spot/secret'), { overwrite: true }),
    'rename out': () => root.rename(at('spot/secret'), at('aside/stolen'), { overwrite: true }),
    remove: () => root.remove(at('spot/secret')),
    'remove tree': () => root.remove(at('spot'), { recursive: true }),
    'remove deep': () => root.remove(at('aside'), { recursive: true }),
  }
}

/** What a folder has in it that is held, as it is for who watches it. */
async function namesHeld(root: Ground['root']): Promise<string[]> {
  using folder = await root.hold(at('spot'))
  return readdirSync(itself(folder))
}

/** Refusals, and a file that changed under a reader. */
function isExpected(error: unknown): boolean {
  return error instanceof Problem
    ? error.status < 500
    : error instanceof Error && error.message === 'The file changed while it was read'
}
