import { conflict, Problem } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { hasRolledOut } from '../services/rollout.ts'
import type { RegistryConfig } from './settings.ts'

/** The Deployment of the cluster's own registry, as the chart names it: before the registry, its pods run the collection. */
export const registryDeployment = 'karvdash-registry'
/** Of the pod's template: when space was to be freed last. */
export const collectionAnnotation = 'karvdash.io/collection'

export interface CollectionPorts {
  kubernetes: Kubernetes
  namespace: string
  kind: RegistryConfig['kind']
  clock?: () => number
}

/**
 * Has the cluster's own registry started anew, which frees the space of what no image needs: meanwhile it takes nothing, as distribution demands
 * ("Garbage collection": "ensure that the registry is in read-only mode or not running at all").
 * @throws Problem 403 for an external registry, 409 while it is starting already.
 */
export async function freeSpace({ kubernetes, namespace, kind, clock = Date.now }: CollectionPorts): Promise<void> {
  if (kind === 'external')
    throw new Problem(403, 'Not here', {
      detail: 'An external registry frees its space by itself: see to it where it is administered.',
    })
  const place = { namespace, name: registryDeployment }
  const deployment = await kubernetes.get(resources.deployments, place)
  if (!deployment || !hasRolledOut(deployment)) throw conflict('The registry is starting. Try again when it answers.')
  const annotations = { [collectionAnnotation]: new Date(clock()).toISOString() }
  await kubernetes.patch(resources.deployments, place, { spec: { template: { metadata: { annotations } } } })
}
