import { readFile } from 'node:fs/promises'
import { run } from '@karvdash/local/command'

/** What a server was put under, and how it bore it. */
export interface Load {
  /** Requests for each second of processor time that the server took. */
  perCpuSecond: number
  p50Ms: number
  p99Ms: number
}

const seconds = 2

/** Whom to ask, and over how many connections that are kept. */
export interface Asked {
  url: string
  pid: number
  headers?: Record<string, string>
  connections?: number
}

/** Asks a server on loopback for as long as it takes to measure. */
export async function load({ url, pid, headers = {}, connections = 4 }: Asked): Promise<Load> {
  const shown = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const before = await cpuSeconds(pid)
  const told = await run('wrk', ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', ...shown, url])
  const used = (await cpuSeconds(pid)) - before
  if (/Non-2xx|Socket errors/.test(told)) throw new Error(`Not every answer of ${url} was a good one:\n${told}`)
  return {
    perCpuSecond: Number(found(told, /(\d+) requests in/)[1]) / used,
    p50Ms: milliseconds(found(told, /50%\s+([\d.]+)(\w+)/)),
    p99Ms: milliseconds(found(told, /99%\s+([\d.]+)(\w+)/)),
  }
}

const units: Record<string, number> = { us: 0.001, ms: 1, s: 1000 }

function milliseconds([, value = '', unit = '']: string[]): number {
  return Number(value) * (units[unit] ?? Number.NaN)
}

function found(text: string, form: RegExp): string[] {
  const match = form.exec(text)
  if (!match) throw new Error(`wrk said something else than expected:\n${text}`)
  return match
}

/** Linux counts in hundredths of a second for whoever reads /proc (USER_HZ). */
const ticksPerSecond = 100

/** Processor time that a process has taken with all its threads (proc(5): utime and stime, fields 14 and 15). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
