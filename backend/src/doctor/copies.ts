import { labels } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'

type Fields = Record<string, unknown>

/**
 * An object as somebody would write it today: under another name, without what the cluster added. None of what is nobody's to write, or has
 * ended: the platform's own objects, and pods that are done.
 */
export function copyOf(object: KubeObject): KubeObject | undefined {
  const { apiVersion, kind, metadata } = object
  if (labels.guarded in (metadata.labels ?? {}) || String(object['type']).startsWith('karvdash.io/')) return undefined
  if (hasEnded(object)) return undefined
  const { namespace, labels: tags, annotations } = metadata
  const written = writers[kind]?.(object) ?? {}
  return {
    apiVersion,
    kind,
    metadata: {
      name: 'karvdash-doctor',
      ...(namespace !== undefined && { namespace }),
      ...(tags && { labels: tags }),
      ...(annotations && { annotations }),
      ...(written['metadata'] as Fields | undefined),
    },
    ...without(object, ['apiVersion', 'kind', 'metadata', 'status']),
    ...without(written, ['metadata']),
  }
}

const writers: Record<string, (object: KubeObject) => Fields> = {
  // Network plugins note their own in annotations, so these tell nothing.
  Pod: ({ spec, metadata }) => ({
    metadata: { annotations: only(metadata.annotations, ['karvdash.io/identity']) },
    spec: without(spec, ['nodeName', 'ephemeralContainers']),
  }),
  Service: ({ spec }) => ({
    spec: {
      ...without(spec, ['clusterIP', 'clusterIPs', 'healthCheckNodePort']),
      ports: ((spec as Fields)['ports'] as Fields[] | undefined)?.map((port) => without(port, ['nodePort'])),
    },
  }),
  // A claim has a volume once it is bound.
  PersistentVolumeClaim: ({ spec, metadata }) => ({
    metadata: { annotations: only(metadata.annotations, ['volume.beta.kubernetes.io/storage-class']) },
    spec: without(spec, ['volumeName']),
  }),
}

function hasEnded({ kind, metadata, status }: KubeObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return true
  return kind === 'Pod' && ['Succeeded', 'Failed'].includes(String((status as Fields | undefined)?.['phase']))
}

function without(fields: unknown, names: string[]): Fields {
  return Object.fromEntries(Object.entries(fields as Fields).filter(([name]) => !names.includes(name)))
}

function only(annotations: Record<string, string> = {}, names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => names.includes(name)))
}
