import { randomInt } from 'node:crypto'
import { conflict, type Launch, longestServiceName, type Service, unavailable } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict, KubeError } from '../kubernetes/errors.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import type { Reconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Library } from '../templates/library.ts'
import { isOpen } from './objects.ts'
import { type Plan, planLaunch } from './plan.ts'
import type { Finisher } from './reconcile.ts'
import { readRecord, recordObject, type ServiceRecord, secretsObject } from './record.ts'

export interface LaunchPorts {
  kubernetes: Kubernetes
  library: Library
  /** Keeps whoever reconciles services away from one while something else is done with it. */
  run: Reconciler['run']
  /** Applies what was recorded. */
  finish: Finisher['finish']
  records: Pick<Cache, 'caughtUp'>
  recordsOf: (user: string) => ServiceRecord[]
  /** A service as people see it. */
  shown: (record: ServiceRecord) => Service
  config: Config
}

const mostSuffixes = 5

/** Makes the function that launches: the record comes first and reserves the name, then everything is applied as the user. */
export function createLaunch(ports: LaunchPorts): (user: string, launch: Launch) => Promise<Service> {
  const { kubernetes, library, run, finish, records, recordsOf, shown, config } = ports

  function refuseSecond(user: string, template: string): void {
    const running = recordsOf(user).find((record) => record.template === template && !record.isDeleting)
    if (!running) return
    const { url } = shown(running)
    throw conflict(`You have one already: "${running.name}". This template runs once per user.`, {
      service: running.name,
      ...(url && { url }),
    })
  }
  async function reserve(plan: Plan): Promise<{ record: KubeObject; secret: KubeObject }> {
    const draft = recordObject({ ...plan, objects: plan.objects.filter(isOpen) })
    const record = await kubernetes.create(resources.serviceRecords, draft).catch(explained)
    const secrets = { ...plan, objects: plan.objects.filter((object) => !isOpen(object)) }
    try {
      const secret = await kubernetes.create(resources.secrets, secretsObject(record, secrets, ownerReference(record)))
      return { record, secret }
    } catch (error) {
      // Something of the tenant's is in the way of the Secret: the name cannot be used.
      if (isConflict(error)) await kubernetes.remove(resources.serviceRecords, plan, { uid: record.metadata.uid })
      throw error
    }
  }
  return async function launch(user: string, { template: id, name: wanted, values }: Launch): Promise<Service> {
    const template = library.find(id)
    if (template.description.singleton) refuseSecond(user, id)
    for (const name of candidates(wanted ?? id, user)) {
      const plan = planLaunch({ template, user, name, values, config })
      try {
        return await carryOut(plan)
      } catch (error) {
        // The name is taken, perhaps by a launch of this very moment.
        if (!isConflict(error)) throw error
      }
    }
    throw conflict(`The name "${wanted ?? id}" and others like it are taken. Choose another.`)
  }
  async function carryOut(plan: Plan): Promise<Service> {
    const launched = Promise.withResolvers<ServiceRecord>()
    const work = async () => {
      const { record, secret } = await reserve(plan)
      const known = async (stored: KubeObject) => {
        await records.caughtUp(stored)
        return readRecord(stored)
      }
      // Once everything is there, nobody need wait until the record says so, too; unsaid, it would all be applied once more.
      const answer = () => launched.resolve(known(record).then((read) => ({ ...read, phase: 'Applied' })))
      const finished = await finish(record, secret, answer)
      if (!finished) throw unavailable(`The service "${plan.name}"`)
      launched.resolve(known(finished))
    }
    run(`${plan.namespace}/${plan.name}`, work).catch(launched.reject)
    return shown(await launched.promise)
  }
}

/** Why a record cannot be stored. */
function explained(error: unknown): never {
  const isFull = error instanceof KubeError && error.status === 403 && error.message.includes('exceeded quota')
  if (isFull) throw conflict('You have as many services as you may have. Delete one first.')
  // A user of this very moment: the namespace, or the platform's right in it, is still being made.
  if (error instanceof KubeError && (error.status === 403 || error.status === 404)) throw unavailable('Your namespace', error)
  throw error
}

/** The name as wanted, then with four random characters appended. */
function* candidates(name: string, user: string): Generator<string> {
  yield name
  for (let n = 0; n < mostSuffixes; n++) {
    const suffix = Array.from({ length: 4 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('')
    yield `${name.slice(0, longestServiceName(user) - 5).replace(/-+$/, '')}-${suffix}`
  }
}
