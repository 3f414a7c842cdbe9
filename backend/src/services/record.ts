import { hostLabel, ownerOf, splitHostLabel, UserName } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'
import { rememberedPer } from '../memory.ts'

/** A service's record: the reservation of its name, and what was launched. */
export interface ServiceRecord {
  name: string
  namespace: string
  uid: string
  template: string
  createdAt: string
  /** `Recorded` until everything is applied; `Stopped` once what makes pods is gone. */
  phase: 'Recorded' | 'Applied' | 'Failed' | 'Stopped'
  /** Why it failed. */
  message: string
  isDeleting: boolean
  /** Whether its user wants it to be gone. */
  isRemoved: boolean
  /** Whether its user wants it to be stopped. */
  isStopped: boolean
  /** Counts the changes of what is to be applied, from 1; `applied` is the one that stands. */
  revision: number
  applied: number
  /** When all of it is to have begun anew, and when it last did. */
  restartedAt: string | undefined
  restarted: string | undefined
  /** When an update was recorded that has not become ready yet; undefined where none is under way. */
  updatingSince: string | undefined
  /** Why the last update was taken back. */
  takenBack: string | undefined
  /** Of which kinds its objects are: `apps/v1 Deployment`; none where it is not known. */
  kinds: string[]
  /** By what a client knows its launch again. */
  launchId: string | undefined
  /** Where people land at the service's host; undefined where it has none. */
  path: string | undefined
  /** Users who may enter it besides its owner. */
  sharedWith: string[]
  /** When somebody last did something with it here: resumed, updated, or kept it. */
  usedAt: string | undefined
  /** Where nobody used it for long: what its owner was told, and whether it was stopped for that. */
  idle: Idle | undefined
}

/** That nobody used a service; times as ISO 8601. */
export interface Idle {
  since: string
  stopsAt: string
  /** What there was not, in words. */
  missed: string[]
  /** When it was stopped for that; undefined while its owner is warned. */
  stoppedAt?: string | undefined
}

/** The most users one service is shared with. */
export const mostShares = 50
export const pathAnnotation = 'karvdash.io/path'

/** It is put behind an origin, so it must not be able to become part of the host. */
const Path = z
  .string()
  .max(400)
  .regex(/^\/(?![/\\])[^\s\\]*$/)
const Count = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const Instant = z.iso.datetime().optional().catch(undefined)
const Moment = z.iso.datetime()
const Idle = z.object({
  ...{ since: Moment, stopsAt: Moment, stoppedAt: Moment.optional() },
  missed: z.array(z.string().max(200)).max(10).catch([]).default([]),
})
const Previous = z.looseObject({ since: z.iso.datetime() })

const Stored = z.object({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    annotations: z.looseObject({ [pathAnnotation]: Path.optional().catch(undefined) }).default({}),
  }),
  spec: z.looseObject({
    template: z.looseObject({ id: z.string() }),
    sharedWith: z.array(UserName).max(mostShares).catch([]).default([]),
    stopped: z.boolean().catch(false).default(false),
    removed: z.boolean().catch(false).default(false),
    revision: Count.catch(1).default(1),
    restartedAt: Instant,
    usedAt: Instant,
    idle: Idle.optional().catch(undefined),
    previous: Previous.optional().catch(undefined),
    takenBack: z.string().max(500).optional().catch(undefined),
    kinds: z.array(z.string().max(300)).max(200).catch([]).default([]),
    launchId: z.string().max(64).optional().catch(undefined),
  }),
  status: z
    .looseObject({
      phase: z.enum(['Recorded', 'Applied', 'Failed', 'Stopped']).catch('Recorded'),
      message: z.string().max(2000).default(''),
      revision: Count.optional().catch(undefined),
      restartedAt: Instant,
    })
    .default({ phase: 'Recorded', message: '' }),
})

/** Reads a `ServiceRecord`, which its tenant may have written. @throws ZodError where it is not one. */
export function readRecord(object: KubeObject): ServiceRecord {
  return toRecord(Stored.parse(object))
}

function toRecord({ metadata, spec, status }: z.infer<typeof Stored>): ServiceRecord {
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    template: spec.template.id,
    createdAt: metadata.creationTimestamp,
    phase: status.phase,
    message: status.message,
    isDeleting: metadata.deletionTimestamp !== undefined,
    isRemoved: spec.removed,
    isStopped: spec.stopped,
    revision: spec.revision,
    applied: status.revision ?? (status.phase === 'Recorded' ? 0 : 1),
    restartedAt: spec.restartedAt,
    restarted: status.restartedAt,
    updatingSince: spec.previous?.since,
    takenBack: spec.takenBack,
    kinds: spec.kinds,
    launchId: spec.launchId,
    path: metadata.annotations[pathAnnotation],
    sharedWith: spec.sharedWith,
    usedAt: spec.usedAt,
    idle: spec.idle,
  }
}

/** The record, where it is one and its name can be a service's: a tenant can store others, and nobody else sees them. */
export const readableRecord = rememberedPer((object: KubeObject): ServiceRecord | undefined => {
  const { name, namespace = '' } = object.metadata
  if (!splitHostLabel(hostLabel(name, ownerOf(namespace) ?? ''))) return undefined
  const read = Stored.safeParse(object)
  return read.success ? toRecord(read.data) : undefined
})

/** Whether there is something left to be done: applied, stopped, seen to become ready, or removed. */
export function isUnfinished(record: ServiceRecord): boolean {
  const { phase, isDeleting, isRemoved, isStopped } = record
  if (isDeleting || isRemoved) return !isDeleting
  if (isStopped) return phase !== 'Stopped'
  return isUnapplied(record) || record.updatingSince !== undefined
}

/** Whether what stands is not what is to be applied. */
export function isUnapplied({ phase, revision, applied, restartedAt, restarted }: ServiceRecord): boolean {
  return phase === 'Recorded' || phase === 'Stopped' || applied < revision || restartedAt !== restarted
}

/** Whether it is there to be used: not about to go. */
export function isThere({ isDeleting, isRemoved }: ServiceRecord): boolean {
  return !isDeleting && !isRemoved
}
