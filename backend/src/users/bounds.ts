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

const name = 'karvdash'

/** The quota of what pods use, and the one of everything else that is counted. */
export const quotaNames = [name, `${name}-objects`] as const

/** What bounds a user: how much, and how far. */
export function boundObjects(namespace: string, tags: Record<string, string>, config: Pick<Config, 'namespace' | 'bounds'>) {
  const { quota, limits, network } = config.bounds
  const bound = (apiVersion: string, kind: string, spec: object, called: string = name): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: called, namespace, labels: tags },
    spec,
  })
  return [
    ...quotaParts(quota).map(([called, hard]) => bound('v1', 'ResourceQuota', { hard }, called)),
    bound('v1', 'LimitRange', { limits: [{ type: 'Container', ...limits }] }),
    bound('networking.k8s.io/v1', 'NetworkPolicy', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: callers(config.namespace, network) }],
      egress: destinations(config.namespace, network),
    }),
  ]
}

/**
 * The quota in two, each as far as it has a line: without one it would never be counted. The API server writes a whole quota anew for each
 * object that is counted in it, and pods come more often than anything else.
 */
function quotaParts(quota: Quota): [name: string, hard: Quota][] {
  const isOfPods = (line: string) =>
    line !== 'requests.storage' && /^(pods$|count\/pods$|cpu$|memory$|requests\.|limits\.)/.test(line)
  const of = (wanted: boolean) => Object.fromEntries(Object.entries(quota).filter(([line]) => isOfPods(line) === wanted))
  const parts: [string, Quota][] = [
    [quotaNames[0], of(true)],
    [quotaNames[1], of(false)],
  ]
  return parts.filter(([, hard]) => Object.keys(hard).length > 0)
}

type Quota = Bounds['quota']
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
