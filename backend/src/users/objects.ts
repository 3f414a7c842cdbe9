import { labels, namespaceOf, parseQuantity } from '@karvdash/common'
import * as z from 'zod'
import type { Config } from '../config.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { volumeObjects } from '../storage/backing.ts'
import { quotaOf } from './account.ts'
import { boundObjects } from './bounds.ts'

/** Name of the Secret, in each user's namespace, that tells pods with an identity where the API is and whom to trust. */
export const apiSecretName = 'karvdash-api'

/** The volume that gives a pod its identity. */
export const identityVolumeName = 'karvdash-identity'
/** The role binding that lets the platform in. */
export const platformBindingName = 'karvdash-platform'
/** The role binding that makes the user the owner of their namespace. */
export const ownerBindingName = 'karvdash-owner'

/** Name of the Secret, in each user's namespace, by which their pods pull from the registry. */
export const pullSecretName = 'karvdash-registry'

/** What a user's namespace must hold. */
export interface UserObjectsInput {
  /** The stored `User`: it owns the namespace. */
  user: KubeObject
  config: Pick<Config, 'namespace' | 'serviceName' | 'bounds' | 'backings'>
  /** PEM of the CA that signs the API's in-cluster certificate. */
  ca: string
}

/** Everything that should exist for a user, in the order it is applied. */
export function userObjects({ user, config, ca }: UserObjectsInput): KubeObject[] {
  const namespace = namespaceOf(user.metadata.name)
  const tags = { [labels.managedBy]: 'karvdash', [labels.user]: user.metadata.name }
  const guarded = { ...tags, [labels.guarded]: 'true' }
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: tags, ownerReferences: [ownerReference(user)] } },
    binding(platformBindingName, 'karvdash-tenant', { name: config.serviceName, namespace: config.namespace }),
    // Before anything of the user's can run.
    ...boundObjects(namespace, guarded, { ...config, bounds: boundsOf(user, config) }),
    ...volumeObjects(user.metadata.name, config.backings, tags),
    binding(ownerBindingName, 'cluster-admin', { name: 'default', namespace }),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: apiSecretName, namespace, labels: guarded },
      type: 'Opaque',
      data: { 'ca.crt': base64(ca), url: base64(apiUrl(config)) },
    },
  ]

  function binding(name: string, role: string, subject: { name: string; namespace: string }): KubeObject {
    return {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace, labels: guarded },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', ...subject }],
    }
  }
}

/** Where a user's pods pull images from, and what they show there. */
export interface PullLogin {
  host: string
  username: string
  password: string
}

/** The Secret by which a user's pods pull images, as `docker login` writes it. */
export function pullSecret({ host, username, password }: PullLogin): KubeObject {
  const tags = { [labels.managedBy]: 'karvdash', [labels.user]: username, [labels.guarded]: 'true' }
  const auths = { [host]: { username, password, auth: base64(`${username}:${password}`) } }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: pullSecretName, namespace: namespaceOf(username), labels: tags },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
  }
}

/** The usual bounds, with what an administrator chose for this user. */
function boundsOf(user: KubeObject, { bounds }: Pick<Config, 'bounds'>): Config['bounds'] {
  return { ...bounds, quota: { ...bounds.quota, ...quotaOf(user) } }
}

/** The API's address inside the cluster. */
export function apiUrl({ namespace, serviceName }: Pick<Config, 'namespace' | 'serviceName'>): string {
  return `https://${serviceName}.${namespace}.svc`
}

/** Whether everything intended stands in what is stored, and a quota has no other lines; defaults the API server added do not matter. */
export function stands(intended: unknown, stored: unknown): boolean {
  return includes(intended, stored) && linesOf(stored).every((line) => linesOf(intended).includes(line))
}

const Quota = z.looseObject({
  kind: z.literal('ResourceQuota'),
  spec: z.looseObject({ hard: z.record(z.string(), z.unknown()) }),
})

function linesOf(object: unknown): string[] {
  return Object.keys(Quota.safeParse(object).data?.spec.hard ?? {})
}

function includes(intended: unknown, stored: unknown): boolean {
  if (Array.isArray(intended)) {
    return Array.isArray(stored) && intended.length === stored.length && intended.every((item, i) => includes(item, stored[i]))
  }
  if (intended === null || typeof intended !== 'object') return intended === stored || isSameQuantity(intended, stored)
  if (stored === null || typeof stored !== 'object') return false
  return Object.entries(intended).every(([name, value]) => includes(value, (stored as Record<string, unknown>)[name]))
}

/** The API server writes quantities its own way: 1000 becomes 1k. */
function isSameQuantity(one: unknown, other: unknown): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return false
  const amount = parseQuantity(one)
  return amount !== undefined && amount === parseQuantity(other)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
