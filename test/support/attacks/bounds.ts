import { apply, at, attacksOn, create, home, object, patch, remove, removeAll, right, update } from './asks.ts'
import type { Attack } from './attack.ts'

const labelled = { metadata: { labels: { x: 'y' } } }
const guarded = { metadata: { labels: { 'karvdash.io/guarded': 'true' } } }
const namespace = `/api/v1/namespaces/${home}`
const rbac = 'rbac.authorization.k8s.io/v1'
const ownLabel = right('labels an object of their own', patch(at('v1', 'configmaps', 'own'), labelled))

const onNamespace = attacksOn('the namespace is the platform’s', "'karvdash-namespaces'", ownLabel)
const namespaces: Attack[] = [
  onNamespace(
    'says their namespace is another user’s',
    patch(namespace, { metadata: { labels: { 'karvdash.io/user': 'alice' } } }),
  ),
  onNamespace(
    'lets privileged pods into their namespace by its label',
    patch(namespace, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } }),
  ),
  onNamespace(
    'annotates their namespace',
    apply(namespace, object('v1', 'Namespace', home, { metadata: { annotations: { x: 'y' } } })),
  ),
  onNamespace('takes their namespace from its owner', patch(namespace, [{ op: 'remove', path: '/metadata/ownerReferences' }])),
  onNamespace('keeps their namespace with a finalizer', patch(namespace, { metadata: { finalizers: ['mallory.example/stay'] } })),
  onNamespace('replaces their namespace', update(namespace, object('v1', 'Namespace', home))),
  onNamespace('deletes their namespace', remove(namespace)),
  onNamespace(
    'finalizes their namespace',
    update(`${namespace}/finalize`, object('v1', 'Namespace', home, { spec: { finalizers: [] } })),
  ),
  onNamespace(
    'says their namespace is ending',
    patch(`${namespace}/status`, { status: { conditions: [{ type: 'Left', status: 'True' }] } }),
  ),
]

const quota = object('v1', 'ResourceQuota', 'more', { spec: { hard: { pods: '1000' } } })
const limits = object('v1', 'LimitRange', 'more', { spec: { limits: [{ type: 'Container', default: { memory: '1Ti' } }] } })
/** Either rule may be the first to say so. */
const byKindOrMark = /'karvdash-(bounds|guarded)'/
const onBounds = attacksOn('quotas and limits are the platform’s', byKindOrMark, ownLabel)
const bounds: Attack[] = [
  onBounds('deletes their quota', remove(at('v1', 'resourcequotas', 'karvdash'))),
  onBounds('raises their quota', patch(at('v1', 'resourcequotas', 'karvdash'), { spec: { hard: { pods: '1000' } } })),
  onBounds('deletes all quotas at once', removeAll(at('v1', 'resourcequotas'))),
  onBounds('adds a quota', create(at('v1', 'resourcequotas'), quota)),
  onBounds('deletes their limits', remove(at('v1', 'limitranges', 'karvdash'))),
  onBounds('deletes all limits at once', removeAll(at('v1', 'limitranges'))),
  onBounds('adds limits that give each container much', create(at('v1', 'limitranges'), limits)),
  onBounds(
    'keeps their limits with a finalizer',
    patch(at('v1', 'limitranges', 'karvdash'), { metadata: { finalizers: ['mallory.example/stay'] } }),
  ),
]

const networking = 'networking.k8s.io/v1'
const open = object(networking, 'NetworkPolicy', 'open', { spec: { podSelector: {}, egress: [{}], policyTypes: ['Egress'] } })
const onNetwork = attacksOn('network policies are the platform’s', byKindOrMark, ownLabel)
const network: Attack[] = [
  onNetwork(
    'opens the way out with a policy of their own, since policies add up',
    create(at(networking, 'networkpolicies'), open),
  ),
  onNetwork('deletes the policy', remove(at(networking, 'networkpolicies', 'karvdash'))),
  onNetwork('changes the policy', patch(at(networking, 'networkpolicies', 'karvdash'), { spec: { egress: [{}] } })),
  onNetwork(
    'makes the policy select no pod',
    patch(at(networking, 'networkpolicies', 'karvdash'), { spec: { podSelector: { matchLabels: { x: 'y' } } } }),
  ),
  onNetwork('deletes all policies at once', removeAll(at(networking, 'networkpolicies'))),
]

