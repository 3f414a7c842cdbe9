import { chown, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Api, openApi } from './api.ts'
import { binary } from './binaries.ts'
import { cacheFolder } from './cache.ts'
import { type Authority, authority, issue } from './certificates.ts'
import { addHosts } from './hosts.ts'
import { checkInstanceName, dataFolder, giveToCaller, type InstanceState, makeFolder, readState } from './instance.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'
import { locked } from './lock.ts'
import { prepareNode } from './node-parts.ts'
import type { NodePlan } from './node-plan.ts'
import { type StopOptions, stopNode } from './node-stop.ts'
import { applyPlatform, isPlatformReady, pushPlatformImages } from './platform.ts'
import { freePorts } from './ports.ts'
import { requirePackages } from './prerequisites.ts'
import { isRunning } from './processes.ts'
import { step } from './progress.ts'
import { mirrorPort, registryOf } from './registries.ts'
import { enter } from './sandbox.ts'
import { enterSandbox, forwardLoopback, namesOf } from './stage.ts'
import { type Subnet, subnet } from './subnets.ts'
import { type Stage, startParts, throwIfPartEnded } from './supervise.ts'
import { trust } from './trust.ts'
import { until } from './wait.ts'

/** How to start a node. */
export interface NodeOptions {
  name: string
  domain?: string
  /** Services answer below it: the domain, unless told. */
  serviceDomain?: string
  /** Port of the ingress controller, on the node and on the host's loopback; a free one if left out. */
  httpsPort?: number
  /** Where the instance keeps its data; by default among the user's. */
  folder?: string
  /** Survive a power cut? Tests do not need to. */
  durable?: boolean
  /** Write the fixed names into the hosts file, and offer the authority to system and browsers? Tests leave the host alone. */
  announce?: boolean
}

/** A running single-node Kubernetes. */
export interface RunningNode {
  name: string
  domain: string
  /** Services can answer below it: the certificate covers it. */
  serviceDomain: string
  httpsPort: number
  /** Address of the node as the host sees it: API server, registries and ingress controller listen there. */
  nodeIp: string
  /** Address of the host as the node and its pods see it. */
  hostIp: string
  /** Files of the certificates that a kubeconfig with all rights is made of. */
  access: Access
  /** File of that kubeconfig. */
  kubeconfig: string
  /** File of the authority that signed the wildcard certificate. */
  caFile: string
  folder: string
  /** Folder with `local`, `remote` and `shared`, the same path on host and node. */
  domainsFolder: string
  /** The registry that stands for all upstream registries. */
  mirrorUrl: string
  /** The registry users push to, as it stands in references. */
  registry: string
  /** Where it keeps its images. */
  imagesFolder: string
  /** Runs a program inside the node's namespaces and gives its output. */
  nsenter: (program: string, args: string[]) => Promise<string>
  stop: (options?: Pick<StopOptions, 'graceMs' | 'forget'>) => Promise<void>
}

/**
 * Starts a node in namespaces of its own, or brings a running one up to date. It outlives this process.
 * @example
 * const node = await startNode({ name: 'e2e', folder, durable: false })
 * await node.stop({ forget: true })
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  checkInstanceName(options.name)
  const folder = options.folder ?? dataFolder(options.name)
  await makeFolder(folder)
  return locked(join(folder, 'lock'), () => bringUp(options, folder), 600_000)
}

async function bringUp(options: NodeOptions, folder: string): Promise<RunningNode> {
  const { name, durable = true, announce = false } = options
  await requirePackages()
  const program = await binary('kubernetes')
  const state = await stateFor(options, folder)
  const stage = await step('Namespaces and network', () => enterSandbox(name, folder, state))
  const net = subnet(state.network ?? 0)
  const domains = [...new Set([state.domain, state.serviceDomain ?? state.domain])]
  const web = await authority(join(folder, 'tls', domains.join('+')), `Karvdash ${name}`, ...domains)
  const plan = await planFor(options, state, { folder, net, durable, webAuthorityFile: web.file })
  const { access, parts } = await prepareNode(plan, program)
  const node = describe(plan, web, { stage, access })
  await giveToCaller([await writeKubeconfig(node.kubeconfig, access)])
  const api = await openApi(access)
  try {
    await startKubernetes({ stage, api, parts, plan })
    await step('Ingress controller and name server', () => startPlatform({ node, stage, api, web }))
  } finally {
    api.close()
  }
  await forwardLoopback(program, stage, net)
  if (announce) await announceNames(node)
  return node
}

/** What is known from before, with what is asked for now. Another domain or port for a running instance would be half true. */
async function stateFor({ name, domain, serviceDomain, httpsPort }: NodeOptions, folder: string): Promise<InstanceState> {
  const known = await readState(folder)
  const main = domain ?? known?.domain ?? 'karvdash.localhost'
  const wanted = {
    domain: main,
    serviceDomain: serviceDomain ?? (known?.domain === main ? known.serviceDomain : undefined) ?? main,
    httpsPort: httpsPort || known?.httpsPort || (await freePorts(1))[0] || 0,
  }
  const before = known && { domain: known.domain, serviceDomain: known.serviceDomain ?? known.domain, httpsPort: known.httpsPort }
  const isOther = before && !isDeepStrictEqual(before, wanted)
  if (isOther && isRunning(known.init)) {
    throw new Error(`${name} is running as ${known.domain}:${known.httpsPort}; stop it before giving it another address`)
  }
  return { parts: {}, ...known, ...wanted }
}

