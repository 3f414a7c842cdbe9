import { Deletion, type DeletionPreview, namespaceOf } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { UserFolders } from '../filesystem/user-folders.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { stripFinalizers } from '../kubernetes/finalizers.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { readableRecord } from '../services/record.ts'
import { volumeNames } from '../storage/backing.ts'
import type { Accounts } from './accounts.ts'
import type { Closing } from './closing.ts'

/** Keeps a `User` in sight until all of them is gone. */
export const userFinalizer = 'karvdash.io/leaving'

/** How users leave. */
export interface Leaving {
  /** What would go. */
  preview(user: string): Promise<DeletionPreview>
  /** Writes down what is to become of a user's files, and begins. */
  begin(user: string, deletion: Deletion): Promise<void>
  /** Does what is left to do; whoever comes next may go on with it. @throws StillLeaving while the cluster is at it. */
  finish(user: KubeObject): Promise<void>
}

export interface LeavingPorts {
  kubernetes: Kubernetes
  users: Pick<Cache, 'caughtUp'>
  accounts: Pick<Accounts, 'fresh'>
  closing: Closing
  folders: UserFolders
  config: Pick<Config, 'namespace' | 'serviceName' | 'backings'>
}

/** The namespace is not gone yet: it is looked at again later. */
export class StillLeaving extends Error {}

/** Makes the three. Every step may be repeated; the record of what is to be done is the `User` itself. */
export function createLeaving({ kubernetes, users, accounts, closing, folders, config }: LeavingPorts): Leaving {
  return {
    async preview(user) {
      const place = { namespace: namespaceOf(user) }
      const [records, claims, account, files] = await Promise.all([
        kubernetes.list(resources.serviceRecords, place),
        kubernetes.list(resources.claims, place),
        accounts.fresh(user),
        folders.usage(user),
      ])
      return {
        services: records.items.map(({ metadata }) => metadata.name),
        claims: claims.items.map(({ metadata }) => metadata.name),
        tokens: account?.tokens.length ?? 0,
        files,
      }
    },
    async begin(user, deletion) {
      const written = await kubernetes.patch(resources.users, { name: user }, { spec: { active: false, deletion } })
      await users.caughtUp(written)
      await kubernetes.remove(resources.users, { name: user })
    },
    async finish(user) {
      const { name } = user.metadata
      await emptyNamespace(user)
      const { files } = Deletion.catch({ files: 'keep' }).parse((user['spec'] as { deletion?: unknown } | undefined)?.deletion)
      await endShares(kubernetes, name)
      for (const volume of volumeNames(name, config.backings)) await kubernetes.remove(resources.volumes, { name: volume })
      if (files === 'archive') await folders.archive(name, user.metadata.uid ?? '')
      if (files === 'erase') await folders.erase(name)
      const finalizers = (user.metadata as { finalizers?: string[] }).finalizers ?? []
      const rest = finalizers.filter((one) => one !== userFinalizer)
      await kubernetes.patch(resources.users, { name }, { metadata: { finalizers: rest } })
    },
  }

  async function emptyNamespace(user: KubeObject): Promise<void> {
    const name = namespaceOf(user.metadata.name)
    const found = await kubernetes.get(resources.namespaces, { name })
    if (!found) return
    if (found.metadata.deletionTimestamp === undefined) {
      await closing.close(user)
      await kubernetes.apply(resources.roleBindings, cleanerBinding(name, config))
      await stripFinalizers(kubernetes, name)
      await kubernetes.remove(resources.namespaces, { name })
    }
    throw new StillLeaving(name)
  }
}

/** What others shared with the user: or whoever is given the name later could enter. */
async function endShares(kubernetes: Kubernetes, user: string): Promise<void> {
  const { items } = await kubernetes.list(resources.serviceRecords)
  for (const record of items.flatMap((object) => readableRecord(object) ?? [])) {
    if (!record.sharedWith.includes(user)) continue
    const sharedWith = record.sharedWith.filter((one) => one !== user)
    await kubernetes.patch(resources.serviceRecords, { namespace: record.namespace, name: record.name }, { spec: { sharedWith } })
  }
}

/** Lets the platform tidy a namespace whose user has no rights in it any more; it goes with the namespace. */
function cleanerBinding(namespace: string, { namespace: home, serviceName }: LeavingPorts['config']): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'karvdash-cleaner', namespace, labels: { 'app.kubernetes.io/managed-by': 'karvdash' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: serviceName, namespace: home }],
  }
}
