import { at, attacksOn, create, object, right } from './asks.ts'
import type { Attack } from './attack.ts'

/** Kinds of others that a cluster may have: API version, kind, plural. Tests must make them first. */
export const foreignKinds = [
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes'],
  ['gateway.networking.k8s.io/v1alpha2', 'TCPRoute', 'tcproutes'],
  ['traefik.io/v1alpha1', 'IngressRoute', 'ingressroutes'],
  ['networking.istio.io/v1', 'VirtualService', 'virtualservices'],
  ['cilium.io/v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies'],
  ['external-secrets.io/v1', 'ExternalSecret', 'externalsecrets'],
] as const

const template = object('karvdash.io/v1', 'Template', 'mine', { spec: { source: 'kind: Template' } })
const onKinds = attacksOn(
  'kinds whose operators have power are not users’',
  "'karvdash-kinds'",
  right('writes a template', create(at('karvdash.io/v1', 'templates'), template)),
)
const storage = 'storage.k8s.io/v1'
const room = object(storage, 'CSIStorageCapacity', 'room', { storageClassName: 'fast', capacity: '1Pi' })

/** Attacks by kinds that are neither Kubernetes' usual ones nor the platform's. */
export const kindAttacks: Attack[] = [
  ...foreignKinds.map(([apiVersion, kind, plural]) =>
    onKinds(`writes a ${kind}`, create(at(apiVersion, plural), object(apiVersion, kind, 'evil'))),
  ),
  onKinds('tells the scheduler that there is room for volumes', create(at(storage, 'csistoragecapacities'), room)),
]
