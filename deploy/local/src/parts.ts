import { join } from 'node:path'
import { type Authority, authority as authorityOf, type Certificate, issue, tokenKey } from './certificates.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'

/** The programs of a control plane. */
export type ControlPlanePart = 'etcd' | 'kube-apiserver' | 'kube-controller-manager'

/** Where the parts of a control plane listen, and where they keep what they have. */
export interface ControlPlane {
  folder: string
  authority: Authority
  /** The address the API server listens at. */
  bind: string
  /** The address pods find the API server at; none where there are no pods. */
  advertise?: string | undefined
  /** More names of the API server for its certificate. */
  names?: string[]
  ports: { api: number; etcd: number; etcdPeer: number; controllers: number }
  /** Survive a power cut? Not syncing makes every write faster, and is for clusters that are thrown away. */
  durable: boolean
}

/** Addresses of Services and pods: the same in every cluster, since each has its own network. */
export const serviceRange = '10.96.0.0/16'
/** Where pods live. */
export const podRange = '10.244.0.0/16'

const firstServiceIp = '10.96.0.1'
const issuer = 'https://kubernetes.default.svc'

/** Everything the parts of a control plane need on disk, and their arguments. */
export async function prepareControlPlane(
  plane: ControlPlane,
): Promise<{ access: Access; args: Record<ControlPlanePart, string[]> }> {
  const { authority } = plane
  const server = `https://${plane.advertise ?? '127.0.0.1'}:${plane.ports.api}`
  const [serving, admin, controllers, kubeletClient, etcd, tokens, frontProxy] = await Promise.all([
    issue(authority, 'kube-apiserver', { commonName: 'kube-apiserver', names: apiServerNames(plane) }),
    issue(authority, 'admin', { commonName: 'admin', organization: 'system:masters' }),
    issue(authority, 'kube-controller-manager', { commonName: 'system:kube-controller-manager' }),
    issue(authority, 'kubelet-client', { commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' }),
    issue(authority, 'etcd', { commonName: 'etcd', names: ['127.0.0.1', 'localhost'] }),
    tokenKey(authority),
    frontProxyOf(plane),
  ])
  const controllersConfig = join(plane.folder, 'kube-controller-manager.kubeconfig')
  await writeKubeconfig(controllersConfig, { server, authority, client: controllers })
  return {
    access: { server, authority, client: admin },
    args: {
      etcd: etcdArgs(plane, etcd),
      'kube-apiserver': apiServerArgs(plane, { serving, kubeletClient, etcd, tokens, frontProxy }),
      'kube-controller-manager': controllerArgs(plane, controllersConfig, tokens),
    },
  }
}

function apiServerNames({ bind, advertise, names = [] }: ControlPlane): string[] {
  const inside = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']
  const addresses = [bind, advertise, '127.0.0.1', firstServiceIp].filter((ip) => ip !== undefined && ip !== '0.0.0.0')
  return [...new Set([...addresses, 'localhost', ...inside, ...names])] as string[]
}

function etcdArgs({ folder, authority, ports, durable }: ControlPlane, certificate: Certificate): string[] {
  const url = `https://127.0.0.1:${ports.etcd}`
  const peerUrl = `https://127.0.0.1:${ports.etcdPeer}`
  const tls = (prefix: string) => [
    `--${prefix}cert-file=${certificate.file}`,
    `--${prefix}key-file=${certificate.key}`,
    `--${prefix}trusted-ca-file=${authority.file}`,
    `--${prefix}client-cert-auth`,
  ]
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    ...tls(''),
    ...tls('peer-'),
    // A single member elects itself: no reason to wait a second for it.
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--log-level=warn',
    ...(durable ? [] : ['--unsafe-no-fsync']),
  ]
}

/** As whom the API server passes requests on to those that extend it, such as metrics-server. */
interface FrontProxy {
  by: Authority
  client: Certificate
}

/** By an authority of its own: whoever has a certificate of it is believed about who asks. */
async function frontProxyOf({ folder }: ControlPlane): Promise<FrontProxy> {
  const by = await authorityOf(join(folder, 'front-proxy'), 'karvdash-front-proxy')
  return { by, client: await issue(by, frontProxyName, { commonName: frontProxyName }) }
}

const frontProxyName = 'front-proxy-client'

interface ApiServerFiles {
  serving: Certificate
  kubeletClient: Certificate
  etcd: Certificate
  tokens: Certificate
  frontProxy: FrontProxy
}

function apiServerArgs({ authority, bind, advertise, ports }: ControlPlane, files: ApiServerFiles): string[] {
  return [
    `--bind-address=${bind}`,
    `--secure-port=${ports.api}`,
    // Loopback cannot be an endpoint, so where there are no pods the `kubernetes` Service stays without one.
    ...(advertise ? [`--advertise-address=${advertise}`] : ['--endpoint-reconciler-type=none', '--advertise-address=192.0.2.1']),
    `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
    `--etcd-cafile=${authority.file}`,
    `--etcd-certfile=${files.etcd.file}`,
    `--etcd-keyfile=${files.etcd.key}`,
    `--tls-cert-file=${files.serving.file}`,
    `--tls-private-key-file=${files.serving.key}`,
    `--client-ca-file=${authority.file}`,
    `--kubelet-certificate-authority=${authority.file}`,
    `--kubelet-client-certificate=${files.kubeletClient.file}`,
    `--kubelet-client-key=${files.kubeletClient.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--requestheader-client-ca-file=${files.frontProxy.by.file}`,
    `--requestheader-allowed-names=${frontProxyName}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${files.frontProxy.client.file}`,
    `--proxy-client-key-file=${files.frontProxy.client.key}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${files.tokens.file}`,
    `--service-account-signing-key-file=${files.tokens.key}`,
    `--service-cluster-ip-range=${serviceRange}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged',
    '--profiling=false',
  ]
}

function controllerArgs({ authority, ports }: ControlPlane, kubeconfig: string, tokens: Certificate): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.controllers}`,
    `--root-ca-file=${authority.file}`,
    `--service-account-private-key-file=${tokens.key}`,
    `--cluster-cidr=${podRange}`,
    `--service-cluster-ip-range=${serviceRange}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    // The default of 20 calls a second makes the controllers take five seconds to start.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ]
}
