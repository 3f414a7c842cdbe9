import { gunzipSync, gzipSync } from 'node:zlib'
import { hostLabel, labels, ownerOf, Problem, splitHostLabel, UserName } from '@karvdash/common'
import * as z from 'zod'
import { anyObject, type KubeObject, type OwnerReference } from '../kubernetes/objects.ts'
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
  /** Whether its user wants it to be stopped. */
  isStopped: boolean
  /** Where people land at the service's host; undefined where it has none. */
  path: string | undefined
  /** Users who may enter it besides its owner. */
  sharedWith: string[]
}

const greatestManifestBytes = 700 * 1024
/** A template makes at most 100, and the platform adds its own. */
const mostObjects = 200
/** The most users one service is shared with. */
export const mostShares = 50
const pathAnnotation = 'karvdash.io/path'

/** It is put behind an origin, so it must not be able to become part of the host. */
const Path = z
  .string()
  .max(400)
  .regex(/^\/(?![/\\])[^\s\\]*$/)

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
  }),
  status: z
    .looseObject({
      phase: z.enum(['Recorded', 'Applied', 'Failed', 'Stopped']).catch('Recorded'),
      message: z.string().max(2000).default(''),
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
    isStopped: spec.stopped,
    path: metadata.annotations[pathAnnotation],
    sharedWith: spec.sharedWith,
  }
}

/** The record, where it is one and its name can be a service's: a tenant can store others, and nobody else sees them. */
export const readableRecord = rememberedPer((object: KubeObject): ServiceRecord | undefined => {
  const { name, namespace = '' } = object.metadata
  if (!splitHostLabel(hostLabel(name, ownerOf(namespace) ?? ''))) return undefined
  const read = Stored.safeParse(object)
  return read.success ? toRecord(read.data) : undefined
})

/** Whether there is something left to be applied, or to be stopped. */
export function isUnfinished({ phase, isDeleting, isStopped }: ServiceRecord): boolean {
  if (isDeleting) return false
  return isStopped ? phase !== 'Stopped' : phase === 'Recorded' || phase === 'Stopped'
}

/** A launch to be recorded. */
export interface RecordDraft {
  name: string
  namespace: string
  template: string
  values: Record<string, unknown>
  path: string | undefined
  /** What is to be applied, without what belongs in a Secret. */
  objects: KubeObject[]
}

/** The record of a launch. @throws Problem 422 where the objects are too many to be kept. */
export function recordObject({ name, namespace, template, values, path, objects }: RecordDraft): KubeObject {
  const manifest = pack(objects)
  if (manifest.length > greatestManifestBytes) {
    throw new Problem(422, 'Too large', { detail: 'The objects of this template are too large to be recorded.' })
  }
  return {
    apiVersion: 'karvdash.io/v1',
    kind: 'ServiceRecord',
    metadata: {
      name,
      namespace,
      labels: { [labels.managedBy]: 'karvdash', [labels.template]: template, [labels.guarded]: 'true' },
      ...(path !== undefined && { annotations: { [pathAnnotation]: path } }),
    },
    spec: { template: { id: template }, values: JSON.stringify(values), manifest },
  }
}

/** The manifest a record holds. @throws where it cannot be read: the tenant may have written it. */
export function manifestOf(record: KubeObject): KubeObject[] {
  return unpack(z.looseObject({ manifest: z.string() }).parse(record['spec']).manifest)
}

/** What is secret of a service: its generated credential and the Secrets it was rendered with. */
export interface ServiceSecrets {
  /** What the gate hands over as Authorization, where the service keeps its own authentication. */
  authorization: string | undefined
  /** By which people enter, where the gate is not asked. */
  password?: string | undefined
  objects: KubeObject[]
}

/** Name of the Secret beside a record; a dot cannot be in the name of a service. */
export function secretsName(service: string): string {
  return `${service}.karvdash`
}

/** The Secret beside a record; it goes with it. */
export function secretsObject(
  record: KubeObject,
  { authorization, password, objects }: ServiceSecrets,
  owner: OwnerReference,
): KubeObject {
  const { name, namespace } = record.metadata
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretsName(name),
      ...(namespace !== undefined && { namespace }),
      labels: { [labels.managedBy]: 'karvdash', [labels.service]: name, [labels.guarded]: 'true' },
      ownerReferences: [owner],
    },
    type: 'karvdash.io/service',
    data: {
      manifest: Buffer.from(pack(objects)).toString('base64'),
      ...(authorization !== undefined && { authorization: Buffer.from(authorization).toString('base64') }),
      ...(password !== undefined && { password: Buffer.from(password).toString('base64') }),
    },
  }
}

/** The objects in the Secret beside a record. @throws where they cannot be read: the tenant may have written it. */
export function secretObjectsOf(secret: KubeObject): KubeObject[] {
  const { manifest } = z.looseObject({ manifest: z.string() }).parse(secret['data'])
  return unpack(Buffer.from(manifest, 'base64').toString())
}

/** What the gate hands over, as the Secret beside a record tells it. */
export function authorizationOf(secret: KubeObject): string | undefined {
  const data = z.looseObject({ authorization: z.string() }).safeParse(secret['data'])
  return data.success ? Buffer.from(data.data.authorization, 'base64').toString() : undefined
}

/** The service's own password, as the Secret beside a record tells it. */
export function passwordOf(secret: KubeObject): string | undefined {
  const data = z.looseObject({ password: z.string().max(1000) }).safeParse(secret['data'])
  return data.success ? Buffer.from(data.data.password, 'base64').toString() : undefined
}

function pack(objects: KubeObject[]): string {
  return gzipSync(JSON.stringify(objects)).toString('base64')
}

function unpack(packed: string): KubeObject[] {
  const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: 16 * 1024 * 1024 }).toString()
  return z.array(anyObject).max(mostObjects).parse(JSON.parse(text)) as KubeObject[]
}
