import { signIn, visitor } from '../people.ts'
import { launch } from '../services.ts'
import { home, object } from './asks.ts'
import type { Ground } from './ground.ts'
import { foreignKinds } from './kinds.ts'

const inHome = { metadata: { namespace: home } }
const own = [
  object('v1', 'ConfigMap', 'own', { metadata: { namespace: home, finalizers: ['mallory.example/kept'] } }),
  object('v1', 'PersistentVolumeClaim', 'own', {
    ...inHome,
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'any', resources: { requests: { storage: '1Gi' } } },
  }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'own', {
    ...inHome,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  }),
  // As while a user's namespace is taken down.
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'karvdash-cleaner', {
    ...inHome,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'karvdash', namespace: 'karvdash' }],
  }),
  // People whom an administrator gave mallory's rights; one of them may pass the guard as well.
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'people', {
    ...inHome,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: ['bob@example.org', 'passer@example.org', 'system:anonymous'].map((name) => ({ kind: 'User', name })),
  }),
  object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'passer', {
    rules: [{ apiGroups: ['karvdash.io'], resources: ['guard'], verbs: ['pass'] }],
  }),
  object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'passer', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'passer' },
    subjects: [{ kind: 'User', name: 'passer@example.org' }],
  }),
]

/** Makes what attacks on objects are aimed at: a launched service, objects of mallory's own, and kinds of others. */
export async function placeAims({ cluster, backend }: Ground): Promise<void> {
  for (const one of [...own, ...foreignKinds.map(definition)]) await cluster.create(one)
  await launch(await signIn(visitor(backend, 'mallory')), { template: 'hello' })
  const definitions = foreignKinds.map((kind) => `crd/${nameOf(kind)}`)
  await cluster.kubectl('wait', '--for=condition=Established', ...definitions)
}

type Kind = (typeof foreignKinds)[number]

function nameOf([apiVersion, , plural]: Kind): string {
  return `${plural}.${apiVersion.split('/')[0]}`
}

function definition(foreign: Kind): object {
  const [apiVersion, kind, plural] = foreign
  const [group, name] = apiVersion.split('/')
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', nameOf(foreign), {
    // Its name is kept for those who may speak for Kubernetes.
    metadata: { annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/1' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name, served: true, storage: true, schema }],
    },
  })
}
