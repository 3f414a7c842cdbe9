import { type DeletedObject, labels, Problem } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import { isGone } from '../kubernetes/errors.ts'
import type { KubeObject, OwnerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { recordedKinds } from './recorded.ts'
import { workloadKinds } from './workloads.ts'

interface Removing extends Labelled {
  kubernetes: Kubernetes
}

interface Labelled {
  /** The API server as the user. */
  user: Kubernetes
  discover: Discover
  record: KubeObject
}

/**
 * Removes every object of a service: what carries its label and has no owner (claims of StatefulSets are nobody's dependents), then the record, and
 * with it what it owns. Doing it twice changes nothing.
 */
export async function removeService({ kubernetes, ...removing }: Removing): Promise<void> {
  const { namespace, name, uid } = removing.record.metadata
  const unowned = (await labelledObjects(removing)).filter(({ metadata }) => ownersOf(metadata).length === 0)
  for (const { apiVersion, kind, metadata } of unowned)
    await removing.user.remove(await removing.discover(apiVersion, kind), { namespace, name: metadata.name })
  await kubernetes.remove(resources.serviceRecords, { namespace, name }, { foreground: true, uid })
}

/** What goes with a service, and whether data goes with it; without what others of these objects make. */
export async function deletionOf(removing: Labelled): Promise<DeletedObject[]> {
  const { uid } = removing.record.metadata
  const found = (await labelledObjects(removing)).filter(({ metadata }) => ownersOf(metadata).every((owner) => owner.uid === uid))
  return found.map(({ kind, metadata: { name } }) => ({ kind, name, holdsData: kind === 'PersistentVolumeClaim' }))
}

/** Objects with the label of a service, of the kinds that it has or had, that make pods, or that keep data. */
export async function labelledObjects({ user, discover, record }: Labelled): Promise<KubeObject[]> {
  const { namespace, name } = record.metadata
  const kinds = [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, ...workloadKinds, ...recordedKinds(record)]
  const distinct = [...new Map(kinds.map((one) => [`${one.apiVersion} ${one.kind}`, one])).values()]
  const list = async ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
    user.list(await discover(apiVersion, kind), { namespace }, `${labels.service}=${name}`)
  const lists = await Promise.all(distinct.map((one) => list(one).catch(unknownKind)))
  return lists.flatMap(({ items }) => items)
}

function ownersOf({ ownerReferences }: KubeObject['metadata']): OwnerReference[] {
  return ownerReferences ?? []
}

/** Of a kind that the cluster no longer knows there is nothing left. */
function unknownKind(error: unknown): { items: KubeObject[] } {
  if (isGone(error) || (error instanceof Problem && error.status === 422)) return { items: [] }
  throw error
}
