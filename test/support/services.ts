import { expect } from '@jest/globals'
import * as z from 'zod'
import type { Cluster } from './cluster.ts'
import type { Person } from './people.ts'
import { until } from './until.ts'

const Service = z.object({ name: z.string(), state: z.string(), reason: z.string(), url: z.string().optional() })
export type ShownService = z.infer<typeof Service>

/** Launches a service; gives it as the API shows it. */
export async function launch(person: Person, draft: { template: string; name?: string; values?: object }): Promise<ShownService> {
  const answer = await person.send('POST', '/api/services', draft)
  expect({ status: answer.status, ...(answer.status !== 201 && { text: answer.text }) }).toEqual({ status: 201 })
  return Service.parse(answer.body)
}

/** A service once it is as wanted. */
export function serviceWhen(person: Person, name: string, isWanted: (service: ShownService) => boolean): Promise<ShownService> {
  return until(async () => {
    const service = Service.parse((await person.send('GET', `/api/services/${name}`)).body)
    if (!isWanted(service)) throw new Error(`It stands at ${service.state}: ${service.reason}`)
    return service
  })
}

const KubeObject = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })).default([]),
  }),
})
export type Stored = z.infer<typeof KubeObject>

/** Objects of a namespace that kubectl finds. */
export async function objectsIn(cluster: Cluster, namespace: string, kinds: string, ...more: string[]): Promise<Stored[]> {
  const found = await cluster.kubectl('get', kinds, '-n', namespace, '-o', 'json', ...more)
  return z.object({ items: z.array(KubeObject) }).parse(JSON.parse(found)).items
}

/** Every object of whatever kind in a user's namespace that carries a service's label or begins with its name. */
export async function everythingOf(cluster: Cluster, user: string, service: string): Promise<string[]> {
  const kinds = (await cluster.kubectl('api-resources', '--verbs=list', '--namespaced', '-o', 'name')).trim().split('\n')
  const listable = kinds.filter((kind) => !kind.startsWith('events') && !kind.endsWith('.metrics.k8s.io'))
  const found = await objectsIn(cluster, `karvdash-${user}`, listable.join(','))
  return found
    .filter(({ metadata }) => metadata.labels['karvdash.io/service'] === service || metadata.name.startsWith(service))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
}
