import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@karvdash/local/command'
import { type Figure, limitFigure, ratioFigure } from './figure.ts'
import { caddyFiles, type FileServer, nginxFiles, rcloneFiles } from './file-servers.ts'
import { addressOf, curl, curlHeaders, fill, type Shelves } from './shelf.ts'
import { inTurn, timed } from './statistics.ts'

const rounds = { down: 3, up: 2 }
const mebibytes = 4 * 1024

/**
 * A large file out and in again. An upload is over when its bytes are on the disk, as our answer says they are: nginx and rclone answer when the
 * kernel has them, and what is left to do is counted to them.
 */
export async function transferFigures(shelves: Shelves): Promise<Figure[]> {
  const { folder, beside } = shelves.onDisk
  await fill(join(folder, 'large'), mebibytes)
  const place = (name: string) => ({ root: folder, state: join(beside, name) })
  const nginx = await nginxFiles(place('nginx'))
  const caddy = await caddyFiles(place('caddy'))
  const rclone = await rcloneFiles(place('rclone'))
  try {
    return [...(await downloads(shelves, { nginx, caddy, rclone })), ...(await uploads(shelves, { nginx, rclone }))]
  } finally {
    for (const server of [nginx, caddy, rclone]) await server.stop()
    await rm(join(folder, 'large'))
  }
}

async function downloads(shelves: Shelves, peers: Record<'nginx' | 'caddy' | 'rclone', FileServer>): Promise<Figure[]> {
  const from = (url: string, headers: string[] = []) => rate(() => curl([...headers, url]))
  const ours = withPeak(shelves.backend.pid, () => from(addressOf(shelves, shelves.onDisk, 'large'), curlHeaders(shelves)))
  const theirs = withPeak(peers.rclone.pid, () => from(`${peers.rclone.url}/large`))
  const rates = await inTurn(rounds.down, {
    ours: ours.measure,
    nginx: () => from(`${peers.nginx.url}/large`),
    caddy: () => from(`${peers.caddy.url}/large`),
    rclone: theirs.measure,
  })
  return [...figures('download', rates, { nginx: 0.6, caddy: 1, rclone: 1 }), peakFigure('download', ours.peaks, theirs.peaks)]
}

async function uploads(shelves: Shelves, peers: Record<'nginx' | 'rclone', FileServer>): Promise<Figure[]> {
  const { folder } = shelves.onDisk
  const target = join(folder, 'sent')
  const to = async (url: string, headers: string[] = []) => {
    const measured = await rate(async () => {
      await curl(['--upload-file', join(folder, 'large'), ...headers, url])
      await run('sync', [target])
    })
    await rm(target)
    await run('sync', ['--file-system', folder])
    return measured
  }
  const ours = withPeak(shelves.backend.pid, () => to(addressOf(shelves, shelves.onDisk, 'sent'), curlHeaders(shelves)))
  const theirs = withPeak(peers.rclone.pid, () => to(`${peers.rclone.url}/sent`))
  const rates = await inTurn(rounds.up, {
    ours: ours.measure,
    nginx: () => to(`${peers.nginx.url}/sent`),
    rclone: theirs.measure,
  })
  return [...figures('upload', rates, { nginx: 0.6, rclone: 1 }), peakFigure('upload', ours.peaks, theirs.peaks)]
}

function figures(what: string, rates: Record<string, number>[], goals: Record<string, number>): Figure[] {
  return Object.entries(goals).map(([peer, atLeast]) => {
    const pairs = rates.map((round) => ({ ours: round['ours'] ?? Number.NaN, peer: round[peer] ?? Number.NaN }))
    return ratioFigure({ name: `storage/${what}-to-${peer}`, unit: 'MiB/s', pairs, goal: { atLeast } })
  })
}

/** The most that it took, once it was warm or before. */
function peakFigure(what: string, ours: number[], peer: number[]): Figure {
  const pairs = [{ ours: Math.max(...ours), peer: Math.max(...peer) }]
  return limitFigure({ name: `storage/${what}-rss`, unit: 'MiB', pairs, goal: { atMost: 150 } })
}

async function rate(transfer: () => Promise<unknown>): Promise<number> {
  return (mebibytes * 1000) / (await timed(transfer))
}

/** Notes the most memory that a process had at a time during each measure. */
export function withPeak(pid: number, work: () => Promise<number>): { measure: () => Promise<number>; peaks: number[] } {
  const peaks: number[] = []
  const measure = async () => {
    // proc(5): "To reset the peak resident set size ("high water mark") to the process's current resident set size value".
    await writeFile(`/proc/${pid}/clear_refs`, '5')
    const measured = await work()
    peaks.push(await peakMebibytes(pid))
    return measured
  }
  return { measure, peaks }
}

async function peakMebibytes(pid: number): Promise<number> {
  return Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
