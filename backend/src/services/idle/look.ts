import { setTimeout as sleep } from 'node:timers/promises'
import type { TemplateActivity } from '@karvdash/common'
import type { Kubernetes } from '../../kubernetes/client.ts'
import type { ExecTarget } from '../../kubernetes/exec.ts'
import { isMissing } from '../shells.ts'
import type { LiveContainer, LivePod } from '../status/pod.ts'
import { isOver } from '../status/pod.ts'
import { type Connection, connectionsOf, plainAddress } from './connections.ts'
import type { IdlePolicy } from './policy.ts'
import { answerOf, isProbed } from './probe.ts'
import { runInside } from './run.ts'
import { type PodUsage, rateBetween, type Sample, sampleOf, usageFiles } from './usage.ts'

/** What a look into a service showed. */
export interface Looked {
  /** When it was active, where anything tells. */
  activeAt: number | undefined
  /** Whether nothing of it is active, or nobody can tell. */
  look: 'idle' | 'unknown'
  /** What there was not, in words: `no open connection`. */
  missed: string[]
}

/** A service to be looked into. */
export interface Subject {
  uid: string
  namespace: string
  pods: LivePod[]
  /** Whether the gate stands before it, and would have seen who comes by it. */
  isExposed: boolean
  activity: TemplateActivity | undefined
  /** What metrics.k8s.io says of its namespace, which need not be all; undefined where the cluster has no such API. */
  usage: () => Promise<PodUsage | undefined>
}

export interface LookPorts {
  kubernetes: Kubernetes
  policy: Pick<IdlePolicy, 'cpu'>
  clock?: () => number
  /** Waits so many milliseconds. */
  wait?: (ms: number) => Promise<unknown>
}

/** Looks into services, and remembers of each what it used. */
export interface Looks {
  into(subject: Subject): Promise<Looked>
  /** Forgets all services but these. */
  keep(uids: Set<string>): void
}

const limits = { mostBytes: 512 * 1024, mostMs: 10_000 }
/** A node asks a pod how it is by connections of its own, which are over by then. */
const probesTakeMs = 3_000
const mostContainers = 20
const inside = ['cat', '/proc/net/tcp', '/proc/net/tcp6', ...usageFiles]

interface Place {
  pod: LivePod
  container: LiveContainer
  isFirst: boolean
}

/** Looks by running a few programs in its containers, as its user: what they print is the tenant's to make up, and concerns nobody else. */
export function createLooks(ports: LookPorts): Looks {
  const { policy, clock = Date.now } = ports
  const samples = new Map<string, Map<string, Sample>>()

  async function workOf({ subject, places }: Places, now: Map<string, Sample>): Promise<Work> {
    const before = samples.get(subject.uid) ?? new Map()
    samples.set(subject.uid, now)
    return workBy({ measured: await subject.usage(), before, now }, places)
  }
  async function into(subject: Subject): Promise<Looked> {
    const places = placesOf(subject.pods)
    // What failed and does not run has nobody who could use it.
    if (places.length === 0) return { activeAt: undefined, look: 'idle', missed: ['none of its programs ran'] }
    const now = new Map<string, Sample>()
    const active: Looked = { activeAt: clock(), look: 'idle', missed: [] }
    const isOpen = await isConnected(ports, { subject, places }, now)
    if (isOpen) return active
    const { rate, isKnown, isAwaited } = await workOf({ subject, places }, now)
    if (rate >= policy.cpu.billionths) return active
    const probe = await probed(ports, { subject, places })
    const told = {
      request: subject.isExposed,
      connection: isOpen !== undefined,
      cpu: isKnown,
      own: probe !== undefined,
    }
    const isSeen = told.request || told.connection || told.own
    return {
      activeAt: typeof probe === 'number' ? probe : undefined,
      look: probe === 'unknown' || isAwaited || !isSeen ? 'unknown' : 'idle',
      missed: missedWords(told, policy.cpu.text),
    }
  }
  return {
    into,
    keep(uids) {
      for (const uid of samples.keys()) if (!uids.has(uid)) samples.delete(uid)
    },
  }
}

/** What was looked for, and not found. */
function missedWords(told: Record<'request' | 'connection' | 'cpu' | 'own', boolean>, cpu: string): string[] {
  const words = {
    request: 'no request',
    connection: 'no open connection',
    cpu: `less than ${cpu} of a processor`,
    own: 'nothing at work by its own account',
  }
  return (['request', 'connection', 'cpu', 'own'] as const).filter((sign) => told[sign]).map((sign) => words[sign])
}

/** What a service uses. */
interface Work {
  /** The most that any pod of it uses, in billionths of a processor: what does nothing uses little, however many there are of it. */
  rate: number
  /** Whether no pod uses more. */
  isKnown: boolean
  /** Whether another look can tell of one of which nothing is known. */
  isAwaited: boolean
}

