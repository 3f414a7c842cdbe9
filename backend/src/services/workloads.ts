import { labels } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { isWorkload } from './objects.ts'

/** Kubernetes' own kinds that make pods or decide how many there are; those first that would make more. */
export const workloadKinds = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'v1', kind: 'ReplicationController' },
  { apiVersion: 'v1', kind: 'Pod' },
]

interface Removing {
  /** As the user. */
  kubernetes: Kubernetes
  discover: Discover
  namespace: string
  service: string
  /** What was launched. */
  objects: KubeObject[]
}

/** Removes whatever of a service makes pods, by its label and by what was recorded; the rest stays. Doing it twice changes nothing. */
export async function removeWorkloads({ kubernetes, discover, namespace, service, objects }: Removing): Promise<void> {
  const remove = async ({ apiVersion, kind, metadata: { name } }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>) =>
    kubernetes.remove(await discover(apiVersion, kind), { namespace, name })
  for (const object of objects.filter(isWorkload)) await remove(object)
  for (const { apiVersion, kind } of workloadKinds) {
    const resource = await discover(apiVersion, kind)
    const { items } = await kubernetes.list(resource, { namespace }, `${labels.service}=${service}`)
    await Promise.all(items.map(({ metadata }) => remove({ apiVersion, kind, metadata })))
  }
}
