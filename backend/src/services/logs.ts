import { Readable } from 'node:stream'
import { invalid, type LogEvent, type LogsPart, type LogsQuery, namespaceOf, notFound, Problem } from '@karvdash/common'
import { createCounts } from '../counts.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { LogItem } from './container-log.ts'
import { type Container, containersOf } from './containers.ts'
import { followAll, mostContainers, type Reading, readAll } from './follow-logs.ts'
import { asText, createEvents } from './log-stream.ts'
import { readableRecord } from './record.ts'
import type { ServiceCaches, Services } from './services.ts'

/** What the programs of services print. */
export interface Logs {
  /** Lines, and which containers come and go. @throws Problem 400, 404, 409, 429. */
  events(user: string, asked: Asked & { query: LogsQuery; lastEventId: string | undefined }): Promise<AsyncGenerator<LogEvent>>
  /** Lines up to now, as a text. @throws Problem 404, 409, 429. */
  download(user: string, asked: Asked & { query: LogsPart }): Promise<Readable>
}

interface Asked {
  service: string
  /** Ends the reading. */
  signal: AbortSignal
}

export interface LogsPorts {
  kubernetes: Kubernetes
  caches: Pick<ServiceCaches, 'records' | 'pods'>
  services: Pick<Services, 'get' | 'entryOf'>
  /** Counts a service as in use until the function that this gives is called. */
  hold: (uid: string) => () => void
}

const mostStreams = 16
/** Who comes back is told so much again: some of it may have come late. */
const overlapMs = 2_000
const Time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/

/** Reads logs as the user: of pods that carry the service's label, in the user's own namespace. */
export function createLogs({ kubernetes, caches, services, hold }: LogsPorts): Logs {
  const counts = createCounts({ most: mostStreams, detail: `You read ${mostStreams} logs at once. Close some of them first.` })
  async function open(user: string, { service, signal, query }: Asked & { query: LogsPart }): Promise<Reading> {
    await services.get(user, service)
    const namespace = namespaceOf(user)
    const chosen = () => containersOf(caches.pods, namespace, service).filter((one) => isAsked(one, query))
    insistOnSome(chosen(), query)
    const leave = counts.enter(user)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    return { ports: { kubernetes: kubernetes.as({ namespace }), namespace, signal }, chosen }
  }
  return {
    async events(user, { query, lastEventId, ...asked }) {
      const from = lastEventId === undefined ? undefined : resumedFrom(lastEventId)
      const reading = await open(user, { ...asked, query })
      const wanted = from === undefined ? query : { from, previous: query.previous }
      if (!query.follow) return eventsOf(readAll(reading, { ...wanted, follow: false }), lastEventId)
      const isThere = sameRecord(caches.records, { name: asked.service, namespace: namespaceOf(user) })
      const uid = services.entryOf({ user, service: asked.service })?.uid
      if (uid !== undefined && !asked.signal.aborted) asked.signal.addEventListener('abort', hold(uid), { once: true })
      const following = { ...reading, wanted, caches: [caches.records, caches.pods], isThere }
      return eventsOf(followAll(following), lastEventId)
    },
    async download(user, asked) {
      const items = readAll(await open(user, asked), asked.query)
      return Readable.from(textOf(items), { objectMode: false, highWaterMark: 65_536 })
    },
  }
}

/** Whether a record is still the one it was; one that is not known yet is waited for. */
function sameRecord(
  records: LogsPorts['caches']['records'],
  { name, namespace }: { name: string; namespace: string },
): () => boolean {
  let uid: string | undefined
  return () => {
    const stored = records.get(name, namespace)
    const now = stored && readableRecord(stored)?.uid
    uid ??= now
    return now === uid
  }
}

function isAsked({ pod, container, hasPrevious }: Container, query: LogsPart): boolean {
  const isNamed = (query.pod ?? pod) === pod && (query.container ?? container) === container
  return isNamed && (hasPrevious || !query.previous)
}

function insistOnSome(containers: Container[], { pod, container, previous }: LogsPart): void {
  if (containers.length > mostContainers) {
    throw new Problem(409, 'Too many containers', {
      detail: `This service has ${containers.length} containers, and ${mostContainers} can be read at once. Choose one by "pod" and "container".`,
    })
  }
  if (containers.length > 0) return
  if (previous)
    throw new Problem(404, 'Not found', { detail: 'None of its containers was started again, so there is no earlier log.' })
  const names = [pod !== undefined && `pod ${pod}`, container !== undefined && `container ${container}`].filter(Boolean)
  if (names.length > 0) throw notFound('such part of this service:', names.join(', '))
}

/** @throws Problem 400 for what is no id of ours. */
function resumedFrom(id: string): string {
  const at = Time.test(id) ? Date.parse(`${id.slice(0, 23)}Z`) : Number.NaN
  if (Number.isNaN(at)) throw invalid([{ pointer: '/header/Last-Event-ID', detail: 'Send the id of an event of this stream.' }])
  return `${new Date(at - overlapMs).toISOString().slice(0, -1)}${id.slice(23)}`
}

async function* eventsOf(items: AsyncIterable<LogItem[]>, from: string | undefined): AsyncGenerator<LogEvent> {
  const events = createEvents(from)
  for await (const batch of items) yield* events(batch)
}

async function* textOf(items: AsyncIterable<LogItem[]>): AsyncGenerator<Buffer> {
  for await (const batch of items) yield asText(batch)
}
