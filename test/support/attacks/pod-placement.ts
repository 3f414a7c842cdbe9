import { type Ask, type Attack, clusterAdmin } from './attack.ts'
import { container, type Part, pod, podsPath, refusedPods, target } from './pod.ts'

const nodes = 'which nodes are users’ is the administrator’s to say'
const order = 'a pod neither comes before others nor outstays its user'
const tolerates = (toleration: Part) => ({ tolerations: [toleration] })

const nodeNames = refusedPods(
  {
    promise: nodes,
    expects: 'The scheduler chooses the node',
    twin: ['a pod for nodes of a kind', { nodeSelector: { 'kubernetes.io/os': 'linux' } }],
  },
  { 'a pod on a node by its name, past taints and scheduler': { nodeName: 'control-plane-1' } },
)

const schedulers = refusedPods(
  {
    promise: nodes,
    expects: 'This scheduler is not for users',
    twin: ['a pod of the cluster’s scheduler', { schedulerName: 'default-scheduler' }],
  },
  { 'a pod of a scheduler of one’s own': { schedulerName: 'mallory' } },
)

const taints = refusedPods(
  {
    promise: nodes,
    expects: "Some nodes are not for users' pods",
    twin: ['a pod for nodes with graphics cards', tolerates({ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' })],
  },
  {
    'a pod for the control plane': tolerates({ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }),
    'a pod for the control plane by its old name': tolerates({
      key: 'node-role.kubernetes.io/master',
      operator: 'Equal',
      effect: 'NoSchedule',
    }),
    'a pod for the nodes of the store': tolerates({ key: 'node-role.kubernetes.io/etcd', operator: 'Exists' }),
    'a pod for all nodes': tolerates({ operator: 'Exists' }),
    'a pod for all nodes it is not scheduled to': tolerates({ operator: 'Exists', effect: 'NoSchedule' }),
    'a pod for the control plane, behind an innocent toleration': {
      tolerations: [
        { key: 'nvidia.com/gpu', operator: 'Exists' },
        { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
      ],
    },
  },
)

const runtimes = refusedPods(
  { promise: nodes, expects: 'This runtime class is not for users', twin: ['a pod of the usual runtime', {}] },
  { 'a pod of another runtime': { runtimeClassName: 'foreign' } },
)

const priorities = refusedPods(
  {
    promise: order,
    expects: "This priority is above users' pods",
    twin: ['a pod that steps back for others', { priorityClassName: 'below' }],
  },
  {
    'a pod that nodes cannot do without': { priorityClassName: 'system-node-critical' },
    'a pod that the cluster cannot do without': { priorityClassName: 'system-cluster-critical' },
    'a pod that drives others out': { priorityClassName: 'above' },
  },
)

const ends = refusedPods(
  {
    promise: order,
    expects: 'A pod ends within an hour of being told to',
    twin: ['a pod that takes an hour to save its work', { terminationGracePeriodSeconds: 3600 }],
  },
  { 'a pod that ends in thirty years': { terminationGracePeriodSeconds: 1_000_000_000 } },
)

const patched = (annotations: Part): Ask => ({ verb: 'patch', path: target, body: { metadata: { annotations } } })
const secondNetwork = { 'k8s.v1.cni.cncf.io/networks': 'kube-system/nodes' }
const annotated: Attack[] = (
  [
    ['a second network card, in the nodes’ network', secondNetwork],
    ['an address of one’s own choice', { 'cni.projectcalico.org/ipAddrs': '["10.0.0.1"]' }],
    ['a hypervisor of one’s own', { 'io.katacontainers.config.hypervisor.path': '/local/evil' }],
  ] as const
).map(([what, annotations]) => ({
  promise: nodes,
  name: `a pod that asks the node’s programs for ${what}`,
  expects: "Annotations do not change a pod's network or its runtime",
  ...pod({}, { annotations }),
  twin: { name: 'a pod with a note', ...pod({}, { annotations: { note: 'mine' } }) },
}))

const afterwards: Attack = {
  promise: 'what runs is held to the same rules',
  name: 'a second network card for a pod that is not placed yet',
  expects: "Annotations do not change a pod's network or its runtime",
  ...patched(secondNetwork),
  twin: { name: 'the network’s own program notes what it did', ...patched(secondNetwork), as: clusterAdmin },
}

const builtIn: Attack[] = [
  {
    promise: order,
    name: 'a pod that counts for less than it takes',
    expects: 'Pod Overhead set without corresponding RuntimeClass',
    ...pod({ overhead: { cpu: '1m' } }),
  },
  {
    promise: order,
    name: 'a pod with a priority by number',
    expects: 'the integer value of priority',
    ...pod({ priority: 2_000_000_000 }),
  },
  {
    promise: nodes,
    name: 'a pod that says it is the node’s own',
    expects: 'The scheduler chooses the node',
    ...pod({ nodeName: 'control-plane-1' }, { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
  },
]

const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tried' }, spec: { containers: [container] } }
const elsewhere: Attack[] = ['karvdash', 'karvdash-alice', 'kube-system', 'default'].map((namespace) => ({
  promise: 'a user’s pods are in the user’s namespace',
  name: `a pod in the namespace ${namespace}`,
  expects: `cannot create resource "pods" in API group "" in the namespace "${namespace}"`,
  verb: 'create',
  path: `/api/v1/namespaces/${namespace}/pods`,
  body,
  twin: { name: 'a pod in the own namespace', verb: 'create', path: podsPath, body },
}))

/** Pods where they do not belong, and before whom they do not belong. */
export const placementAttacks: Attack[] = [
  ...nodeNames,
  ...schedulers,
  ...taints,
  ...runtimes,
  ...priorities,
  ...ends,
  ...annotated,
  afterwards,
  ...builtIn,
  ...elsewhere,
]
