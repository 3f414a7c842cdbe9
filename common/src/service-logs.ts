import type * as z from 'zod'
import { backoffMs, pause } from './backoff.ts'
import type { TransferClient } from './client.ts'
import { contract } from './contract.ts'
import { liveEvents } from './live-events.ts'
import type { LogEvent, LogLine, LogsPart } from './logs.ts'
import { Problem } from './problem.ts'

/** What becomes of the logs that are followed: lines, each once, and which containers come and go. */
export type LogNews = { type: 'lines'; lines: LogLine[] } | Exclude<LogEvent, { type: 'lines' }>

export interface LogFollow {
  service: string
  /** Which part of them; those of before too unless it tells since when. */
  part?: z.input<typeof LogsPart>
  tell: (news: LogNews) => void
  /** Told when all that is printed from now on will be told, and when that has ended, for a while or for good. */
  onLive?: (isLive: boolean) => void
  signal: AbortSignal
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Follows the logs of a service until the signal ends it: comes back, ever more patiently, where the connection is lost, and goes on where it was.
 * @example
 * void followLogs(client, { service: 'kafka', part: { tailLines: 100 }, signal, tell: show }).catch(showError)
 * @throws Problem whatever the server refused for and no waiting helps, such as 404 once the service is deleted.
 */
export async function followLogs(client: TransferClient, follow: LogFollow): Promise<void> {
  const { onLive, signal, wait = pause } = follow
  const seam = createSeam()
  let failures = 0
  let isLive = false
  const live = (now: boolean) => {
    if (now !== isLive) onLive?.(now)
    isLive = now
    if (now) failures = 0
  }
  for (; !signal.aborted; failures++) {
    await listen(client, follow, { seam, live }).catch((failure: unknown) => {
      if (!signal.aborted && isFinal(failure)) throw failure
    })
    await wait(backoffMs(failures), signal)
  }
}

interface Hearing {
  seam: ReturnType<typeof createSeam>
  live: (isLive: boolean) => void
}

async function listen(client: TransferClient, follow: LogFollow, { seam, live }: Hearing): Promise<void> {
  const { service, part, tell, signal } = follow
  const input = { params: { service }, query: { ...part, follow: true } }
  try {
    for await (const event of liveEvents(client, [contract.readLogs, input], { signal, lastEventId: seam.reopen() })) {
      live(true)
      for (const news of seam.hear(event)) tell(news)
    }
  } finally {
    live(false)
  }
}

function isFinal(failure: unknown): boolean {
  const status = failure instanceof Problem ? failure.status : 503
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

/** The server tells two seconds anew; clocks of nodes are a little apart. */
const overlapMs = 5_000
const mostRemembered = 50_000

/** Leaves out what came already when a stream goes on: the last moments of it are told anew. */
function createSeam() {
  let id: string | undefined
  /** How often a line came, by what it is. */
  const recent = new Map<string, { count: number; at: number }>()
  const notes = new Set<string>()
  let again = new Map<string, number>()

  function isFresh(line: LogLine): boolean {
    const key = keyOf(line)
    const left = again.get(key) ?? 0
    if (left > 0) {
      again.set(key, left - 1)
      return false
    }
    recent.set(key, { count: (recent.get(key)?.count ?? 0) + 1, at: Date.parse(line.at) })
    return true
  }
  function forget(): void {
    const oldest = Date.parse(id ?? '') - overlapMs
    for (const [key, { at }] of recent) {
      if (at >= oldest && recent.size <= mostRemembered) return
      recent.delete(key)
    }
  }
  function isNews({ type, pod, container, run }: Exclude<LogEvent, { type: 'lines' }>): boolean {
    const key = `${type} ${pod} ${container} ${run}`
    if (notes.has(key)) return false
    notes.add(key)
    const [first] = notes
    if (notes.size > mostRemembered && first !== undefined) notes.delete(first)
    return true
  }
  return {
    /** The id to go on from; undefined at first. */
    reopen(): string | undefined {
      again = new Map([...recent].map(([key, { count }]) => [key, count]))
      return id
    },
    /** What an event has to tell that was not told yet. */
    hear(event: LogEvent): LogNews[] {
      if (event.type !== 'lines') return isNews(event) ? [event] : []
      const lines = event.lines.filter(isFresh)
      id = event.id
      forget()
      return lines.length > 0 ? [{ type: 'lines', lines }] : []
    },
  }
}

function keyOf({ pod, container, at, text }: LogLine): string {
  return `${pod} ${container} ${at} ${text.length} ${text.slice(0, 60)}`
}
