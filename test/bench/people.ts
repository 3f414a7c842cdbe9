import type { KubeObject } from '@karvdash/backend/kubernetes/objects'
import { ownerReference } from '@karvdash/backend/kubernetes/objects'
import { resources } from '@karvdash/backend/kubernetes/resources'
import { recordObject } from '@karvdash/backend/services/recorded'
import { accountSecret } from '@karvdash/backend/users/account'
import { namespaceOf } from '@karvdash/common'
import { until } from '../support/until.ts'
import type { Ground } from './ground.ts'

const atATime = 8

/** Makes so many users with an account, a namespace and a service each; a backend does its part of it. */
export async function people(ground: Ground, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, n) => `user${n}`)
  await each(names, (name) => person(ground, { name, uid: 50_000 + Number(name.slice('user'.length)) }))
  const backend = await ground.start()
  await until(async () => {
    const { items } = await ground.kubernetes.list(resources.users)
    return items.every(({ status }) => JSON.stringify(status).includes('Ready'))
  }, 120_000)
  await each(names, (name) => ground.kubernetes.create(resources.serviceRecords, record(name)))
  await backend.stop()
}

/** Makes somebody with an account, and the hash of a password. */
export async function person(
  { kubernetes }: Ground,
  { name, uid, password = '' }: { name: string; uid: number; password?: string },
) {
  const user = await kubernetes.create(resources.users, {
    apiVersion: 'karvdash.io/v1',
    kind: 'User',
    metadata: { name },
    spec: { email: `${name}@example.org`, displayName: `User ${name}`, role: 'user', active: true },
  })
  await kubernetes.patch(resources.users, { name, subresource: 'status' }, { status: { uid } })
  const now = new Date().toISOString()
  const sessions = Array.from({ length: 5 }, (_, n) => ({
    ...{ id: `${n}`.padStart(32, '0'), createdAt: now, seenAt: now, agent: '', address: '' },
  }))
  const account = { user: name, password, sessions, tokens: [], editors: [], generation: 0 }
  await kubernetes.create(
    resources.secrets,
    accountSecret(account, { namespace: 'karvdash', ownerReferences: [ownerReference(user)] }),
  )
}

/** A service of theirs, of which nothing is left to be applied. */
function record(user: string): KubeObject {
  const objects = Array.from({ length: 10 }, (_, n) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `config-${n}` },
  }))
  return recordObject({
    name: 'service',
    namespace: namespaceOf(user),
    template: 'ten',
    digest: '',
    values: {},
    path: '/',
    objects,
  })
}

/** Does something for each, some at a time. */
export async function each<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}
