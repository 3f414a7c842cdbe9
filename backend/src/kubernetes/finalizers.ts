import * as z from 'zod'
import type { Kubernetes } from './client.ts'
import { isGone } from './errors.ts'
import type { KubeObject } from './objects.ts'
import type { Resource } from './resources.ts'

const Groups = z.looseObject({
  groups: z.array(z.looseObject({ preferredVersion: z.looseObject({ groupVersion: z.string() }) })),
})
const Kinds = z.looseObject({
  resources: z.array(z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) })),
})

/** Finalizers that a controller of the cluster takes off by itself, by the kind it looks after. */
const looked: Record<string, readonly string[]> = {
  PersistentVolumeClaim: ['kubernetes.io/pvc-protection'],
  Pod: ['batch.kubernetes.io/job-tracking'],
  Service: ['service.kubernetes.io/load-balancer-cleanup'],
}
/** The garbage collector's own, on any kind. */
const collectors = ['foregroundDeletion', 'orphan']

/** Takes off every finalizer in a namespace that nobody would take off: one that waits for nobody holds a deletion up for ever. */
export async function stripFinalizers(kubernetes: Kubernetes, namespace: string): Promise<void> {
  for (const resource of await deletableKinds(kubernetes)) {
    const { items } = await kubernetes.list(resource, { namespace }).catch(nothingIfGone)
    for (const object of items) await strip(kubernetes, resource, object)
  }
}

async function strip(kubernetes: Kubernetes, resource: Resource, { metadata }: KubeObject): Promise<void> {
  const { namespace, name } = metadata
  const finalizers = (metadata as { finalizers?: string[] }).finalizers ?? []
  const kept = finalizers.filter((one) => collectors.includes(one) || looked[resource.kind]?.includes(one))
  if (kept.length === finalizers.length) return
  await kubernetes.patch(resource, { namespace, name }, { metadata: { finalizers: kept } }).catch(nothingIfGone)
}

async function deletableKinds(kubernetes: Kubernetes): Promise<Resource[]> {
  const { groups } = Groups.parse(await kubernetes.read('/apis'))
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)]
  const served = await Promise.all(
    versions.map(async (apiVersion) => {
      const found = await kubernetes.read(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)
      const { resources } = Kinds.catch({ resources: [] }).parse(found)
      return resources
        .filter(({ name, namespaced, verbs }) => namespaced && !name.includes('/') && isEnough(verbs))
        .map(({ name, kind }) => ({ apiVersion, kind, plural: name, namespaced: true }))
    }),
  )
  return served.flat()
}

/** What cannot be deleted holds no deletion up. */
function isEnough(verbs: string[]): boolean {
  return ['list', 'patch', 'delete'].every((verb) => verbs.includes(verb))
}

function nothingIfGone(error: unknown): { items: never[] } {
  if (isGone(error)) return { items: [] }
  throw error
}
