import { at, attacksOn, create, object, patch, right } from './asks.ts'
import { type Attack, clusterAdmin } from './attack.ts'

const services = (name?: string) => at('v1', 'services', name)
const service = (spec: object, annotations = {}) =>
  object('v1', 'Service', 'db', {
    metadata: { annotations },
    spec: { selector: { app: 'db' }, ports: [{ port: 5432 }], ...spec },
  })
const onServices = attacksOn(
  'Services stay inside the cluster',
  "'karvdash-services'",
  right('makes a headless Service', create(services(), service({ clusterIP: 'None' }))),
)
const ways: Attack[] = [
  onServices('asks for a load balancer', create(services(), service({ type: 'LoadBalancer' })), { expects: 'type LoadBalancer' }),
  onServices('opens a port of every node', create(services(), service({ type: 'NodePort' })), { expects: 'type NodePort' }),
  onServices('takes over an address of somebody else', create(services(), service({ externalIPs: ['10.0.0.1'] })), {
    expects: 'externalIPs',
  }),
  onServices(
    'takes over an address with a Service that was there',
    patch(services('hello'), { spec: { externalIPs: ['10.0.0.1'] } }),
    {
      expects: 'externalIPs',
      twin: right('changes a port of a Service', patch(services('hello'), { spec: { ports: [{ port: 81 }] } })),
    },
  ),
  onServices(
    'leads to an inner name of the platform',
    create(services(), service({ type: 'ExternalName', externalName: 'karvdash.karvdash.svc.cluster.local', selector: null })),
    { expects: 'type ExternalName' },
  ),
  onServices(
    'makes a Service that was there lead to an inner name',
    patch(services('hello'), { spec: { type: 'ExternalName', externalName: 'kubernetes.default.svc' } }),
    { expects: 'type ExternalName' },
  ),
  onServices(
    'hides another name behind an honest type',
    create(services(), service({ externalName: 'kubernetes.default.svc' })),
    { expects: 'another name' },
  ),
  onServices('chooses the address of a load balancer', create(services(), service({ loadBalancerIP: '10.0.0.1' })), {
    expects: 'address of a load balancer',
  }),
  onServices(
    'has a deployment tool with all rights open a port of every node',
    { ...create(services(), service({ type: 'NodePort' })), as: clusterAdmin },
    { expects: 'type NodePort' },
  ),
]

const onAnnotations = attacksOn(
  'Services give no orders to controllers',
  "'karvdash-service-annotations'",
  right(
    'notes who looks after a Service, and where its metrics are',
    create(services(), service({}, { owner: 'mallory', 'prometheus.io/scrape': 'true' })),
  ),
)
const orders: Attack[] = [
  ['takes a host name by external-dns', 'external-dns.alpha.kubernetes.io/hostname', 'dashboard.example.org'],
  ['configures a route of Ambassador', 'getambassador.io/config', 'kind: Mapping'],
  ['configures Traefik', 'traefik.ingress.kubernetes.io/service.serverstransport', 'kube-system-insecure@kubernetescrd'],
  ['asks a cloud for a load balancer', 'service.beta.kubernetes.io/aws-load-balancer-type', 'external'],
  ['takes an address by MetalLB', 'metallb.universe.tf/loadBalancerIPs', '10.0.0.1'],
  ['shares a Service with other clusters', 'service.cilium.io/global', 'true'],
].map(([name = '', key = '', value]) => onAnnotations(name, create(services(), service({}, { [key]: value }))))
const laterOrder = onAnnotations(
  'configures a controller on a Service that was there',
  patch(services('hello'), { metadata: { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'x.example.org' } } }),
  {
    twin: right(
      'annotates a Service that was there',
      patch(services('hello'), { metadata: { annotations: { owner: 'mallory' } } }),
    ),
  },
)

/** Attacks by Services. */
export const serviceAttacks: Attack[] = [...ways, ...orders, laterOrder]
