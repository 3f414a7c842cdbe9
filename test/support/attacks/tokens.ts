import { at, attacksOn, clusterWide, create, home, object, patch, right } from './asks.ts'
import type { Attack } from './attack.ts'

const rbac = 'rbac.authorization.k8s.io/v1'
const tokens = (account = 'default', namespace = home) => `${at('v1', 'serviceaccounts', account, namespace)}/token`
const token = (spec: object) => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec })

const onTokens = attacksOn(
  'tokens are short, and none is the platform’s',
  "'karvdash-tokens'",
  right(
    'asks for a token of an hour for a tool of theirs',
    create(tokens(), token({ audiences: ['vault'], expirationSeconds: 3600 })),
  ),
)
const short: Attack[] = [
  onTokens('asks for a token that calls the platform', create(tokens(), token({ audiences: ['karvdash'] })), {
    expects: 'audience karvdash',
  }),
  onTokens('hides the platform among audiences', create(tokens(), token({ audiences: ['vault', 'karvdash'] })), {
    expects: 'audience karvdash',
  }),
  onTokens(
    'binds a token that calls the platform to a pod',
    create(tokens(), token({ audiences: ['karvdash'], boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'target' } })),
    {
      expects: 'audience karvdash',
    },
  ),
  onTokens('asks for a token of ten years', create(tokens(), token({ expirationSeconds: 315_360_000 })), {
    expects: 'an hour at most',
  }),
  onTokens('asks for a token of an hour and a second', create(tokens(), token({ expirationSeconds: 3601 })), {
    expects: 'an hour at most',
  }),
]

const endlessToken = {
  metadata: { annotations: { 'kubernetes.io/service-account.name': 'default' } },
  type: 'kubernetes.io/service-account-token',
}
const onSecrets = attacksOn(
  'no token is for ever',
  "'karvdash-secrets'",
  right(
    'makes a Secret for pulling images',
    create(
      at('v1', 'secrets'),
      object('v1', 'Secret', 'pull', { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } }),
    ),
  ),
)
const endless: Attack[] = [
  onSecrets('makes a Secret that is a token', create(at('v1', 'secrets'), object('v1', 'Secret', 'endless', endlessToken))),
  onSecrets(
    'makes such a Secret under a name that the server chooses',
    create(at('v1', 'secrets'), {
      apiVersion: 'v1',
      kind: 'Secret',
      ...endlessToken,
      metadata: { ...endlessToken.metadata, generateName: 'endless-' },
    }),
  ),
]

const bindings = (name?: string, namespace = home) => at(rbac, 'rolebindings', name, namespace)
const account = (name: string, namespace: string) => ({ kind: 'ServiceAccount', name, namespace })
const person = (kind: 'User' | 'Group', name: string) => ({ kind, name, apiGroup: 'rbac.authorization.k8s.io' })
const binding = (...subjects: object[]) =>
  object(rbac, 'RoleBinding', 'shared', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects,
  })
const onBindings = attacksOn(
  'rights in a namespace stay in it',
  "'karvdash-bindings'",
  right('gives rights to an account of their own', create(bindings(), binding(account('builder', home)))),
)
const rights: Attack[] = [
  onBindings('lets another user’s account in', create(bindings(), binding(account('default', 'karvdash-alice')))),
  onBindings(
    'lets another user’s account in behind their own',
    create(bindings(), binding(account('builder', home), account('default', 'karvdash-alice'))),
  ),
  onBindings('gives the platform’s account more power', create(bindings(), binding(account('karvdash', 'karvdash')))),
  onBindings(
    'gives a controller power in their namespace',
    create(bindings(), binding(account('generic-garbage-collector', 'kube-system'))),
  ),
  onBindings('lets a person in', create(bindings(), binding(person('User', 'bob@example.org')))),
  onBindings('lets everybody in', create(bindings(), binding(person('Group', 'system:authenticated')))),
  onBindings('lets the whole world in', create(bindings(), binding(person('User', 'system:anonymous')))),
  onBindings('lets all accounts of the cluster in', create(bindings(), binding(person('Group', 'system:serviceaccounts')))),
  onBindings(
    'names another user’s account as a person',
    create(bindings(), binding(person('User', 'system:serviceaccount:karvdash-alice:default'))),
  ),
  onBindings(
    'adds a stranger to a binding of their own',
    patch(bindings('own'), { subjects: [account('default', 'karvdash-alice')] }),
  ),
]

