import { apply, at, attacksOn, clusterWide, create, home, object, patch, remove, right } from './asks.ts'
import type { Attack } from './attack.ts'

const platform = 'system:serviceaccount:karvdash:karvdash'
const rbac = 'rbac.authorization.k8s.io/v1'
const namespaces = (name?: string) => clusterWide('v1', 'namespaces', name)
const namespace = (name: string) => object('v1', 'Namespace', name)
const bindings = (name: string | undefined, where = home) => at(rbac, 'rolebindings', name, where)
const account = (name: string, where: string) => ({ kind: 'ServiceAccount', name, namespace: where })
const binding = (name: string, role: string, ...subjects: object[]) =>
  object(rbac, 'RoleBinding', name, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects,
  })
const toPlatform = (where?: string) =>
  create(bindings(undefined, where), binding('karvdash-platform', 'karvdash-tenant', account('karvdash', 'karvdash')))

const onNamespaces = attacksOn('the platform keeps to users’ namespaces', "'karvdash-platform'", {
  as: platform,
  ...right('makes a user’s namespace', create(namespaces(), namespace('karvdash-newcomer'))),
})
const inNamespaces: Attack[] = [
  onNamespaces('makes a namespace of another kind', create(namespaces(), namespace('kube-evil'))),
  onNamespaces('makes a namespace that only looks like a user’s', create(namespaces(), namespace('karvdash-a-b'))),
  onNamespaces('deletes the cluster’s own namespace', remove(namespaces('kube-node-lease'))),
  onNamespaces('deletes the namespace it lives in', remove(namespaces('karvdash'))),
  onNamespaces('relabels the cluster’s own namespace', patch(namespaces('kube-system'), { metadata: { labels: { x: 'y' } } })),
  onNamespaces(
    'bounds the cluster’s own namespace',
    create(
      at('v1', 'resourcequotas', undefined, 'kube-system'),
      object('v1', 'ResourceQuota', 'none', { spec: { hard: { pods: '0' } } }),
    ),
  ),
  onNamespaces(
    'cuts a namespace off',
    create(
      at('networking.k8s.io/v1', 'networkpolicies', undefined, 'kube-system'),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'none', { spec: { podSelector: {} } }),
    ),
  ),
  onNamespaces(
    'deletes bindings in the cluster’s own namespace',
    remove(bindings('system:controller:bootstrap-signer', 'kube-system')),
  ),
].map((attack) => ({ ...attack, as: platform }))

const onRights = attacksOn('the platform gives no right but the two', "'karvdash-platform'", {
  as: platform,
  ...right(
    'binds the user to their namespace',
    apply(bindings('karvdash-owner'), binding('karvdash-owner', 'cluster-admin', account('default', home))),
  ),
})
const inRights: Attack[] = [
  onRights('binds itself in the cluster’s own namespace', toPlatform('kube-system')),
  onRights('binds itself in its own namespace', toPlatform('karvdash'), { expects: 'its own namespace' }),
  onRights(
    'makes itself administrator of a user’s namespace',
    create(bindings(undefined), binding('mine', 'cluster-admin', account('karvdash', 'karvdash'))),
  ),
  onRights(
    'makes itself the owner',
    apply(bindings('karvdash-owner'), binding('karvdash-owner', 'cluster-admin', account('karvdash', 'karvdash'))),
  ),
  onRights(
    'binds another user',
    apply(bindings('karvdash-owner'), binding('karvdash-owner', 'cluster-admin', account('default', 'karvdash-alice'))),
  ),
  onRights(
    'binds another account of the user',
    apply(bindings('karvdash-owner'), binding('karvdash-owner', 'cluster-admin', account('other', home))),
  ),
  onRights(
    'binds a second one beside the user',
    apply(
      bindings('karvdash-owner'),
      binding('karvdash-owner', 'cluster-admin', account('default', home), account('default', 'karvdash-alice')),
    ),
  ),
  onRights(
    'binds a group',
    apply(
      bindings('karvdash-owner'),
      binding('karvdash-owner', 'cluster-admin', { kind: 'Group', name: 'system:authenticated' }),
    ),
  ),
  onRights(
    'gives the owner’s binding another name',
    create(bindings(undefined), binding('another', 'cluster-admin', account('default', home))),
  ),
].map((attack) => ({ ...attack, as: platform }))

const onKinds = attacksOn('the platform writes kinds of its own', "'karvdash-platform'", {
  as: platform,
  ...right('takes a finalizer that nobody would', patch(at('v1', 'configmaps', 'own'), { metadata: { finalizers: null } })),
})
const token = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['karvdash'] } }
const pod = object('v1', 'Pod', 'its', { spec: { containers: [{ name: 'main', image: 'busybox' }] } })
const inKinds: Attack[] = [
  onKinds('asks for a user’s token', create(`${at('v1', 'serviceaccounts', 'default')}/token`, token)),
  onKinds('runs a pod with a user’s files', create(at('v1', 'pods'), pod)),
  onKinds(
    'enters a pod by another container',
    patch(`${at('v1', 'pods', 'target')}/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] },
    }),
  ),
  onKinds('changes what a user keeps', patch(at('v1', 'configmaps', 'own'), { data: { x: 'y' } })),
  onKinds('leads a Service elsewhere', create(at('v1', 'endpoints'), object('v1', 'Endpoints', 'its'))),
].map((attack) => ({ ...attack, as: platform }))

/** What somebody would try who has taken the backend over. */
export const platformAttacks: Attack[] = [...inNamespaces, ...inRights, ...inKinds]
