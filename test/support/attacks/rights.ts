import { at, create, home, object, patch } from './asks.ts'
import { type Ask, clusterAdmin } from './attack.ts'
import { forbidden, oldRights } from './old.ts'
import { pod, target } from './pod.ts'

type Right = Ask & { name: string }
type Object = Parameters<typeof object>[3]

const bob = 'bob@example.org'
const labels = { x: 'y' }

/** What is not a user's to do in their own namespace. */
function beyond(namespace: string): [what: string, Ask][] {
  const made = (apiVersion: string, kind: string, plural: string, rest?: Object) =>
    create(at(apiVersion, plural, undefined, namespace), object(apiVersion, kind, 'some', rest))
  const rbac = 'rbac.authorization.k8s.io'
  const forBob = { roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: bob }] }
  const ofAccount = { annotations: { 'kubernetes.io/service-account.name': 'default' } }
  const orders = { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'www.example.org' } }
  const claim = {
    accessModes: ['ReadWriteOnce'],
    volumeName: 'x',
    storageClassName: '',
    resources: { requests: { storage: '1Gi' } },
  }
  return [
    ['a token that lasts a day', create(at('v1', 'serviceaccounts/default/token', undefined, namespace), dayLong)],
    [
      'a Secret with a token',
      made('v1', 'Secret', 'secrets', { metadata: ofAccount, type: 'kubernetes.io/service-account-token' }),
    ],
    ['rights for somebody', made(`${rbac}/v1`, 'RoleBinding', 'rolebindings', forBob)],
    ['a claim of a volume', made('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', { spec: claim })],
    ['a route', made('gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes')],
    ['a label of the namespace', patch(`/api/v1/namespaces/${namespace}`, { metadata: { labels } })],
    ['a quota', made('v1', 'ResourceQuota', 'resourcequotas', { spec: { hard: { pods: '1' } } })],
    [
      'an object with the mark',
      made('v1', 'ConfigMap', 'configmaps', { metadata: { labels: { 'karvdash.io/guarded': 'true' } } }),
    ],
    ['orders to a controller', made('v1', 'Service', 'services', { metadata: orders, spec: { ports: [{ port: 80 }] } })],
  ]
}

const dayLong = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec: { audiences: ['karvdash'], expirationSeconds: 86_400 },
}
const networks = { 'k8s.v1.cni.cncf.io/networks': 'x' }
const otherNetwork = pod({}, { annotations: networks })
const podsElsewhere = at('v1', 'pods', undefined, 'default')
const elsewhere: [what: string, Ask][] = [
  ...beyond('default'),
  ...forbidden.map(([path, body]): [string, Ask] => [`what comes to ${path}`, create(path.replace(home, 'default'), body)]),
  ['the status of a Service', patch(`${at('v1', 'services', 'kubernetes', 'default')}/status`, { metadata: { labels } })],
  ['a pod in another network', { ...otherNetwork, path: podsElsewhere }],
  ['another network for a pod', patch(`${podsElsewhere}/resident`, { metadata: { annotations: networks } })],
  ['a pod that is not scheduled', { ...pod({ nodeName: 'one' }), path: podsElsewhere }],
]

/** What the guard must leave alone, beside what stands next to an attack. */
export const rights: Right[] = [
  ...elsewhere.map(([what, ask]): Right => ({ name: `${what}, in a namespace of no user’s`, ...ask, as: bob })),
  ...beyond(home).map(([what, ask]): Right => ({ name: `${what}, by an administrator`, ...ask, as: clusterAdmin })),
  { name: 'the status of a pod, by who runs it', ...patch(`${target}/status`, { metadata: { labels } }), as: clusterAdmin },
  {
    name: 'the status of a kind that is wholly users’',
    ...patch(`${at('argoproj.io/v1alpha1', 'workflows', 'mine')}/status`, { status: { phase: 'Succeeded' } }),
  },
  ...oldRights,
]

/** What these are aimed at. */
export const rightAims = [
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'people', {
    metadata: { namespace: 'default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'User', name: bob }],
  }),
  object('v1', 'Pod', 'resident', {
    metadata: { namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'example.org/nothing' }] },
  }),
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'workflows.argoproj.io', {
    spec: {
      group: 'argoproj.io',
      scope: 'Namespaced',
      names: { kind: 'Workflow', plural: 'workflows', singular: 'workflow' },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          subresources: { status: {} },
        },
      ],
    },
  }),
]
