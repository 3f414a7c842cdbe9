import { ownerOf } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { count, text, word } from './essence.ts'

const Event = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string().optional(),
    creationTimestamp: word,
  }),
  involvedObject: z.object({ kind: word, name: word, uid: word, fieldPath: word }),
  type: word,
  reason: word,
  message: text(),
  count,
  lastTimestamp: word,
  eventTime: word,
  series: z.object({ lastObservedTime: word, count }).nullish().catch(undefined),
})

/** What is kept of an event of Kubernetes'. Whoever owns the namespace can write such ones. */
export interface LiveEvent {
  metadata: { name: string; namespace: string; resourceVersion: string | undefined }
  /** What it is about. */
  kind: string
  object: string
  uid: string
  /** Name of the container it is about, where it is about one. */
  container: string | undefined
  isWarning: boolean
  reason: string
  message: string
  /** How often. */
  count: number
  /** When it last came, ISO 8601. */
  at: string
}

/** What services are made of, as events name it. */
const kinds = new Set([
  ...['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'PersistentVolumeClaim', 'Ingress', 'Service'],
])

/** What is kept of an event; undefined for those that are not about what users run. */
export function readEvent(object: KubeObject): LiveEvent | undefined {
  if (ownerOf(object.metadata.namespace ?? '') === undefined) return undefined
  const read = Event.safeParse(object)
  if (!read.success || !kinds.has(read.data.involvedObject.kind)) return undefined
  const { metadata, involvedObject, type, reason, message, ...rest } = read.data
  return {
    metadata: { name: metadata.name, namespace: metadata.namespace, resourceVersion: metadata.resourceVersion },
    ...{ kind: involvedObject.kind, object: involvedObject.name, uid: involvedObject.uid, reason, message },
    container: /^spec\.(?:initContainers|containers)\{(.+)\}$/.exec(involvedObject.fieldPath)?.[1],
    isWarning: type === 'Warning',
    count: Math.max(1, rest.series?.count ?? rest.count),
    at: rest.series?.lastObservedTime || rest.lastTimestamp || rest.eventTime || metadata.creationTimestamp,
  }
}
