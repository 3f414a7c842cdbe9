import { createHash, randomBytes } from 'node:crypto'
import {
  conflict,
  type GeneratedPassword,
  type Launch,
  type Launched,
  longestServiceName,
  namespaceOf,
  type Service,
  tooMany,
  unavailable,
} from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { Reconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Template } from '../templates/parse.ts'
import { generatedOf } from '../templates/passwords.ts'
import type { Templates } from '../templates/templates.ts'
import { type Plan, planLaunch } from './plan.ts'
import type { Finisher } from './reconcile.ts'
import { isThere, readRecord, type ServiceRecord } from './record.ts'
import { giveWay, type Reservation, reserve, twinOf } from './reservation.ts'
import { keptOf, secretsName } from './secrets.ts'

export interface LaunchPorts {
  kubernetes: Kubernetes
  templates: Pick<Templates, 'find'>
  /** Keeps whoever reconciles services away from one while something else is done with it. */
  run: Reconciler['run']
  /** Applies what was recorded. */
  finish: Finisher['finish']
  records: Pick<Cache, 'caughtUp'>
  recordsOf: (user: string) => ServiceRecord[]
  /** A service as people see it. */
  shown: (record: ServiceRecord) => Service
  /** Refuses what could not come to anything, before it is recorded. @throws Problem 400, 409 */
  check: (user: string, plan: Plan) => Promise<void>
  config: Config
}

const mostSuffixes = 5
/** So many launches of one user may be under way at once, on all replicas together. */
const mostUnderWay = 16

/** Makes the function that launches: the record comes first and reserves the name, then everything is applied as the user. */
export function createLaunch(ports: LaunchPorts): (user: string, launch: Launch) => Promise<Launched> {
  const { templates, recordsOf, shown } = ports
  const counted = underWay(recordsOf)
  return async function launch(user, wanted) {
    const there = recordsOf(user).filter(isThere)
    const known = wanted.key === undefined ? undefined : there.find(({ launchId }) => launchId === wanted.key)
    const template = await templates.find(user, wanted.template)
    if (known) return { ...shown(known), ...(await madeFor(ports.kubernetes, known, { template, values: wanted.values })) }
    const running = template.description.singleton && there.find((record) => record.template === wanted.template)
    if (running) refuseSecond(shown(running))
    return counted(user, () => launchNew(ports, user, { ...wanted, found: template }))
  }
}

/** Tries names until one is free. */
async function launchNew(
  ports: LaunchPorts,
  user: string,
  { found: template, template: id, name: wanted = id, values, key }: Launch & { found: Template },
): Promise<Launched> {
  const { kubernetes, shown, config } = ports
  for (const name of candidates(wanted, user, key)) {
    const plan = { ...planLaunch({ template, user, name, values, config }), launchId: key }
    await ports.check(user, plan)
    try {
      const service = await carryOut(ports, plan, template.description.singleton)
      return { ...service, ...madeOf(generatedOf(template.description, values, plan.kept.passwords)) }
    } catch (error) {
      // The name is taken, perhaps by a launch of this very moment, perhaps by this very launch, sent twice.
      if (!isConflict(error)) throw error
      const twin = await twinOf(kubernetes, plan)
      if (twin) return { ...shown(twin), ...(await madeFor(kubernetes, twin, { template, values })) }
    }
  }
  throw conflict(`The name "${wanted}" and others like it are taken. Choose another.`)
}

async function carryOut(ports: LaunchPorts, plan: Reservation, isSingleton: boolean): Promise<Service> {
  const { kubernetes, run, finish, records, shown } = ports
  const launched = Promise.withResolvers<ServiceRecord>()
  const known = async (stored: KubeObject) => {
    await records.caughtUp(stored)
    return readRecord(stored)
  }
  const work = async () => {
    const { record, secret } = await reserve(kubernetes, plan)
    const earlier = isSingleton ? await giveWay(kubernetes, record) : undefined
    if (earlier) refuseSecond(shown(earlier))
    // Once everything is there, nobody need wait until the record says so, too; unsaid, it would all be applied once more.
    const answer = () => launched.resolve(known(record).then((read) => ({ ...read, phase: 'Applied', applied: 1 })))
    const finished = await finish(record, secret, answer)
    if (!finished) throw unavailable(`The service "${plan.name}"`)
    launched.resolve(known(finished))
  }
  run(`${plan.namespace}/${plan.name}`, work).catch(launched.reject)
  return shown(await launched.promise)
}

/** The passwords that were made for a service when this launch was sent before. */
async function madeFor(
  kubernetes: Kubernetes,
  { namespace, name }: ServiceRecord,
  { template, values }: { template: Template; values: Launch['values'] },
): Promise<Pick<Launched, 'generated'>> {
  const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(name) })
  // Sent twice at the same instant: what is secret of it is not stored yet.
  return secret ? madeOf(generatedOf(template.description, values, keptOf(secret).passwords)) : {}
}

function madeOf(generated: GeneratedPassword[]): Pick<Launched, 'generated'> {
  return generated.length > 0 ? { generated } : {}
}

function refuseSecond({ name, url }: Service): never {
  throw conflict(`You have one already: "${name}". This template runs once per user.`, { service: name, ...(url && { url }) })
}

/** Lets no user launch more at once than may be; those of other replicas are counted by their records. */
function underWay(recordsOf: LaunchPorts['recordsOf']): <T>(user: string, launch: () => Promise<T>) => Promise<T> {
  const here = new Map<string, number>()
  return async (user, launch) => {
    const count = here.get(user) ?? 0
    const recorded = recordsOf(user).filter((record) => record.phase === 'Recorded' && isThere(record)).length
    if (Math.max(count, recorded) >= mostUnderWay)
      throw tooMany(`You are launching ${mostUnderWay} services at this moment. Wait until some of them have begun.`, 5)
    here.set(user, count + 1)
    try {
      return await launch()
    } finally {
      const rest = (here.get(user) ?? 1) - 1
      rest > 0 ? here.set(user, rest) : here.delete(user)
    }
  }
}

/** The name as wanted, then with four characters appended: random ones, or the same ones each time the same launch is sent. */
function* candidates(name: string, user: string, key: string | undefined): Generator<string> {
  yield name
  for (let n = 0; n < mostSuffixes; n++) {
    const seed =
      key === undefined
        ? randomBytes(32)
        : createHash('sha256')
            .update(`${namespaceOf(user)}/${name}/${key}/${n}`)
            .digest()
    const suffix = Array.from(seed.subarray(0, 4), (byte) => 'abcdefghijklmnopqrstuvwxyz012345'[byte % 32]).join('')
    yield `${name.slice(0, longestServiceName(user) - 5).replace(/-+$/, '')}-${suffix}`
  }
}
