import { conflict, namespaceOf, type Service } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import type { Reconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Templates } from '../templates/templates.ts'
import type { CheckEntries } from './entries.ts'
import { StillLaunching } from './reconcile.ts'
import { deletionOf } from './removal.ts'
import type { Services } from './services.ts'
import { changedMeanwhile, launchedWith, recordUpdate, type StoredService, storedService } from './update.ts'

export interface LifePorts {
  kubernetes: Kubernetes
  discover: Discover
  templates: Pick<Templates, 'find'>
  checkEntries: CheckEntries
  records: Pick<Cache, 'caughtUp'>
  /** Carries out what was recorded, now. */
  run: Reconciler['run']
  /** Has a service looked at again soon. */
  request: Reconciler['request']
  get: (user: string, name: string) => Promise<Service>
  config: Config
}

/** What may be done with a service that was launched: each change is recorded first, and carried out by whoever reconciles. */
export function createLife(
  ports: LifePorts,
): Pick<Services, 'setStopped' | 'restart' | 'keep' | 'launched' | 'update' | 'deletion' | 'remove'> {
  const { kubernetes, discover, templates, get } = ports
  const stored = (user: string, name: string) => storedService(kubernetes, user, name)
  return {
    async setStopped(user, name, stopped) {
      const used = stopped ? {} : { usedAt: new Date().toISOString() }
      await change(ports, await stored(user, name), { stopped, idle: null, ...used })
      return get(user, name)
    },
    async restart(user, name) {
      const service = await stored(user, name)
      if (service.record.isStopped) throw conflict('It is stopped. Resume it.')
      await change(ports, service, { restartedAt: new Date().toISOString(), idle: null })
      return get(user, name)
    },
    async keep(user, name) {
      const service = await stored(user, name)
      if (service.record.isStopped) throw conflict('It is stopped. Resume it.')
      await change(ports, service, { usedAt: new Date().toISOString(), idle: null })
      return get(user, name)
    },
    launched: async (user, name) => launchedWith(user, await stored(user, name), templates),
    async update(user, name, { values, dryRun }) {
      const key = `${namespaceOf(user)}/${name}`
      // A launch is answered before its record says that all of it is there.
      const { changes, generated } = await inTurn(ports, key, async () =>
        recordUpdate(ports, user, { ...(await stored(user, name)), values, dryRun }),
      )
      const isDone = !dryRun && changes.length > 0
      if (isDone) await carryOut(ports, key)
      return { service: { ...(await get(user, name)), ...(isDone && generated.length > 0 && { generated }) }, changes }
    },
    async deletion(user, name) {
      const { stored: record } = await stored(user, name)
      return deletionOf({ user: kubernetes.as({ namespace: namespaceOf(user) }), discover, record })
    },
    async remove(user, name) {
      await change(ports, await stored(user, name), { removed: true })
    },
  }
}

/** Records what is to become of a service, and has it carried out. */
async function change(ports: LifePorts, service: StoredService, spec: object): Promise<void> {
  const { namespace, name, uid } = service.record
  // Another service of that name may stand there by now; a change of this one in between does not matter.
  const patch = { metadata: { uid }, spec }
  const written = await ports.kubernetes.patch(resources.serviceRecords, { namespace, name }, patch).catch(changedMeanwhile)
  await ports.records.caughtUp(written)
  await carryOut(ports, `${namespace}/${name}`)
}

/** Gives what a piece of work gives, begun once nothing else of the service is under way on this replica. */
async function inTurn<T>({ run }: LifePorts, key: string, work: () => Promise<T>): Promise<T> {
  const done = Promise.withResolvers<T>()
  await run(key, async () => done.resolve(await work()))
  return done.promise
}

/** What takes longer goes on by itself. */
async function carryOut({ run, request }: LifePorts, key: string): Promise<void> {
  await run(key).catch((error: unknown) => {
    if (!(error instanceof StillLaunching)) throw error
    request(key)
  })
}
