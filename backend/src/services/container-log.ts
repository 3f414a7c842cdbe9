import { backoffMs, type LogsPart, pause } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { KubeError } from '../kubernetes/errors.ts'
import { pathTo, resources } from '../kubernetes/resources.ts'
import type { Container } from './containers.ts'
import { createLineReader, type TimedLine } from './log-lines.ts'

interface Line extends TimedLine {
  type: 'line'
  pod: string
  container: string
}

/** What becomes of a container's log. */
export interface LogNote {
  type: 'began' | 'ended' | 'left-out'
  pod: string
  container: string
  run: string
  /** Where in the order it belongs. */
  at: string
}

/** Something of one container's log. */
export type LogItem = Line | LogNote

/** Which lines of one container. */
export interface Wanted extends Partial<Pick<LogsPart, 'previous' | 'sinceSeconds' | 'tailLines'>> {
  /** Lines of that time and later; RFC 3339 in UTC. */
  from?: string | undefined
  follow?: boolean
}

export interface LogPorts {
  /** As the user whose namespace it is. */
  kubernetes: Kubernetes
  namespace: string
  signal: AbortSignal
}

/** The log of a container as it is; nothing where there is none. @throws KubeError, ConnectionError. */
export async function* containerLog(
  { kubernetes, namespace, signal }: LogPorts,
  { pod, container }: Pick<Container, 'pod' | 'container'>,
  wanted: Wanted,
): AsyncGenerator<Line[]> {
  const path = pathTo(resources.pods, { namespace, name: pod, subresource: 'log' })
  const stream = await kubernetes.readStream(path, queryOf(container, wanted), signal).catch(onlyNoLog)
  if (!stream) return
  const reader = createLineReader()
  const items = (lines: ReturnType<typeof reader.read>) =>
    lines
      .filter(({ at }) => wanted.from === undefined || at >= wanted.from)
      .map((line): Line => ({ type: 'line', pod, container, ...line }))
  for await (const chunk of stream) yield items(reader.read(chunk))
  yield items(reader.rest())
}

function queryOf(
  container: string,
  { previous, sinceSeconds, tailLines, from, follow }: Wanted,
): Record<string, string | undefined> {
  return {
    container,
    timestamps: 'true',
    ...(previous && { previous: 'true' }),
    ...(follow && { follow: 'true' }),
    // The kubelet knows whole seconds alone: what is earlier in that second is left out here.
    ...(from === undefined ? { sinceSeconds: sinceSeconds?.toString() } : { sinceTime: `${from.slice(0, 19)}Z` }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
  }
}

/** 400: the container did not begin yet, or never ended before; 404: the pod is gone. */
function onlyNoLog(error: unknown): undefined {
  if (!(error instanceof KubeError && (error.status === 400 || error.status === 404))) throw error
}

export interface FollowPorts extends LogPorts {
  /** Whether this very run of the container goes on, as far as we know. */
  isRunning: () => boolean
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** The log of one run of a container until it has ended, also where the connection breaks meanwhile: no line twice, none left out. */
export async function* followContainer(
  ports: FollowPorts,
  container: Container,
  { from, ...first }: Wanted,
): AsyncGenerator<LogItem[]> {
  const { signal, isRunning, wait = pause } = ports
  yield [noteOf('began', container)]
  const seam = createSeam()
  for (let failures = 0; !signal.aborted; failures++) {
    // It is asked before: what was printed until it ended is in what is read then.
    const goesOn = isRunning()
    const last = seam.reopen()
    const wanted = last === '' ? { ...first, from } : { from: last }
    try {
      for await (const items of containerLog(ports, container, { ...wanted, follow: true })) {
        failures = 0
        yield items.filter(seam.isFresh)
      }
      if (!goesOn) break
    } catch (error) {
      if (isForbidden(error)) break
    }
    await wait(backoffMs(failures), signal)
  }
  yield [noteOf('ended', container, seam.reopen())]
}

/** A note of a run of a container. */
export function noteOf(type: LogNote['type'], { pod, container, id = '' }: Container, at = ''): LogNote {
  return { type, pod, container, run: id.slice(-12), at }
}

/** A right that is gone does not come back while one waits. */
function isForbidden(error: unknown): boolean {
  return error instanceof KubeError && error.status === 403
}

/** Tells what came already of a log that is read again from the time of its last line on; many lines may have one time. */
function createSeam() {
  let last = ''
  let toldOfLast = 0
  let from = ''
  let again = 0
  return {
    /** Gives the time from which on to read; empty where nothing was read. */
    reopen() {
      from = last
      again = toldOfLast
      return last
    },
    isFresh({ at }: { at: string }): boolean {
      if (at < from || (at === from && again-- > 0)) return false
      toldOfLast = at === last ? toldOfLast + 1 : 1
      if (at > last) last = at
      return true
    },
  }
}