const records = (name?: string) => at('karvdash.io/v1', 'servicerecords', name)
const template = object('karvdash.io/v1', 'Template', 'mine', { spec: { source: 'kind: Template' } })
const onRecords = attacksOn(
  'records are the platform’s',
  byKindOrMark,
  right('writes a template of their own', create(at('karvdash.io/v1', 'templates'), template)),
)
const recorded: Attack[] = [
  onRecords(
    'forges a record',
    create(records(), object('karvdash.io/v1', 'ServiceRecord', 'evil', { spec: { template: { id: 'hello' } } })),
  ),
  onRecords('changes what was launched', patch(records('hello'), { spec: { manifest: 'H4sIAAAAAAAAA4uOBQApu0wNAgAAAA==' } })),
  onRecords('deletes a record behind the platform’s back', remove(records('hello'))),
  onRecords('deletes all records at once', removeAll(records())),
  onRecords('says that a service was never applied', patch(`${records('hello')}/status`, { status: { phase: 'Recorded' } }), {
    expects: "'karvdash-status'",
  }),
]

const bindings = (name?: string) => at(rbac, 'rolebindings', name)
const secrets = (name?: string) => at('v1', 'secrets', name)
const ownBinding = {
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: home }],
}
const onMarked = attacksOn('what carries the mark is the platform’s', "'karvdash-guarded'", ownLabel)
const marked: Attack[] = [
  onMarked('takes the platform’s rights away', remove(bindings('karvdash-platform'))),
  onMarked('gives the platform’s rights to themselves', patch(bindings('karvdash-platform'), { subjects: ownBinding.subjects })),
  onMarked('deletes all bindings at once', removeAll(bindings())),
  onMarked('takes the mark off', patch(bindings('karvdash-owner'), { metadata: { labels: { 'karvdash.io/guarded': null } } })),
  onMarked('takes the mark off by a JSON patch', patch(bindings('karvdash-owner'), [{ op: 'remove', path: '/metadata/labels' }])),
  onMarked(
    'replaces a binding by one without the mark',
    update(bindings('karvdash-owner'), object(rbac, 'RoleBinding', 'karvdash-owner', ownBinding)),
  ),
  onMarked('marks an object of their own', patch(at('v1', 'configmaps', 'own'), guarded)),
  onMarked('makes an object with the mark', create(at('v1', 'configmaps'), object('v1', 'ConfigMap', 'marked', guarded))),
  onMarked(
    'makes an object with another value of the mark',
    create(at('v1', 'configmaps'), object('v1', 'ConfigMap', 'marked', { metadata: { labels: { 'karvdash.io/guarded': '' } } })),
  ),
  onMarked('changes whom pods trust as the API', patch(secrets('karvdash-api'), { data: { 'ca.crt': '' } })),
  onMarked('deletes whom pods trust as the API', remove(secrets('karvdash-api'))),
  onMarked(
    'changes what the gate hands over to a service',
    patch(secrets('hello.karvdash'), { data: { authorization: 'eA==' } }),
  ),
  onMarked('deletes what is secret of a service', remove(secrets('hello.karvdash'))),
  onMarked(
    'forges what is secret of a service, without the mark',
    create(secrets(), object('v1', 'Secret', 'evil.karvdash', { type: 'karvdash.io/service' })),
    {
      twin: right('makes a Secret of their own', create(secrets(), object('v1', 'Secret', 'own', { type: 'example.org/own' }))),
    },
  ),
]

const byWhom = attacksOn(
  'whoever has rights in the namespace is held to the rules, except for whom an administrator lets pass',
  "'karvdash-namespaces'",
  { ...right('an administrator lets pass', patch(namespace, labelled)), as: 'passer@example.org' },
)
const others: Attack[] = [
  byWhom('a person relabels the namespace', { ...patch(namespace, labelled), as: 'bob@example.org' }),
  byWhom('somebody without a name relabels the namespace', { ...patch(namespace, labelled), as: 'system:anonymous' }),
  byWhom(
    'another account of mallory’s relabels the namespace',
    {
      ...patch(namespace, labelled),
      as: 'system:serviceaccount:karvdash-mallory:builder',
    },
    { expects: /'karvdash-namespaces'|cannot patch resource/ },
  ),
]

/** Attacks on what bounds a user. */
export const boundAttacks: Attack[] = [...namespaces, ...bounds, ...network, ...recorded, ...marked, ...others]
