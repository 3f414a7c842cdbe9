import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import type { KubeObject } from '../kubernetes/objects.ts'

const count = z.number().int().default(0)
const Rolling = z.looseObject({
  metadata: z.looseObject({ generation: z.number().default(0) }),
  spec: z.looseObject({ replicas: z.number().int().default(1) }),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
    })
    .prefault({}),
})
const rolling = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

interface RolledOut {
  /** The API server as the user. */
  user: Kubernetes
  discover: Discover
  objects: KubeObject[]
}

/** Whether every workload that replaces its pods one after the other has done so, and the new ones are ready. */
export async function isRolledOut({ user, discover, objects }: RolledOut): Promise<boolean> {
  const workloads = objects.filter(({ kind }) => rolling.has(kind))
  const live = await Promise.all(
    workloads.map(async ({ apiVersion, kind, metadata: { namespace, name } }) =>
      user.get(await discover(apiVersion, kind), { namespace, name }),
    ),
  )
  return live.every((object) => object !== undefined && hasRolledOut(object))
}

/** Whether a Deployment, StatefulSet or DaemonSet consists of ready pods of its newest template alone. */
export function hasRolledOut(object: KubeObject): boolean {
  const read = Rolling.safeParse(object)
  if (!read.success) return false
  const { metadata, spec, status } = read.data
  if (status.observedGeneration < metadata.generation) return false
  if (object.kind === 'DaemonSet')
    return status.updatedNumberScheduled >= status.desiredNumberScheduled && status.numberReady >= status.desiredNumberScheduled
  return status.updatedReplicas >= spec.replicas && status.readyReplicas >= spec.replicas && status.replicas <= spec.replicas
}
