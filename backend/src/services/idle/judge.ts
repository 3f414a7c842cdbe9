import { randomUUID } from 'node:crypto'
import { type AuditEntry, ownerOf, Problem } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Cache } from '../../kubernetes/cache.ts'
import type { Kubernetes } from '../../kubernetes/client.ts'
import { isConflict, isGone } from '../../kubernetes/errors.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { createTurns } from '../../kubernetes/turns.ts'
import type { Listed, Templates } from '../../templates/templates.ts'
import type { Users } from '../../users/users.ts'
import { type Idle, isThere, readableRecord, type ServiceRecord } from '../record.ts'
import { type Live, type LiveCaches, liveOf } from '../status/live.ts'
import { statusOf } from '../status/status.ts'
import { patchRecord } from '../updating.ts'
import { isUnwatched, judge, type Standing, type Verdict } from './judgement.ts'
import type { Looked, Looks } from './look.ts'
import type { IdlePolicy } from './policy.ts'
import { createMeasured, type PodUsage } from './usage.ts'
import type { Uses } from './uses.ts'
import { whyStopped } from './words.ts'

export interface JudgePorts {
  policy: IdlePolicy
  kubernetes: Kubernetes
  caches: LiveCaches & { records: Cache }
  users: Pick<Users, 'known'>
  templates: Pick<Templates, 'one'>
  uses: Uses
  looks: Looks
  /** Whether this replica is the one that looks after what is everybody's. */
  isHeld: () => boolean
  /** Of the audit log. */
  record: (entry: AuditEntry) => void
  log: Pick<Logger, 'info' | 'warn'>
  clock?: () => number
}

/** Warns and stops services that nobody uses. */
export interface Judge {
  /** Judges all services; resolves when all of them are judged, those that are being judged already left out. */
  round(): Promise<void>
  /** Takes back the warnings of those that were used since. */
  unwarn(): Promise<void>
}

/** So many users' services are looked into beside each other, and of each user one after the other: nobody's can hold up all. */
const atATime = 8

/** A service with what is known of it. */
interface Case {
  stored: KubeObject
  record: ServiceRecord
  owner: string
  live: Live
  usage: () => Promise<PodUsage | undefined>
}

/** Makes the one that judges. */
export function createJudge(ports: JudgePorts): Judge {
  const { policy, kubernetes, caches, users, uses, looks, isHeld, log, clock = Date.now } = ports
  const { judgeAll, isBusy } = inTurns(judgeNamespace)
  const measured = createMeasured(log)

  async function judgeNamespace(namespace: string): Promise<void> {
    const live = liveOf(caches, namespace)
    const usage = once(() => measured(kubernetes.as({ namespace }), namespace))
    for (const stored of caches.records.list(namespace)) {
      const record = readableRecord(stored)
      const owner = ownerOf(namespace)
      if (!record || owner === undefined || !isHeld()) continue
      await judgeOne({ stored, record, owner, live: live(record.name), usage }).catch((error: unknown) => {
        if (!isConflict(error) && !isGone(error)) log.warn({ err: error, service: `${namespace}/${record.name}` }, 'not judged')
      })
    }
  }
  async function judgeOne(one: Case): Promise<void> {
    const { record, live } = one
    const { state } = statusOf(record, live)
    if (!isJudged(one) || state === 'Stopped' || users.known(one.owner)?.active !== true) return
    // What has not begun yet is not to be found idle when it does.
    if (state !== 'Failed' && !live.pods.some(isRunning)) return uses.note(record.uid)
    const standing = standingOf(ports, one)
    const first = judge(standing, policy)
    if (first.act !== 'look') return carryOut(ports, one, { verdict: first, missed: [] })
    const { activeAt = 0, look, missed, isExempt } = await lookInto(one)
    if (activeAt > 0) uses.note(record.uid, activeAt)
    const usedAt = Math.max(standing.usedAt, activeAt)
    await carryOut(ports, one, { verdict: judge({ ...standing, isExempt, usedAt, look }, policy), missed })
  }
  async function lookInto({ record, owner, live, usage }: Case): Promise<Looked & { isExempt: boolean }> {
    const { uid, namespace, path } = record
    const template = await templateOf(ports, owner, record.template)
    // A user cannot exempt a service by a template of their own.
    if (template?.origin !== 'own' && template?.description.idle === 'never') return { ...unseen, isExempt: true }
    const activity = template?.description.activity
    const subject = { uid, namespace, pods: live.pods, isExposed: path !== undefined, activity, usage }
    return { ...(await looks.into(subject)), isExempt: false }
  }
  return {
    async round() {
      const uids = new Set(caches.records.list().flatMap((record) => readableRecord(record)?.uid ?? []))
      uses.beginRound(isUnwatched(uses.lastRound(), clock(), policy))
      looks.keep(uids)
      const namespaces = new Set(caches.records.list().map(({ metadata }) => metadata.namespace ?? ''))
      await judgeAll([...namespaces].filter((namespace) => !isBusy(namespace)))
      await uses.flush()
      await uses.sweep()
    },
    unwarn: () => unwarnUsed(ports),
  }
}

