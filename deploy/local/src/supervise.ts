import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type InstanceState, writeState } from './instance.ts'
import type { ProcessId } from './processes.ts'
import { runsInside, startInside, stopInside } from './sandbox.ts'

/** Where parts run and what is known of them. */
export interface Stage {
  folder: string
  init: ProcessId
  state: InstanceState
}

/** Starts those parts that do not run, and starts again those whose arguments or files have changed. */
export async function startParts(stage: Stage, parts: Record<string, string[]>): Promise<void> {
  const { folder, init, state } = stage
  await mkdir(join(folder, 'logs'), { recursive: true })
  state.parts = Object.fromEntries(Object.entries(state.parts).filter(([, { process }]) => runsInside(init, process)))
  const stale = Object.entries(parts).filter(([name, args]) => state.parts[name]?.fingerprint !== fingerprintOf(folder, args))
  if (stale.length === 0) return
  await writeState(folder, { ...state, settled: false })
  await Promise.all(stale.map(([name, args]) => startPart(stage, name, args)))
  await writeState(folder, state)
}

async function startPart({ folder, init, state }: Stage, name: string, args: string[]): Promise<void> {
  const old = state.parts[name]
  if (old) await stopInside(init, old.process)
  state.parts[name] = {
    process: await startInside(init, { args, log: logOf(folder, name) }),
    fingerprint: fingerprintOf(folder, args),
  }
}

/** Throws with the end of its log when a part has ended by itself. */
export function throwIfPartEnded({ folder, init, state }: Stage): void {
  for (const [name, part] of Object.entries(state.parts)) {
    if (runsInside(init, part.process)) continue
    throw new Error(`${name} ended by itself; its last words:\n${readFileSync(logOf(folder, name), 'utf8').slice(-2000)}`)
  }
}

function logOf(folder: string, name: string): string {
  return join(folder, 'logs', `${name}.log`)
}

/** What a part is told, and what stands in the files of the instance that its arguments name. */
function fingerprintOf(folder: string, args: string[]): string {
  const hash = createHash('sha256')
  for (const arg of args) {
    hash.update(`${arg}\0`)
    const path = arg.slice(arg.indexOf('=') + 1)
    if (path.startsWith(folder) && existsSync(path) && statSync(path).isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 16)
}
