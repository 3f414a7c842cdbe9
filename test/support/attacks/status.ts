import { at, attacksOn, create, object, patch, removeAll, right, update } from './asks.ts'
import type { Attack } from './attack.ts'

const pod = (subresource: string) => `${at('v1', 'pods', 'target')}/${subresource}`
const binding = (name: string) => object('v1', 'Binding', name, { target: { kind: 'Node', name: 'control-plane' } })
const slice = object('discovery.k8s.io/v1', 'EndpointSlice', 'forged', {
  metadata: { labels: { 'kubernetes.io/service-name': 'hello' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.1'] }],
  ports: [{ port: 443 }],
})
const endpoints = object('v1', 'Endpoints', 'forged', { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 443 }] }] })
const ready = { type: 'Ready', status: 'True', reason: 'Said', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }
const scaled = right('scales a Deployment', patch(`${at('apps/v1', 'deployments', 'hello')}/scale`, { spec: { replicas: 0 } }))
const lease = right(
  'holds a Lease of their own',
  create(at('coordination.k8s.io/v1', 'leases'), object('coordination.k8s.io/v1', 'Lease', 'own')),
)
const eviction = right('evicts a pod of their own', create(pod('eviction'), object('policy/v1', 'Eviction', 'target')))

const onStatus = attacksOn('what controllers say is not forged', "'karvdash-status'", scaled)
const onPlaces = attacksOn('pods and addresses are the cluster’s to connect', "'karvdash-status'", lease)

/** Attacks on what the cluster says of itself. */
export const statusAttacks: Attack[] = [
  onStatus(
    'says that their quota is not used',
    patch(`${at('v1', 'resourcequotas', 'karvdash')}/status`, { status: { used: {} } }),
  ),
  onStatus(
    'says that a pod of theirs has the address of somebody else’s',
    patch(pod('status'), { status: { podIP: '10.0.0.1' } }),
  ),
  onStatus(
    'says that a Service of theirs has what controllers look for',
    patch(`${at('v1', 'services', 'hello')}/status`, { status: { conditions: [ready] } }),
  ),
  onStatus(
    'says where an Ingress answers',
    patch(`${at('networking.k8s.io/v1', 'ingresses', 'hello')}/status`, {
      status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
    }),
  ),
  onStatus(
    'says that a Deployment is as wanted',
    patch(`${at('apps/v1', 'deployments', 'hello')}/status`, { status: { observedGeneration: 99 } }),
  ),
  onStatus(
    'says that a claim of theirs has more',
    patch(`${at('v1', 'persistentvolumeclaims', 'own')}/status`, { status: { capacity: { storage: '1Ti' } } }),
  ),
  onPlaces('puts a pod on a node of their choice', create(pod('binding'), binding('target')), { twin: eviction }),
  onPlaces('puts a pod on a node by the older way', create(at('v1', 'bindings'), binding('target')), { twin: eviction }),
  onPlaces('leads a Service to an address of their choice', create(at('discovery.k8s.io/v1', 'endpointslices'), slice)),
  onPlaces('leads a Service astray by the older Endpoints', create(at('v1', 'endpoints'), endpoints)),
  onPlaces(
    'changes where a Service of theirs leads',
    update(at('v1', 'endpoints', 'hello'), { ...endpoints, metadata: { name: 'hello' } }),
  ),
  onPlaces('deletes what says where Services lead', removeAll(at('discovery.k8s.io/v1', 'endpointslices'))),
]