interface PlanInput {
  folder: string
  net: Subnet
  durable: boolean
  webAuthorityFile: string
}

async function planFor({ name }: NodeOptions, state: InstanceState, { folder, net, ...rest }: PlanInput): Promise<NodePlan> {
  const mirrorFolder = join(cacheFolder, 'mirror')
  for (const domain of ['local', 'remote', 'shared']) await mkdir(join(folder, 'domains', domain), { recursive: true })
  await mkdir(mirrorFolder, { recursive: true })
  await mkdir(imagesOf(folder), { recursive: true })
  await chown(imagesOf(folder), registryUser, registryUser)
  return {
    name,
    domain: state.domain,
    serviceDomain: state.serviceDomain ?? state.domain,
    httpsPort: state.httpsPort,
    folder,
    mirrorFolder,
    nodeIp: net.nodeIp,
    hostIp: net.hostIp,
    authority: await authority(join(folder, 'certificates'), 'karvdash-cluster'),
    ...rest,
  }
}

/** As the chart has it. */
const registryUser = 65532

/** Where the cluster's own registry keeps its images. */
function imagesOf(folder: string): string {
  return join(folder, 'images')
}

function describe(plan: NodePlan, web: Authority, { stage, access }: { stage: Stage; access: Access }): RunningNode {
  const { name, folder, nodeIp } = plan
  return {
    name,
    domain: plan.domain,
    serviceDomain: plan.serviceDomain,
    httpsPort: plan.httpsPort,
    nodeIp,
    hostIp: plan.hostIp,
    access,
    kubeconfig: join(folder, 'admin.kubeconfig'),
    caFile: web.file,
    folder,
    domainsFolder: join(folder, 'domains'),
    mirrorUrl: `http://${nodeIp}:${mirrorPort}`,
    registry: registryOf(plan),
    imagesFolder: imagesOf(folder),
    nsenter: (program, args) => enter(stage.init, program, args),
    stop: (options) => stopNode({ name, folder, ...options }),
  }
}

interface Start {
  stage: Stage
  api: Api
  parts: Record<string, string[]>
  plan: NodePlan
}

/** First what waits for nobody; then what gives up when the API server or containerd is not there. */
async function startKubernetes({ stage, api, parts, plan }: Start): Promise<void> {
  const isFirst = ([name]: [string, string[]]) => !name.startsWith('kube') || name === 'kube-apiserver'
  const patience = { timeoutMs: 120_000, everyMs: 50, stillPossible: () => throwIfPartEnded(stage) }
  await step('Kubernetes', async () => {
    await startParts(stage, Object.fromEntries(Object.entries(parts).filter(isFirst)))
    await until(() => api.get('/readyz'), { ...patience, what: 'the API server' })
    await startParts(stage, parts)
  })
  await step('Node', () => until(() => isNodeReady(api, plan.name, stage.state.since), { ...patience, what: 'the node' }))
}

async function isNodeReady(api: Api, name: string, since = ''): Promise<boolean> {
  const body = JSON.parse((await api.get(`/api/v1/nodes/${name}`)) ?? '{}') as NodeObject
  const ready = body.status?.conditions?.find(({ type }) => type === 'Ready')
  return ready?.status === 'True' && ready.lastHeartbeatTime >= since
}

interface NodeObject {
  status?: { conditions?: { type: string; status: string; lastHeartbeatTime: string }[] }
}

interface PlatformStart {
  node: RunningNode
  stage: Stage
  api: Api
  web: Authority
}

async function startPlatform({ node, stage, api, web }: PlatformStart): Promise<void> {
  const images = await pushPlatformImages(node.mirrorUrl)
  const names = [...new Set([node.domain, `*.${node.domain}`, `*.${node.serviceDomain}`])]
  const wildcard = await issue(web, 'wildcard', { commonName: node.domain, names })
  const forwardsDns = (await readFile(join(node.folder, 'resolv.conf'), 'utf8')) !== ''
  await applyPlatform(api, { images, httpsPort: node.httpsPort, wildcard, forwardsDns })
  await until(() => isPlatformReady(api, stage.state.since), {
    what: 'the ingress controller and the name server',
    timeoutMs: 120_000,
    everyMs: 100,
    stillPossible: () => throwIfPartEnded(stage),
  })
}

async function announceNames({ name, domain, caFile }: RunningNode): Promise<void> {
  await addHosts(name, namesOf({ domain }))
  await trust(name, caFile)
}