interface Told {
  measured: PodUsage | undefined
  /** What its containers had used when somebody looked before, and now. */
  before: Map<string, Sample>
  now: Map<string, Sample>
}

/**
 * Of metrics.k8s.io and what the containers count, whichever is more: the one looks at the last seconds alone, and has nothing to say of a pod
 * that began just now or of a node that it cannot reach; the other is silent in an image that has no `cat`.
 */
function workBy({ measured, before, now }: Told, places: Place[]): Work {
  const pods = [...Map.groupBy(places, ({ pod }) => pod.metadata.name)].map(([pod, own]) => {
    const counts = new Map([...now].filter(([id]) => own.some(({ container }) => container.id === id)))
    const rates = [measured?.get(pod), rateBetween(before, counts)].filter((rate) => rate !== undefined)
    return { rates, isAwaited: rates.length === 0 && (measured !== undefined || counts.size > 0) }
  })
  const rates = pods.flatMap((pod) => pod.rates)
  const isAwaited = pods.some((pod) => pod.isAwaited)
  return { rate: Math.max(0, ...rates), isKnown: rates.length > 0 && !isAwaited, isAwaited }
}

interface Places {
  subject: Subject
  places: Place[]
}

/** Whether somebody is connected to it; undefined where none of its containers tells. What each of them used is noted. @throws where nobody could look. */
async function isConnected(
  ports: LookPorts,
  { subject, places }: Places,
  now: Map<string, Sample>,
): Promise<boolean | undefined> {
  let answer: boolean | undefined
  for (const place of places) {
    const { connections, sample } = await glance(ports, subject, place)
    if (sample) now.set(place.container.id, sample)
    if (connections && (await isUsed(ports, { subject, place, connections }))) return true
    if (connections) answer = false
  }
  return answer
}

/** Whether one of the connections is somebody's, and not the node's that asks how the pod is. */
async function isUsed(
  ports: LookPorts,
  { subject, place, connections }: { subject: Subject; place: Place; connections: Connection[] },
): Promise<boolean> {
  const host = plainAddress(place.pod.hostIp)
  if (connections.some(({ peer }) => peer !== host)) return true
  if (connections.length === 0) return false
  await (ports.wait ?? sleep)(probesTakeMs)
  const later = new Set((await glance(ports, subject, place)).connections?.map(({ id }) => id))
  return connections.some(({ id }) => later.has(id))
}

/** The connections of a pod, and what a container used; undefined each where the container does not tell. @throws where nobody could look. */
async function glance({ kubernetes, clock = Date.now }: LookPorts, subject: Subject, place: Place) {
  const ran = await runInside(kubernetes.as({ namespace: subject.namespace }), target(subject, place, inside), limits)
  const isTold = !ran.isCut && !ran.end.isBroken && (ran.end.code !== undefined || isMissing(ran.end))
  if (!isTold) throw new Error(`what ${place.pod.metadata.name} prints cannot be read: ${ran.end.message}`)
  const own = new Set(subject.pods.flatMap(({ ips }) => ips.map(plainAddress)))
  return { connections: connectionsOf(ran.text, (address) => own.has(address)), sample: sampleOf(ran.text, clock()) }
}

/** What its own probe says; undefined where it has none. @throws where nobody could ask. */
async function probed(
  { kubernetes, clock = Date.now }: LookPorts,
  { subject, places }: Places,
): Promise<number | 'idle' | 'unknown' | undefined> {
  const { activity } = subject
  const asked = places.filter(({ container: { name }, isFirst }) => activity && isProbed(activity, { name, isFirst }))
  if (!activity || asked.length === 0) return undefined
  let latest: number | undefined
  for (const place of asked) {
    const ran = await runInside(kubernetes.as({ namespace: subject.namespace }), target(subject, place, activity.command), limits)
    const answer = answerOf(ran, clock())
    if (answer === 'unknown') return 'unknown'
    if (answer !== 'idle') latest = Math.max(latest ?? 0, answer.activeAt)
  }
  return latest ?? 'idle'
}

function target({ namespace }: Subject, { pod, container }: Place, command: string[]): ExecTarget {
  return { namespace, pod: pod.metadata.name, container: container.name, command }
}

/** The containers that run, of each pod the one that serves before those beside it. */
function placesOf(pods: LivePod[]): Place[] {
  const running = pods
    .filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined)
    .flatMap((pod) => {
      const serving = pod.containers.filter(({ state, isInit }) => state.running !== undefined && !isInit)
      return serving.map((container, index): Place => ({ pod, container, isFirst: index === 0 }))
    })
  return running.slice(0, mostContainers)
}
