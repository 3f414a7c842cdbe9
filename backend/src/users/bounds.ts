import type { Config } from '../config.ts'
import type { KubeObject } from '../kubernetes/objects.ts'

/** What one user may use, and whom their pods may reach and be reached by. */
export interface Bounds {
  /** What a ResourceQuota limits, and to how much. */
  quota: Record<string, string>
  /** What a container gets that does not say what it needs. */
  limits: { default: Record<string, string>; defaultRequest: Record<string, string> }
  network: {
    /** Where ingress controllers run: namespaces, and addresses where they run on the nodes' own network. */
    ingressNamespaces: string[]
    ingressCidrs: string[]
    /** What users' pods never reach, such as storage servers; and what they reach all the same. */
    blockedCidrs: string[]
    allowedCidrs: string[]
  }
}

/** The name of each object that bounds a user. */
export const boundsName = 'karvdash'

/** What bounds a user: how much, and how far. */
export function boundObjects(namespace: string, tags: Record<string, string>, config: Pick<Config, 'namespace' | 'bounds'>) {
  const { quota, limits, network } = config.bounds
  const bound = (apiVersion: string, kind: string, spec: object): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: boundsName, namespace, labels: tags },
    spec,
  })
  return [
    // Without a line it would never be counted.
    ...(Object.keys(quota).length > 0 ? [bound('v1', 'ResourceQuota', { hard: quota })] : []),
    bound('v1', 'LimitRange', { limits: [{ type: 'Container', ...limits }] }),
    bound('networking.k8s.io/v1', 'NetworkPolicy', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: callers(config.namespace, network) }],
      egress: destinations(config.namespace, network),
    }),
  ]
}

type Network = Bounds['network']
const ownPods = { podSelector: {} }
/** The API server writes this label, and nobody else can. */
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } })
const addresses = (cidr: string) => ({ ipBlock: { cidr } })

function callers(platform: string, { ingressNamespaces, ingressCidrs }: Network): object[] {
  return [ownPods, inNamespace(platform), ...ingressNamespaces.map(inNamespace), ...ingressCidrs.map(addresses)]
}

function destinations(platform: string, { ingressNamespaces, ingressCidrs, blockedCidrs, allowedCidrs }: Network): object[] {
  return [
    { to: [ownPods] },
    { to: [inNamespace(platform)], ports: [{ protocol: 'TCP', port: 8443 }] },
    // Services' own addresses, from inside.
    { to: [...ingressNamespaces.map(inNamespace), ...ingressCidrs.map(addresses)] },
    // Names, from wherever the cluster's name servers run; a name server on each node has an address that is blocked otherwise.
    { to: [{ namespaceSelector: {} }, addresses('169.254.20.10/32')], ports: nameServerPorts },
    { to: [everywhereBut('0.0.0.0/0', blockedCidrs), everywhereBut('::/0', blockedCidrs)] },
    { to: allowedCidrs.map(addresses) },
  ].filter(({ to }) => to.length > 0)
}

const nameServerPorts = ['UDP', 'TCP'].flatMap((protocol) => [53, 5353].map((port) => ({ protocol, port })))

/** Where clouds tell a node its credentials. */
const nodeMetadata = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128']

function everywhereBut(cidr: string, blockedCidrs: string[]): object {
  const isVersion6 = (address: string) => address.includes(':')
  const except = [...new Set([...nodeMetadata, ...blockedCidrs])].filter((blocked) => isVersion6(blocked) === isVersion6(cidr))
  return { ipBlock: { cidr, except } }
}
