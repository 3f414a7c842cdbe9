import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, limitFigure } from './figure.ts'
import type { Ground } from './ground.ts'
import { people } from './people.ts'
import { interleaved, timed } from './statistics.ts'

const rounds = 5
const idleMs = 10_000
const users = 200

/** How long the backend takes from its start until it is ready, and what it holds in memory when nobody asks for anything. */
export async function startFigures(ground: Ground): Promise<Figure[]> {
  const few = [await startFigure(ground, 'start/ready'), await idleFigure(ground, 'start/idle-rss')]
  await people(ground, users)
  return [
    ...few,
    await startFigure(ground, `start/ready-${users}-users`),
    await idleFigure(ground, `start/idle-rss-${users}-users`),
  ]
}

async function startFigure(ground: Ground, name: string): Promise<Figure> {
  const ours = async () => {
    const backend = await ground.start()
    const { status } = await fetch(`${backend.url}/health/ready`)
    if (status !== 200) throw new Error(`It said that it was ready, but /health/ready answers ${status}.`)
    await backend.stop()
    return backend.readyAfterMs
  }
  const peer = () => timed(() => once(spawn(process.execPath, ['-e', '0']), 'exit'))
  const pairs = await interleaved(rounds, { ours: { measure: ours }, peer: { measure: peer } })
  return limitFigure({ name, unit: 'ms', pairs, goal: { atMost: 1000 } })
}

async function idleFigure(ground: Ground, name: string): Promise<Figure> {
  const backend = await ground.start()
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await sleep(idleMs)
  const pairs = [{ ours: await residentMebibytes(backend.pid), peer: await residentMebibytes(bare.pid ?? 0) }]
  bare.kill()
  await backend.stop()
  return limitFigure({ name, unit: 'MiB', pairs, goal: { atMost: 120 } })
}

/** What a process holds in memory. */
export async function residentMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