/** What has no pods holds nothing that could be given back; an update that is under way has just been asked for. */
function isJudged({ record, live }: Case): boolean {
  const stands = isThere(record) && !record.isStopped && record.phase === 'Applied'
  return stands && record.updatingSince === undefined && live.pods.length > 0
}

function standingOf({ policy, uses, clock = Date.now }: JudgePorts, { record, owner }: Case): Standing {
  const times = [record.createdAt, record.restartedAt, record.usedAt].map((at) => Date.parse(at ?? '') || 0)
  const { idle } = record
  const now = clock()
  return {
    now,
    // Whoever could write a time in the future would never be idle.
    usedAt: Math.min(now, Math.max(uses.usedAt(record.uid), ...times)),
    warned: idle && { since: Date.parse(idle.since), stopsAt: Date.parse(idle.stopsAt) },
    isExempt: policy.exemptUsers.includes(owner) || policy.exemptTemplates.includes(record.template),
    look: undefined,
  }
}

async function carryOut(
  { kubernetes, log, clock = Date.now, record: tell }: JudgePorts,
  { stored, record, owner }: Case,
  { verdict, missed }: { verdict: Verdict; missed: string[] },
): Promise<void> {
  const spec = specOf(record, verdict, { now: clock(), missed })
  if (!spec) return
  // Only as it was judged: whoever keeps, stops or deletes it at this moment comes first.
  await patchRecord(kubernetes, stored, { spec })
  log.info({ service: `${record.namespace}/${record.name}`, ...verdict }, 'judged')
  if (spec.idle?.stoppedAt !== undefined) tell(auditEntry({ owner, name: record.name, idle: spec.idle }))
}

/** Takes back the warnings of services that were used since, without a look at anything. */
async function unwarnUsed({ kubernetes, caches, uses }: JudgePorts): Promise<void> {
  for (const stored of caches.records.list()) {
    const record = readableRecord(stored)
    const isWarned = record?.idle && !record.isStopped && isThere(record)
    if (!isWarned || uses.usedAt(record.uid) <= Date.parse(record.idle?.since ?? '')) continue
    await patchRecord(kubernetes, stored, { spec: { idle: null } }).catch((error: unknown) => {
      if (!isConflict(error) && !isGone(error)) throw error
    })
  }
}

const unseen: Looked = { activeAt: undefined, look: 'unknown', missed: [] }

function isRunning({ containers }: Live['pods'][number]): boolean {
  return containers.some(({ state, isInit }) => state.running !== undefined && !isInit)
}

/** The template that a service was launched from, as it is now; undefined where it is gone. */
function templateOf({ templates }: JudgePorts, owner: string, id: string): Promise<Listed | undefined> {
  return templates.one(owner, id).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    return undefined
  })
}

/** What a verdict changes of a record; undefined where nothing. */
function specOf(
  { idle }: ServiceRecord,
  verdict: Verdict,
  { now, missed }: { now: number; missed: string[] },
): { stopped?: true; idle: Idle | null } | undefined {
  const time = (ms: number) => new Date(ms).toISOString()
  if (verdict.act === 'warn') return { idle: { since: time(verdict.since), stopsAt: time(verdict.stopsAt), missed } }
  if (verdict.act === 'unwarn') return { idle: null }
  return verdict.act === 'stop' && idle ? { stopped: true, idle: { ...idle, missed, stoppedAt: time(now) } } : undefined
}

/** Done by the platform, and by nobody's rights. */
function auditEntry({ owner, name, idle }: { owner: string; name: string; idle: Idle }): AuditEntry {
  return {
    ...{ at: new Date().toISOString(), id: randomUUID(), user: owner, via: 'platform', address: '', status: 200 },
    ...{ operation: 'Idle policy: stop', target: `${name}: ${whyStopped(idle)}` },
  }
}

/** Asks but once. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}

/** Works on some keys, on no more than so many beside each other, and on each by one at a time. */
function inTurns(work: (key: string) => Promise<void>) {
  const ends = new Map<string, () => void>()
  const turns = createTurns(atATime, async (key) => {
    await work(key).finally(() => {
      ends.get(key)?.()
      ends.delete(key)
    })
  })
  return {
    isBusy: (key: string) => ends.has(key),
    async judgeAll(keys: string[]): Promise<void> {
      const done = keys.map((key) => new Promise<void>((resolve) => ends.set(key, resolve)))
      for (const key of keys) turns.wait(key)
      await Promise.all(done)
    },
  }
}
