import { Problem } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import { isAway, isGone, KubeError } from '../kubernetes/errors.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { makesPods, ownedObject } from './objects.ts'
import { isUnfinished, manifestOf, readableRecord, secretObjectsOf, secretsName } from './record.ts'
import { removeWorkloads } from './workloads.ts'

export interface FinisherPorts {
  kubernetes: Kubernetes
  discover: Discover
  clock?: () => number
}

/** A launch writes the record and then what is secret of it: for so long the second may still be on its way. */
const recordingTakesMs = 30_000
/** For so long it is left to whoever recorded it to apply it: two replicas that do so side by side are slower than one. */
const applyingTakesMs = 3_000

/** A launch under way on some replica: it is looked at again later. */
export class StillLaunching extends Error {}

/** What finishes launches. */
export interface Finisher {
  /** For `<namespace>/<name>`: a launch that was recorded is finished, or said to have failed; a service that is to be stopped, or to go on, is. */
  reconcile(key: string): Promise<void>
  /**
   * Applies what was just recorded, or read from where it was, and says in the record what came of it.
   * Gives the record as it then is, undefined where it was deleted meanwhile. `onApplied` is called before that is said, once all is there.
   */
  finish(record: KubeObject, secret: KubeObject | undefined, onApplied?: () => void): Promise<KubeObject | undefined>
}

/** Makes the one that finishes launches: this replica's own as they are made, and those that were interrupted. */
export function createFinisher({ kubernetes, discover, clock = Date.now }: FinisherPorts): Finisher {
  async function reconcile(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/')
    const stored = await kubernetes.get(resources.serviceRecords, { namespace, name })
    const record = stored && readableRecord(stored)
    if (!record || !isUnfinished(record)) return
    if (record.isStopped) return stop({ kubernetes, discover }, stored)
    const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(name) })
    const isNew = record.phase === 'Recorded'
    if (isNew && clock() - Date.parse(record.createdAt) < (secret ? applyingTakesMs : recordingTakesMs))
      throw new StillLaunching(key)
    await finish(stored, secret)
  }
  const finish: Finisher['finish'] = async (record, secret, onApplied) => {
    const failure = secret ? await apply(record, secret) : 'The launch was interrupted. Delete this service and launch it again.'
    if (failure === undefined) onApplied?.()
    const status =
      failure === undefined ? { phase: 'Applied', message: '' } : { phase: 'Failed', message: failure.slice(0, 1900) }
    return tell(kubernetes, record, status)
  }
  return { reconcile, finish }

  /** Applies everything as the user; gives what went wrong, in words. */
  async function apply(record: KubeObject, secret: KubeObject): Promise<string | undefined> {
    const { namespace = '', name } = record.metadata
    const user = kubernetes.as({ namespace, launch: name })
    const objects = objectsOf(record, secret)
    if (!objects) return 'What was recorded of it cannot be read. Delete this service and launch it again.'
    const applyAll = (some: KubeObject[]) =>
      Promise.all(some.map(async (object) => user.apply(await discover(object.apiVersion, object.kind), object)))
    try {
      await applyAll(objects.filter((object) => !makesPods(object)))
      await applyAll(objects.filter(makesPods))
      return undefined
    } catch (error) {
      if (isAway(error)) throw error
      if (error instanceof KubeError) return `The cluster refuses it: ${error.message}`
      if (error instanceof Problem) return error.message
      throw error
    }
  }
}

/** Says in a record what came of it; undefined where it was deleted meanwhile: there is nothing left to report on. */
async function tell(
  kubernetes: Kubernetes,
  { metadata: { namespace, name } }: KubeObject,
  status: { phase: string; message: string },
): Promise<KubeObject | undefined> {
  return kubernetes
    .patch(resources.serviceRecords, { namespace, name, subresource: 'status' }, { status })
    .catch((error: unknown) => {
      if (isGone(error)) return undefined
      throw error
    })
}

async function stop({ kubernetes, discover }: FinisherPorts, record: KubeObject): Promise<void> {
  const { namespace = '', name } = record.metadata
  const user = kubernetes.as({ namespace, launch: name })
  await removeWorkloads({ kubernetes: user, discover, namespace, service: name, objects: recordedOf(record) })
  await tell(kubernetes, record, { phase: 'Stopped', message: '' })
}

/** What was recorded without its Secrets, as far as it can be read: by the label of the service the rest is found. */
function recordedOf(record: KubeObject): KubeObject[] {
  try {
    return manifestOf(record)
  } catch {
    return []
  }
}

/** Everything of a service as it is applied; undefined where what the tenant could write is not what the platform wrote. */
function objectsOf(record: KubeObject, secret: KubeObject): KubeObject[] | undefined {
  try {
    const recorded = [...secretObjectsOf(secret), ...manifestOf(record)]
    return recorded.map((object) => ownedObject(object, ownerReference(record)))
  } catch {
    return undefined
  }
}
