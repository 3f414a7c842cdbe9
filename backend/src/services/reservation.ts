import { conflict, labels, unavailable } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict, isOverQuota, KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Plan } from './plan.ts'
import { isThere, readableRecord, readRecord, type ServiceRecord } from './record.ts'
import { recordObject } from './recorded.ts'
import { secretsObject } from './secrets.ts'

/** A plan under the id by which its client knows it again. */
export type Reservation = Plan & { launchId: string | undefined }

/** Writes the record, which reserves the name, and what is secret of it. @throws KubeError 409 where the name is taken */
export async function reserve(kubernetes: Kubernetes, plan: Reservation): Promise<{ record: KubeObject; secret: KubeObject }> {
  const record = await kubernetes.create(resources.serviceRecords, recordObject(plan)).catch(explained)
  try {
    const secret = await kubernetes.create(resources.secrets, secretsObject(record, { ...plan.kept, ...plan }))
    return { record, secret }
  } catch (error) {
    // Something of the tenant's is in the way of the Secret: the name cannot be used.
    if (isConflict(error)) await withdraw(kubernetes, record)
    throw error
  }
}

/**
 * Of launches of a template that runs once, which came at the same instant and found none, the one that was recorded first stays. Gives that one
 * where it is another; the later record is gone then.
 */
export async function giveWay(kubernetes: Kubernetes, record: KubeObject): Promise<ServiceRecord | undefined> {
  const { namespace, uid } = record.metadata
  const { items } = await kubernetes.list(
    resources.serviceRecords,
    { namespace },
    `${labels.template}=${readRecord(record).template}`,
  )
  const there = items.flatMap((item) => readableRecord(item) ?? []).filter(isThere)
  const first = there.toSorted(
    (one, other) => one.createdAt.localeCompare(other.createdAt) || one.uid.localeCompare(other.uid),
  )[0]
  if (!first || first.uid === uid) return undefined
  await withdraw(kubernetes, record)
  return first
}

/** The record that has the name already, where it is of this very launch. */
export async function twinOf(
  kubernetes: Kubernetes,
  { namespace, name, launchId }: Reservation,
): Promise<ServiceRecord | undefined> {
  if (launchId === undefined) return undefined
  const stored = await kubernetes.get(resources.serviceRecords, { namespace, name })
  const record = stored && readableRecord(stored)
  return record?.launchId === launchId && isThere(record) ? record : undefined
}

async function withdraw(kubernetes: Kubernetes, { metadata: { namespace, name, uid } }: KubeObject): Promise<void> {
  await kubernetes.remove(resources.serviceRecords, { namespace, name }, { uid })
}

/** Why a record cannot be stored. */
function explained(error: unknown): never {
  if (isOverQuota(error)) throw conflict('You have as many services as you may have. Delete one first.')
  // A user of this very moment: the namespace, or the platform's right in it, is still being made.
  if (error instanceof KubeError && (error.status === 403 || error.status === 404)) throw unavailable('Your namespace', error)
  throw error
}
