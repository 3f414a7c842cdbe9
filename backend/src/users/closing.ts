import { labels, namespaceOf } from '@karvdash/common'
import * as z from 'zod'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { KubeError } from '../kubernetes/errors.ts'
import { noteSecret } from '../kubernetes/notes.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { type Resource, resources } from '../kubernetes/resources.ts'
import { soon } from '../kubernetes/soon.ts'
import { signedOut } from './account.ts'
import type { Accounts } from './accounts.ts'
import { ownerBindingName, platformBindingName } from './objects.ts'

/** What a user who is not active has no more: sessions, rights in their namespace, pods. Files and objects stay. */
export interface Closing {
  /** Shuts all of it; doing it again changes nothing. */
  close(user: KubeObject): Promise<void>
  /** Gives back what closing took: the user's own role bindings, and room for the pods that workloads make again. */
  open(user: KubeObject): Promise<void>
}

export interface ClosingPorts {
  kubernetes: Kubernetes
  accounts: Pick<Accounts, 'fresh' | 'update'>
  config: Pick<Config, 'namespace'>
}

/** Name of the quota that lets no pod in. */
const quotaName = 'karvdash-closed'
/** Enough for the programs that hear SIGTERM; the others are killed. */
const graceSeconds = 1
/** A Secret holds 1 MiB; bindings beyond are given up rather than kept in force. */
const mostKeptBytes = 700_000

const Binding = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  roleRef: z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({})).optional(),
})
type Binding = z.infer<typeof Binding>

/** Makes the two: what is taken is written down first, so that whoever comes next can finish either. */
export function createClosing({ kubernetes, accounts, config }: ClosingPorts): Closing {
  return { close, open }

  async function close(user: KubeObject): Promise<void> {
    const { name } = user.metadata
    const namespace = namespaceOf(name)
    const account = await accounts.fresh(name)
    if (account && account.sessions.length + account.editors.length > 0) await accounts.update(name, signedOut)
    const { items } = await kubernetes.list(resources.roleBindings, { namespace })
    const others = items.filter(({ metadata }) => ![ownerBindingName, platformBindingName].includes(metadata.name))
    if (others.length > 0) await keep(user, others)
    // Without rights first: nobody undoes the rest.
    for (const binding of [...others, { metadata: { name: ownerBindingName } }])
      await kubernetes.remove(resources.roleBindings, { namespace, name: binding.metadata.name })
    await kubernetes.apply(resources.quotas, closedQuota(namespace))
    await kubernetes.removeAll(resources.pods, { namespace }, { graceSeconds })
  }
  async function open(user: KubeObject): Promise<void> {
    const namespace = namespaceOf(user.metadata.name)
    const place = { namespace, name: quotaName }
    if (!(await kubernetes.get(resources.quotas, place))) return
    const bindings = await kept(user.metadata.name)
    if (bindings.length > 0) await soon(() => kubernetes.as({ namespace }).list(resources.roleBindings, { namespace }))
    for (const binding of bindings) await restore(namespace, binding)
    await kubernetes.remove(resources.secrets, { namespace: config.namespace, name: keptName(user.metadata.name) })
    await kubernetes.remove(resources.quotas, place)
    await soon(() => wake(kubernetes.as({ namespace }), namespace))
  }
  async function kept(user: string): Promise<Binding[]> {
    const secret = await kubernetes.get(resources.secrets, { namespace: config.namespace, name: keptName(user) })
    if (!secret) return []
    const { bindings } = z.object({ bindings: z.string() }).parse(secret['data'])
    return z.array(Binding).parse(JSON.parse(Buffer.from(bindings, 'base64').toString()))
  }
  async function keep(user: KubeObject, bindings: KubeObject[]): Promise<void> {
    const before = await kept(user.metadata.name)
    const known = new Set(before.map(({ metadata }) => metadata.name))
    const more = bindings.map((binding) => Binding.parse(binding)).filter(({ metadata }) => !known.has(metadata.name))
    await kubernetes.apply(resources.secrets, keptSecret(user, config.namespace, fitting([...before, ...more])))
  }
  /** As the user: what they may not bind now, they do not get back by having bound it before. */
  async function restore(namespace: string, { metadata, roleRef, subjects }: Binding): Promise<void> {
    const { name, labels: tags = {}, annotations = {} } = metadata
    const kind = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' }
    const binding = { ...kind, metadata: { name, namespace, labels: tags, annotations }, roleRef, subjects }
    await kubernetes
      .as({ namespace })
      .create(resources.roleBindings, binding)
      .catch((error: unknown) => {
        if (!(error instanceof KubeError) || ![403, 404, 409, 422].includes(error.status)) throw error
      })
  }
}

function keptName(user: string): string {
  return `closed.${user}`
}

function keptSecret(user: KubeObject, namespace: string, bindings: Binding[]): KubeObject {
  const place = { name: keptName(user.metadata.name), namespace, ownerReferences: [ownerReference(user)] }
  return noteSecret('closed', place, { bindings: JSON.stringify(bindings) })
}

function fitting(bindings: Binding[]): Binding[] {
  let bytes = 0
  return bindings.filter((binding) => {
    bytes += JSON.stringify(binding).length
    return bytes < mostKeptBytes
  })
}

function closedQuota(namespace: string): KubeObject {
  const tags = { [labels.managedBy]: 'karvdash', [labels.guarded]: 'true' }
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: quotaName, namespace, labels: tags },
    spec: { hard: { pods: '0' } },
  }
}

const makersOfPods: Resource[] = [resources.replicaSets, resources.statefulSets, resources.daemonSets, resources.jobs]

/** Controllers that were refused pods wait longer and longer; a change of what they look after has them try at once. */
async function wake(asUser: Kubernetes, namespace: string): Promise<void> {
  const change = { metadata: { annotations: { 'karvdash.io/opened-at': new Date().toISOString() } } }
  for (const resource of makersOfPods) {
    const { items } = await asUser.list(resource, { namespace })
    for (const { metadata } of items) await asUser.patch(resource, { namespace, name: metadata.name }, change)
  }
}
