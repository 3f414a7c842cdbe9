import { randomInt } from 'node:crypto'
import { conflict, type Launch, longestServiceName, type Service, unavailable } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Library } from '../templates/library.ts'
import { isOpen } from './objects.ts'
import { type Plan, planLaunch } from './plan.ts'
import { readRecord, recordObject, type ServiceRecord, secretsObject } from './record.ts'

export interface LaunchPorts {
  kubernetes: Kubernetes
  library: Library
  /** Applies what a record holds. */
  reconcile: (key: string) => Promise<void>
  recordsOf: (user: string) => ServiceRecord[]
  /** A service as people see it. */
  shown: (record: ServiceRecord) => Service
  config: Config
}

const mostSuffixes = 5

/** Makes the function that launches: the record comes first and reserves the name, then everything is applied as the user. */
export function createLaunch(ports: LaunchPorts): (user: string, launch: Launch) => Promise<Service> {
  const { kubernetes, library, reconcile, recordsOf, shown, config } = ports

  function refuseSecond(user: string, template: string): void {
    const running = recordsOf(user).find((record) => record.template === template && !record.isDeleting)
    if (!running) return
    const { url } = shown(running)
    throw conflict(`You have one already: "${running.name}". This template runs once per user.`, {
      service: running.name,
      ...(url && { url }),
    })
  }
  async function reserve(plan: Plan): Promise<KubeObject> {
    const record = await kubernetes.create(
      resources.serviceRecords,
      recordObject({ ...plan, objects: plan.objects.filter(isOpen) }),
    )
    const secrets = { authorization: plan.authorization, objects: plan.objects.filter((object) => !isOpen(object)) }
    await kubernetes.create(resources.secrets, secretsObject(record, secrets, ownerReference(record)))
    return record
  }
  return async function launch(user: string, { template: id, name: wanted, values }: Launch): Promise<Service> {
    const template = library.find(id)
    if (template.description.singleton) refuseSecond(user, id)
    for (const name of candidates(wanted ?? id, user)) {
      const plan = planLaunch({ template, user, name, values, config })
      try {
        const { metadata } = await reserve(plan)
        await reconcile(`${plan.namespace}/${metadata.name}`)
        return await fresh(plan)
      } catch (error) {
        // The name is taken, perhaps by a launch of this very moment.
        if (!isConflict(error)) throw error
      }
    }
    throw conflict(`The name "${wanted ?? id}" and others like it are taken. Choose another.`)
  }
  async function fresh({ namespace, name }: Plan): Promise<Service> {
    const record = await kubernetes.get(resources.serviceRecords, { namespace, name })
    if (!record) throw unavailable(`The service "${name}"`)
    return shown(readRecord(record))
  }
}

/** The name as wanted, then with four random characters appended. */
function* candidates(name: string, user: string): Generator<string> {
  yield name
  for (let n = 0; n < mostSuffixes; n++) {
    const suffix = Array.from({ length: 4 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('')
    yield `${name.slice(0, longestServiceName(user) - 5).replace(/-+$/, '')}-${suffix}`
  }
}