/** What a binding in a namespace cannot reach, whatever it says. */
const onCluster = attacksOn(
  'power ends at the namespace',
  /is forbidden: User "system:serviceaccount:karvdash-mallory:default" cannot \w+ resource/,
)
const admission = 'admissionregistration.k8s.io/v1'
const beyond: Attack[] = [
  onCluster(
    'makes themselves administrator of the cluster',
    create(clusterWide(rbac, 'clusterrolebindings'), { ...binding(account('default', home)), kind: 'ClusterRoleBinding' }),
  ),
  onCluster('takes a policy of the guard away', {
    verb: 'delete',
    path: clusterWide(admission, 'validatingadmissionpolicies', 'karvdash-guarded'),
  }),
  onCluster('takes a policy out of force', {
    verb: 'delete',
    path: clusterWide(admission, 'validatingadmissionpolicybindings', 'karvdash-routes'),
  }),
  onCluster(
    'makes a webhook that sees what others write',
    create(clusterWide(admission, 'mutatingwebhookconfigurations'), object(admission, 'MutatingWebhookConfiguration', 'mine')),
  ),
  onCluster(
    'makes themselves an administrator of the platform',
    patch(clusterWide('karvdash.io/v1', 'users', 'mallory'), { spec: { role: 'admin' } }),
  ),
  onCluster(
    'takes another numeric id',
    patch(`${clusterWide('karvdash.io/v1', 'users', 'mallory')}/status`, { status: { uid: 0 } }),
  ),
  onCluster(
    'asks for a certificate of a node',
    create(
      clusterWide('certificates.k8s.io/v1', 'certificatesigningrequests'),
      object('certificates.k8s.io/v1', 'CertificateSigningRequest', 'node', {
        spec: { request: '', signerName: 'kubernetes.io/kubelet-serving' },
      }),
    ),
  ),
  onCluster(
    'makes a volume of the host’s root',
    create(
      clusterWide('v1', 'persistentvolumes'),
      object('v1', 'PersistentVolume', 'root', { spec: { hostPath: { path: '/' } } }),
    ),
  ),
  onCluster('takes a taint off a node', patch(clusterWide('v1', 'nodes', 'any'), { spec: { taints: [] } })),
  onCluster('makes a namespace', create(clusterWide('v1', 'namespaces'), object('v1', 'Namespace', 'karvdash-mallory2'))),
  onCluster(
    'writes into another user’s namespace',
    create(at('v1', 'configmaps', undefined, 'karvdash-alice'), object('v1', 'ConfigMap', 'planted')),
  ),
  onCluster(
    'binds themselves in another user’s namespace',
    create(bindings(undefined, 'karvdash-alice'), binding(account('default', home))),
  ),
  onCluster('asks for another user’s token', create(tokens('default', 'karvdash-alice'), token({}))),
  onCluster('asks for the platform’s token', create(tokens('karvdash', 'karvdash'), token({}))),
  onCluster(
    'takes the lease of who reconciles',
    patch(at('coordination.k8s.io/v1', 'leases', 'karvdash-reconciler', 'karvdash'), { spec: { holderIdentity: 'mallory' } }),
  ),
  onCluster('deletes another user’s account', { verb: 'delete', path: at('v1', 'secrets', 'account.alice', 'karvdash') }),
]

/** Attacks that would make a tenant somebody else, or for longer. */
export const tokenAttacks: Attack[] = [...short, ...endless, ...rights, ...beyond]
