import { setTimeout as sleep } from 'node:timers/promises'
import { DomainName, namespaceOf, Problem } from '@karvdash/common'
import * as z from 'zod'
import type { Config } from '../config.ts'
import { ensureFolder } from '../filesystem/folders.ts'
import type { Presence } from '../filesystem/presence.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { type Resource, resources } from '../kubernetes/resources.ts'
import { soon } from '../kubernetes/soon.ts'
import { domainFolder } from '../storage/domains.ts'
import { readUser, type UserRecord } from './account.ts'
import { quotaNames } from './bounds.ts'
import type { Closing } from './closing.ts'
import { allotFileId, sharedGid } from './file-ids.ts'
import { type Leaving, userFinalizer } from './leaving.ts'
import { pullSecret, stands, userObjects } from './objects.ts'

export interface ReconcilePorts {
  kubernetes: Kubernetes
  namespaces: Cache
  bindings: Cache
  config: Config
  /** PEM of the CA of the API's in-cluster certificate, as it is now. */
  ca: () => string
  closing: Closing
  presence: Presence
  leaving: Pick<Leaving, 'finish'>
  /** What a user's pods pull images with, for now; undefined where there is no registry. */
  pullPassword: (user: string) => string | undefined
}

const kinds: Record<string, Resource> = {
  Namespace: resources.namespaces,
  RoleBinding: resources.roleBindings,
  Secret: resources.secrets,
  ResourceQuota: resources.quotas,
  LimitRange: resources.limitRanges,
  NetworkPolicy: resources.networkPolicies,
  PersistentVolume: resources.volumes,
  PersistentVolumeClaim: resources.claims,
}

/** Makes the reconcile function of users: everything that should exist of one does, afterwards, and nothing else. */
export function createReconcileUser(ports: ReconcilePorts): (name: string) => Promise<void> {
  return async (name) => {
    const object = await ports.kubernetes.get(resources.users, { name })
    if (!object) return
    if (object.metadata.deletionTimestamp !== undefined) return ports.leaving.finish(object)
    const { active, fileId } = readUser(object)
    if (active) return furnish(ports, object)
    // A namespace is made at the first activation.
    if (fileId !== undefined) await ports.closing.close(object)
  }
}

async function furnish(ports: ReconcilePorts, object: KubeObject): Promise<void> {
  const { kubernetes, config } = ports
  const user = readUser(object)
  const namespace = namespaceOf(user.name)
  await keepInSight(kubernetes, object)
  const fileId = user.fileId ?? (await allotFileId(ports, user))
  const isNew = !user.ready || ports.namespaces.get(namespace) === undefined
  await ensureFolders(ports, user, fileId)
  for (const intended of userObjects({ user: object, config, ca: ports.ca() })) await ensure(ports, intended)
  if (isNew)
    await Promise.all([
      untilAccountOf(kubernetes, namespace),
      ...quotaNames.map((name) => untilCounted(kubernetes, namespace, name)),
    ])
  await ports.closing.open(object)
  if (!user.ready || user.fileId !== fileId) {
    const status = { namespace, uid: fileId, gid: fileId, conditions: [readyCondition()] }
    await kubernetes.patch(resources.users, { name: user.name, subresource: 'status' }, { status })
  }
  await ensurePulling(ports, user.name)
}

/** Last of all: a quota of Secrets that is full keeps nothing else from being as it should. */
async function ensurePulling(ports: ReconcilePorts, username: string): Promise<void> {
  const { registry } = ports.config
  const password = ports.pullPassword(username)
  if (registry && password !== undefined) await ensure(ports, pullSecret({ host: registry.host, username, password }))
}

/** From here on there is something that has to go before the `User` may. */
async function keepInSight(kubernetes: Kubernetes, { metadata }: KubeObject): Promise<void> {
  const { name, finalizers = [] } = metadata as KubeObject['metadata'] & { finalizers?: string[] }
  if (finalizers.includes(userFinalizer)) return
  await kubernetes.patch(resources.users, { name }, { metadata: { finalizers: [...finalizers, userFinalizer] } })
}

async function ensureFolders({ config, presence }: ReconcilePorts, user: UserRecord, gid: number): Promise<void> {
  for (const domain of DomainName.options) {
    const folder =
      domain === 'shared'
        ? { parent: config.domainsFolder, name: domain, gid: sharedGid(config) }
        : { parent: domainFolder(domain, config), name: user.name, gid }
    try {
      await presence(domainFolder(domain, config))
      await ensureFolder(folder)
    } catch (error) {
      // Who has the folder already goes on without it while its storage is away.
      if (!user.ready || !(error instanceof Problem)) throw error
    }
  }
}

async function ensure({ kubernetes, namespaces, bindings }: ReconcilePorts, intended: KubeObject): Promise<void> {
  const { kind, metadata } = intended
  const resource = kinds[kind]
  if (!resource) throw new Error(`No resource for ${kind}`)
  const cache = { Namespace: namespaces, RoleBinding: bindings }[kind]
  const stored = cache ? cache.get(metadata.name, metadata.namespace) : await soon(() => kubernetes.get(resource, metadata))
  if (stored && stands(intended, stored)) return
  await soon(() => kubernetes.apply(resource, intended)).catch(async (error: unknown) => {
    if (!isImmutable(error) || kind === 'Namespace') throw error
    // Whom a binding binds to, and the type of a Secret, cannot be changed: made by a tenant's hand, they are made anew.
    await kubernetes.remove(resource, metadata)
    await soon(() => kubernetes.apply(resource, intended))
  })
}

function isImmutable(error: unknown): boolean {
  return error instanceof KubeError && error.status === 422
}

/** Waits for the `default` service account, which a controller makes in each namespace: without it no pod can start. */
async function untilAccountOf(kubernetes: Kubernetes, namespace: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await kubernetes.get(resources.serviceAccounts, { namespace, name: 'default' })) return
    await sleep(100)
  }
}

const Counted = z.looseObject({ hard: z.record(z.string(), z.string()), used: z.record(z.string(), z.string()) })

/** Waits until a controller has counted what the quota limits: until then the API server refuses all of it. */
async function untilCounted(kubernetes: Kubernetes, namespace: string, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const quota = await kubernetes.get(resources.quotas, { namespace, name })
    if (!quota) return
    const counted = Counted.safeParse(quota['status'])
    if (counted.success && Object.keys(counted.data.hard).every((name) => isOwnKind(name) || name in counted.data.used)) return
    await sleep(50)
  }
}

/** The controller learns of kinds that were installed half a minute later, and nobody waits to make one of these. */
function isOwnKind(counted: string): boolean {
  return counted.endsWith('.karvdash.io')
}

function readyCondition(): object {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    type: 'Ready',
    status: 'True',
    reason: 'Reconciled',
    message: 'The namespace and the folders are there.',
    lastTransitionTime,
  }
}
