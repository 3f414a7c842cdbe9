import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issue } from './certificates.ts'
import { cgroupOf } from './cgroups.ts'
import { writeIfChanged } from './files.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'
import type { NodePlan } from './node-plan.ts'
import { podRange, prepareControlPlane } from './parts.ts'
import { prepareRegistries } from './registries.ts'

/** The address of the cluster's name server. */
export const dnsIp = '10.96.0.10'

const containerdSocket = '/run/containerd/containerd.sock'

/** Everything that runs in a node's sandbox, by name, in the order it is started. */
export async function prepareNode(plan: NodePlan, program: string): Promise<{ access: Access; parts: Record<string, string[]> }> {
  const plane = await prepareControlPlane({
    folder: plan.folder,
    authority: plan.authority,
    bind: '0.0.0.0',
    advertise: plan.nodeIp,
    ports: { api: 6443, etcd: 2379, etcdPeer: 2380, controllers: 10257 },
    durable: plan.durable,
  })
  const { server } = plane.access
  const own = {
    ...plane.args,
    'kube-scheduler': await schedulerArgs(plan, server),
    kubelet: await kubeletArgs(plan, server),
    'kube-proxy': await proxyArgs(plan, server),
  }
  const kubernetes = Object.entries(own).map(([name, args]) => [name, [program, name, ...args]])
  return {
    access: plane.access,
    parts: { ...(await prepareRegistries(plan)), containerd: await containerdArgs(plan), ...Object.fromEntries(kubernetes) },
  }
}

async function schedulerArgs(plan: NodePlan, server: string): Promise<string[]> {
  const kubeconfig = await kubeconfigFor(plan, server, { name: 'kube-scheduler', commonName: 'system:kube-scheduler' })
  return [`--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1', '--leader-elect=false', '--profiling=false']
}

async function kubeletArgs(plan: NodePlan, server: string): Promise<string[]> {
  const kubeconfig = await kubeconfigFor(plan, server, {
    name: 'kubelet',
    commonName: `system:node:${plan.name}`,
    organization: 'system:nodes',
  })
  const serving = await issue(plan.authority, 'kubelet-serving', { commonName: plan.name, names: [plan.nodeIp] })
  const config = await writeConfig(plan, 'kubelet', {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: plan.nodeIp,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: plan.authority.file } },
    authorization: { mode: 'Webhook' },
    tlsCertFile: serving.file,
    tlsPrivateKeyFile: serving.key,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroupOf(plan.name),
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    // A laptop's disk is often nearly full of other things; only an emergency is a reason to throw pods out.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'nodefs.inodesFree': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 99,
    imageGCLowThresholdPercent: 98,
    serializeImagePulls: false,
    maxPods: 250,
    clusterDNS: [dnsIp],
    clusterDomain: 'cluster.local',
    shutdownGracePeriod: '0s',
  })
  return [`--config=${config}`, `--kubeconfig=${kubeconfig}`, `--hostname-override=${plan.name}`, `--node-ip=${plan.nodeIp}`]
}

async function proxyArgs(plan: NodePlan, server: string): Promise<string[]> {
  const kubeconfig = await kubeconfigFor(plan, server, { name: 'kube-proxy', commonName: 'system:kube-proxy' })
  const config = await writeConfig(plan, 'kube-proxy', {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig },
    clusterCIDR: podRange,
    hostnameOverride: plan.name,
    conntrack: { maxPerCore: 0 },
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
  })
  return [`--config=${config}`]
}

async function containerdArgs(plan: NodePlan): Promise<string[]> {
  const cni = join(plan.folder, 'cni')
  await writeIfChanged(join(cni, '10-pods.conflist'), JSON.stringify(podNetwork))
  const cri = 'plugins."io.containerd.grpc.v1.cri"'
  const config = `version = 2
root = "${join(plan.folder, 'containerd')}"
state = "/run/containerd"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(plan.folder, 'containerd-opt')}"
[${cri}]
  sandbox_image = "registry.k8s.io/pause:3.10"
  restrict_oom_score_adj = ${!(await mayRaiseOwnImportance())}
[${cri}.cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${cni}"
[${cri}.registry]
  config_path = "${join(plan.folder, 'registry-hosts')}"
[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`
  const file = await writeIfChanged(join(plan.folder, 'config', 'containerd.toml'), config)
  return ['containerd', '--config', file, '--log-level', 'warn']
}

/** The interface of all pods on the node, by which rules tell their traffic. */
export const podInterface = 'pods'

const podNetwork = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: podInterface,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
}

/** In many containers and virtual machines even root lacks CAP_SYS_RESOURCE (bit 24), and then runc fails in a way hard to read. */
async function mayRaiseOwnImportance(): Promise<boolean> {
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8')) ?? []
  return ((BigInt(`0x${effective}`) >> 24n) & 1n) === 1n
}

interface PartSubject {
  name: string
  commonName: string
  organization?: string
}

async function kubeconfigFor(plan: NodePlan, server: string, { name, ...subject }: PartSubject): Promise<string> {
  const client = await issue(plan.authority, name, subject)
  return writeKubeconfig(join(plan.folder, `${name}.kubeconfig`), { server, authority: plan.authority, client })
}

function writeConfig(plan: NodePlan, name: string, config: object): Promise<string> {
  return writeIfChanged(join(plan.folder, 'config', `${name}.json`), JSON.stringify(config, null, 2))
}
