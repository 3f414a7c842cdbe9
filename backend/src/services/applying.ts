import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import { KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { makesPods, restartedObject, restartOf } from './objects.ts'
import { labelledObjects } from './removal.ts'
import { secretsName } from './secrets.ts'

/** Something must be gone before the rest can be done: it is tried again. */
export class StillGoing extends Error {}

interface Applying {
  /** As the user. */
  kubernetes: Kubernetes
  discover: Discover
}

/**
 * Applies objects: what makes pods last, when what they need is there. What cannot be changed (a Job's pods, a StatefulSet's claims) is
 * removed first, and what ran under the same name before it was to begin anew.
 *
 * @throws StillGoing where something must be gone first; KubeError where the cluster refuses
 */
export async function applyObjects(
  { kubernetes, discover }: Applying,
  objects: KubeObject[],
  restartedAt: string | undefined,
): Promise<void> {
  const applyOne = async (object: KubeObject) => {
    const resource = await discover(object.apiVersion, object.kind)
    const wanted = restartedObject(object, restartedAt)
    const place = { namespace: object.metadata.namespace, name: object.metadata.name }
    if (object.kind === 'Pod' && restartedAt !== undefined) {
      const stored = await kubernetes.get(resource, place)
      if (stored && restartOf(stored) !== restartedAt) await removeFirst()
    }
    await kubernetes.apply(resource, wanted).catch(async (error: unknown) => {
      if (!isImmutable(error) || !makesPods(object)) throw error
      await removeFirst()
    })
    async function removeFirst(): Promise<never> {
      await kubernetes.remove(resource, place, { foreground: true })
      throw new StillGoing(`${object.kind} ${place.name}`)
    }
  }
  const all = (some: KubeObject[]) => settled(some.map(applyOne))
  await all(objects.filter((object) => !makesPods(object)))
  await all(objects.filter(makesPods))
}

/** "422: the resource is invalid": a field that may not be changed, among others; the second try tells which it was. */
function isImmutable(error: unknown): boolean {
  return (
    error instanceof KubeError &&
    error.status === 422 &&
    /immutable|Forbidden: updates to|may not (be )?change/.test(error.message)
  )
}

/** Waits for all of them, so that nothing is still being written when one of them has failed; a refusal counts more than a wait. */
async function settled(tasks: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks)
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  const worst = reasons.find((reason) => !(reason instanceof StillGoing)) ?? reasons[0]
  if (worst !== undefined) throw worst
}

/** Removes what a service owns and no longer consists of. */
export async function prune({ kubernetes, discover }: Applying, record: KubeObject, wanted: KubeObject[]): Promise<void> {
  const isWanted = ({ kind, metadata }: KubeObject) =>
    wanted.some((object) => object.kind === kind && object.metadata.name === metadata.name)
  const { namespace, name: service, uid } = record.metadata
  const owned = (await labelledObjects({ user: kubernetes, discover, record })).filter(
    ({ metadata: { name, ownerReferences } }) =>
      name !== secretsName(service) && ownerReferences?.some((owner) => owner.kind === record.kind && owner.uid === uid),
  )
  for (const { apiVersion, kind, metadata } of owned.filter((object) => !isWanted(object)))
    await kubernetes.remove(await discover(apiVersion, kind), { namespace, name: metadata.name })
}
