import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeObject } from '@karvdash/backend/kubernetes/objects'
import { ownerReference } from '@karvdash/backend/kubernetes/objects'
import { resources } from '@karvdash/backend/kubernetes/resources'
import { recordObject } from '@karvdash/backend/services/recorded'
import { contract, createClient, labels, namespaceOf, readEvents, ServiceEvent } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Figure, limitFigure, type Pair } from './figure.ts'
import { basic, type Ground, tenant } from './ground.ts'
import { load } from './load.ts'
import { each } from './people.ts'
import { residentMebibytes } from './start.ts'
import { percentile, timed } from './statistics.ts'

const users = 2000
const servicesEach = 5
const changes = 200
const idleMs = 10_000

/**
 * What a backend does for many people: 2,000 users with five services each, of which every one has a pod that runs. They are written straight
 * into the API server, as they would stand there. The tenant is one of them.
 */
export async function scaleFigures(ground: Ground): Promise<Figure[]> {
  const few = await ground.start()
  const headers = await tokenOf(few)
  await few.stop()
  // Nobody is there who could answer for these pods.
  const change = '[{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Ignore"}]'
  await ground.cluster.kubectl('patch', 'mutatingwebhookconfiguration', 'karvdash', '--type=json', '-p', change)
  const names = [tenant.username, ...Array.from({ length: users - 1 }, (_, n) => `many${n}`)]
  await each(names, (user) => oneUser(ground, user))
  const backend = await ground.start()
  const shown = await showTimes(ground, backend, headers)
  // How long it looks after all of them once it has begun is told by itself.
  await sleep(idleMs)
  const started = { ours: backend.readyAfterMs, peer: few.readyAfterMs }
  const held = { ours: await residentMebibytes(backend.pid), peer: 400 }
  const listed = await listTimes(backend, headers)
  await backend.stop()
  return [
    limitFigure({ name: 'scale/start', unit: 'ms', pairs: [started], goal: { atMost: 10_000 } }),
    limitFigure({ name: 'scale/rss', unit: 'MiB', pairs: [held], goal: { atMost: 400 } }),
    limitFigure({ name: 'scale/list-p99', unit: 'ms', pairs: [listed], goal: { atMost: 10 } }),
    limitFigure({ name: 'scale/shown-p99', unit: 'ms', pairs: [shown], goal: { atMost: 1000 } }),
  ]
}

/** A token of the tenant's, as headers. */
async function tokenOf({ url }: Backend): Promise<Record<string, string>> {
  const client = createClient({ url, headers: () => basic(tenant) })
  const { secret } = await client.call(contract.createToken, { body: { name: 'scale' } })
  return { authorization: `Bearer ${secret}` }
}

async function oneUser({ kubernetes }: Ground, user: string): Promise<void> {
  const namespace = namespaceOf(user)
  if (user !== tenant.username) {
    await kubernetes.create(resources.users, {
      apiVersion: 'karvdash.io/v1',
      kind: 'User',
      metadata: { name: user },
      spec: { email: `${user}@example.org`, displayName: user, role: 'user', active: false },
    })
    await kubernetes.apply(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await kubernetes.apply(resources.serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })
  }
  for (let n = 0; n < servicesEach; n++) await oneService({ kubernetes }, namespace, `service-${n}`)
}

async function oneService({ kubernetes }: Pick<Ground, 'kubernetes'>, namespace: string, name: string): Promise<void> {
  const objects: KubeObject[] = Array.from({ length: 10 }, (_, n) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `config-${n}` },
  }))
  const draft = { name, namespace, template: 'ten', digest: '', values: {}, path: '/', objects }
  const record = await kubernetes.create(resources.serviceRecords, recordObject(draft))
  const place = { namespace, name, subresource: 'status' }
  await kubernetes.patch(resources.serviceRecords, place, { status: { phase: 'Applied', message: '', revision: 1 } })
  await kubernetes.create(resources.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { [labels.service]: name }, ownerReferences: [ownerReference(record)] },
    spec: { containers: [{ name: 'main', image: 'example.org/main:1' }] },
  })
  await kubernetes.patch(resources.pods, place, { status: podStatus(true) })
}

function podStatus(ready: boolean): object {
  const at = new Date().toISOString()
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: ready || type === 'PodScheduled' ? 'True' : 'False',
    lastTransitionTime: at,
  }))
  const state = { running: { startedAt: at } }
  const container = { name: 'main', image: 'example.org/main:1', imageID: 'x', ready, started: true, restartCount: 0, state }
  return { phase: 'Running', conditions, containerStatuses: [container] }
}

/** How long one user's list takes, beside the health check of the same server; asked one after the other by a client that takes no time itself. */
async function listTimes({ url, pid }: Backend, headers: Record<string, string>): Promise<Pair> {
  const p99 = async (path: string) => (await load({ url: url + path, pid, headers, connections: 1 })).p99Ms
  return { ours: await p99('/api/services'), peer: await p99('/health/live') }
}

/** From when a pod's status stands in the API server until a client that listens is told, beside a watch of the API server's own. */
async function showTimes({ kubernetes }: Ground, { url }: Backend, headers: Record<string, string>): Promise<Pair> {
  const ending = new AbortController()
  const response = await fetch(`${url}/api/services/events`, { headers, signal: ending.signal })
  if (!response.body) throw new Error('There are no events.')
  let told: ((state: string) => void) | undefined
  const listening = (async () => {
    for await (const data of readEvents(response.body as ReadableStream<Uint8Array>)) {
      const event = ServiceEvent.safeParse(JSON.parse(data))
      if (event.success && event.data.type === 'service' && event.data.service.name === 'service-0')
        told?.(event.data.service.state)
    }
  })().catch(() => undefined)
  const place = { namespace: namespaceOf(tenant.username), name: 'service-0', subresource: 'status' }
  const ours: number[] = []
  const peer: number[] = []
  for (let n = 0; n < changes; n++) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wanted = n % 2 === 0 ? 'Starting' : 'Running'
    told = (state) => state === wanted && resolve()
    let written = 0
    peer.push(await timed(async () => kubernetes.patch(resources.pods, place, { status: podStatus(n % 2 !== 0) })))
    written = performance.now()
    await promise
    ours.push(performance.now() - written)
  }
  ending.abort()
  await listening
  return { ours: percentile(ours, 0.99), peer: percentile(peer, 0.99) }
}
