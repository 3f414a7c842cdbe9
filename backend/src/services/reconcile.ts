import { Problem } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import { isAway, isConflict, isGone, KubeError } from '../kubernetes/errors.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { applyObjects, prune, StillGoing } from './applying.ts'
import { ownedObject } from './objects.ts'
import { isUnapplied, isUnfinished, readableRecord, readRecord, type ServiceRecord } from './record.ts'
import { manifestOf } from './recorded.ts'
import { removeService } from './removal.ts'
import { secretObjectsOf, secretsName } from './secrets.ts'
import type { Status } from './status/status.ts'
import { keepUpdate, takeBack, verdictOn } from './updating.ts'
import { removeWorkloads } from './workloads.ts'

export interface FinisherPorts {
  kubernetes: Kubernetes
  discover: Discover
  /** How a service does. */
  statusOf: (record: ServiceRecord) => Status
  clock?: () => number
}

/** A launch writes the record and then what is secret of it: for so long the second may still be on its way. */
const recordingTakesMs = 30_000
/** For so long it is left to whoever recorded it to apply it: two replicas that do so side by side are slower than one. */
const applyingTakesMs = 3_000

const interrupted = 'The launch was interrupted. Delete this service and launch it again.'

/** Something is under way, here or on another replica: it is looked at again later. */
export class StillLaunching extends Error {}

/** What finishes launches, and whatever else was recorded of a service. */
export interface Finisher {
  /**
   * For `<namespace>/<name>`: what was recorded is carried out: a launch or an update is applied or said to have failed, an update that does not
   * get ready is taken back, a service is stopped, resumed or removed.
   *
   * @throws StillLaunching where that takes longer
   */
  reconcile(key: string): Promise<void>
  /**
   * Applies what was just recorded, or read from where it was, and says in the record what came of it.
   * Gives the record as it then is, undefined where it was deleted meanwhile. `onApplied` is called before that is said, once all is there.
   */
  finish(record: KubeObject, secret: KubeObject | undefined, onApplied?: () => void): Promise<KubeObject | undefined>
}

/** Makes the one that finishes launches: this replica's own as they are made, and those that were interrupted. */
export function createFinisher(ports: FinisherPorts): Finisher {
  const { kubernetes, clock = Date.now } = ports
  async function reconcile(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/')
    const stored = await kubernetes.get(resources.serviceRecords, { namespace, name })
    const record = stored && readableRecord(stored)
    if (!record || !isUnfinished(record)) return
    await carryOut(stored, record).catch((error: unknown) => {
      // Somebody else changed it meanwhile, or something has to go first.
      if (error instanceof StillGoing || isConflict(error)) throw new StillLaunching(key, { cause: error })
      throw error
    })
  }
  async function carryOut(stored: KubeObject, record: ServiceRecord): Promise<void> {
    const { namespace, name } = record
    if (record.isRemoved) return removeService({ ...ports, user: asUser(ports, record), record: stored })
    if (record.isStopped) return stop(ports, stored)
    const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(name) })
    if (!isUnapplied(record)) return settle({ ...ports, clock }, stored, secret)
    const ageMs = clock() - Date.parse(record.createdAt)
    if (record.phase === 'Recorded' && ageMs < (secret ? applyingTakesMs : recordingTakesMs)) throw new StillLaunching(name)
    await finish(stored, secret)
  }
  const finish: Finisher['finish'] = async (record, secret, onApplied) => {
    const failure = secret ? await apply(ports, record, secret) : interrupted
    const { revision, restartedAt, updatingSince } = readRecord(record)
    const told = { revision, ...(restartedAt !== undefined && { restartedAt }) }
    if (failure === undefined) {
      onApplied?.()
      return tell(kubernetes, record, { phase: 'Applied', message: '', ...told })
    }
    if (!secret || updatingSince === undefined)
      return tell(kubernetes, record, { phase: 'Failed', message: failure.slice(0, 1900), ...told })
    await takeBack(kubernetes, { record, secret }, failure)
    throw new StillLaunching(record.metadata.name)
  }
  return { reconcile, finish }
}

/** The API server as the user, in the name of the launch. */
function asUser({ kubernetes }: FinisherPorts, { namespace, name }: ServiceRecord): Kubernetes {
  return kubernetes.as({ namespace, launch: name })
}

/** An update that was applied is kept once all of it is ready, and taken back where that does not come. */
async function settle(
  ports: FinisherPorts & { clock: () => number },
  stored: KubeObject,
  secret: KubeObject | undefined,
): Promise<void> {
  const { kubernetes, discover, statusOf, clock } = ports
  const record = readRecord(stored)
  const status = statusOf(record)
  const update = { user: asUser(ports, record), discover, record, objects: manifestOf(stored), status, now: clock() }
  const verdict = await verdictOn(update)
  if (verdict === 'wait') throw new StillLaunching(record.name)
  // Without its Secret there is nothing that could be gone back to.
  if (verdict === 'ready' || !secret) return keepUpdate(kubernetes, stored)
  await takeBack(kubernetes, { record: stored, secret }, verdict.reason)
}

/** Applies everything as the user; gives what went wrong, in words. */
async function apply(ports: FinisherPorts, stored: KubeObject, secret: KubeObject): Promise<string | undefined> {
  const record = readRecord(stored)
  const { revision, restartedAt } = record
  const objects = objectsOf(stored, secret, revision)
  if (!objects) return 'What was recorded of it cannot be read. Delete this service and launch it again.'
  const applying = { kubernetes: asUser(ports, record), discover: ports.discover }
  try {
    await applyObjects(applying, objects, restartedAt)
    if (revision > 1) await prune(applying, stored, objects)
    return undefined
  } catch (error) {
    // 409: what is to be applied anew is still being deleted.
    if (isAway(error) || isConflict(error) || error instanceof StillGoing) throw error
    if (error instanceof KubeError) return `The cluster refuses it: ${error.message}`
    if (error instanceof Problem) return error.message
    throw error
  }
}

async function stop(ports: FinisherPorts, stored: KubeObject): Promise<void> {
  const { namespace, name } = readRecord(stored)
  const kubernetes = asUser(ports, readRecord(stored))
  await removeWorkloads({ ...ports, kubernetes, namespace, service: name, objects: recordedOf(stored) })
  await tell(ports.kubernetes, stored, { phase: 'Stopped', message: '' })
}

/** Says in a record what came of it; undefined where it was deleted meanwhile: there is nothing left to report on. */
async function tell(
  kubernetes: Kubernetes,
  { metadata: { namespace, name } }: KubeObject,
  status: { phase: string; message: string; revision?: number; restartedAt?: string },
): Promise<KubeObject | undefined> {
  return kubernetes
    .patch(resources.serviceRecords, { namespace, name, subresource: 'status' }, { status })
    .catch((error: unknown) => {
      if (isGone(error)) return undefined
      throw error
    })
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
function objectsOf(record: KubeObject, secret: KubeObject, revision: number): KubeObject[] | undefined {
  try {
    const recorded = [...secretObjectsOf(secret, revision), ...manifestOf(record)]
    return recorded.map((object) => ownedObject(object, ownerReference(record)))
  } catch {
    return undefined
  }
}
