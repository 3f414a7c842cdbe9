import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseYamlDocuments } from '@karvdash/backend/yaml'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { type RunningControlPlane, startControlPlane } from '@karvdash/local/control-plane'
import * as z from 'zod'
import { type Backend, startBackend } from './backend.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const chart = join(root, 'deploy/chart')

export const domain = 'karvdash.test'
export const admin = { username: 'admin', password: 'correct horse battery' }

/** A control plane with the chart's definitions, roles and webhook on it, and backends with just the power the chart gives. */
export interface Cluster {
  plane: RunningControlPlane
  /** Folder with the three domains, as the host has it. */
  domains: string
  /** What the chart tells its backend. */
  settings: Record<string, string>
  /** kubectl with all rights. */
  kubectl(...args: string[]): Promise<string>
  /** kubectl as the tenant of a namespace. */
  kubectlAs(user: string, ...args: string[]): Promise<string>
  /** Creates an object with all rights. */
  create(object: object): Promise<string>
  /** Creates an object as somebody. */
  createAs(who: string, object: object): Promise<string>
  /** A backend of its own, by default from the sources. */
  backend(environment?: Record<string, string>, program?: string): Promise<Backend>
  stop(): Promise<void>
}

/** Starts one for a test file; values are the chart's. */
export async function startCluster(name: string, values: object = {}): Promise<Cluster> {
  const plane = await startControlPlane({ name })
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-test-'))
  const domains = join(folder, 'domains')
  for (const one of ['local', 'remote', 'shared']) await mkdir(join(domains, one), { recursive: true })
  const kubernetes = await binary('kubernetes')
  const kubectl = (...args: string[]) => run(kubernetes, ['kubectl', '--kubeconfig', plane.kubeconfig, ...args])
  const chartSettings = await install(plane, kubectl, { folder, values })
  const kubeconfig = await platformKubeconfig(plane, kubectl, folder)
  const backends: Backend[] = []
  const fileOf = async (object: object) => {
    const file = join(folder, `${randomUUID()}.json`)
    await writeFile(file, JSON.stringify(object))
    return file
  }
  return {
    plane,
    domains,
    settings: chartSettings,
    kubectl,
    kubectlAs: (user, ...args) =>
      kubectl('--as', `system:serviceaccount:karvdash-${user}:default`, '-n', `karvdash-${user}`, ...args),
    create: async (object) => kubectl('create', '-f', await fileOf(object)),
    createAs: async (who, object) => kubectl('create', '--as', who, '-f', await fileOf(object)),
    async backend(environment = {}, program) {
      const backend = await startBackend(
        { ...chartSettings, ...settings(domains), KUBECONFIG: kubeconfig, ...environment },
        program,
      )
      backends.push(backend)
      await pointWebhookAt(backend, kubectl)
      return backend
    },
    async stop() {
      await Promise.all(backends.map((backend) => backend.kill()))
      await plane.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Kubectl = (...args: string[]) => Promise<string>

/** Where a backend outside the cluster is another than the chart's. */
function settings(domains: string): Record<string, string> {
  return {
    KARVDASH_DOMAINS_FOLDER: domains,
    KARVDASH_DRAIN_SECONDS: '0',
    KARVDASH_HTTP_PORT: '0',
    KARVDASH_HTTPS_PORT: '0',
    KARVDASH_WEBHOOK_PORT: '0',
    KARVDASH_TEMPLATES_FOLDER: join(root, 'templates'),
    KARVDASH_PAGE_FOLDER: join(root, 'backend/src/page'),
  }
}

const Deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) })]),
      }),
    }),
  }),
})

/** What the chart renders, without what needs a node; gives the settings of its backend. */
async function install(
  plane: RunningControlPlane,
  kubectl: Kubectl,
  { folder, values }: { folder: string; values: object },
): Promise<Record<string, string>> {
  const all = {
    domain,
    publicPort: 8443,
    domains: Object.fromEntries(['local', 'remote', 'shared'].map((one) => [one, { hostPath: join(folder, 'domains', one) }])),
    firstAdmin: admin,
    ...values,
  }
  const file = join(folder, 'values.json')
  await writeFile(file, JSON.stringify(all))
  const rendered = await run(await binary('helm'), ['template', 'karvdash', chart, '-n', 'karvdash', '-f', file])
  const needsNode = new Set(['Pod', 'Deployment', 'Service', 'Ingress', 'PodDisruptionBudget'])
  const objects = parseYamlDocuments(rendered).map(({ value }) => value as { kind?: string })
  const kept = objects.filter((object) => object?.kind !== undefined && !needsNode.has(object.kind))
  const manifest = join(folder, 'manifest.json')
  await kubectl('create', 'namespace', 'karvdash')
  // An ExternalName service is resolved by the API server itself: its webhook calls reach a backend on this machine.
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'karvdash', namespace: 'karvdash' },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  }
  await writeFile(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...kept, service] }))
  await kubectl('apply', '--server-side', '-n', 'karvdash', '-f', manifest)
  await kubectl(
    'wait',
    '--for=condition=Established',
    'crd/users.karvdash.io',
    'crd/servicerecords.karvdash.io',
    'crd/templates.karvdash.io',
  )
  // The garbage collector learns of definitions every 30 s, or when it starts.
  await plane.stopPart('kube-controller-manager')
  await plane.startPart('kube-controller-manager')
  const { spec } = Deployment.parse(objects.find((object) => object?.kind === 'Deployment'))
  const [{ env }] = spec.template.spec.containers
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
}

/** A kubeconfig with the chart's service account, and nothing more. */
async function platformKubeconfig(plane: RunningControlPlane, kubectl: Kubectl, folder: string): Promise<string> {
  const token = (await kubectl('create', 'token', 'karvdash', '-n', 'karvdash', '--duration=1h')).trim()
  const file = join(folder, 'platform.kubeconfig')
  const named = 'platform'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': named,
    clusters: [{ name: named, cluster: { server: plane.url, 'certificate-authority': plane.caFile } }],
    users: [{ name: named, user: { token } }],
    contexts: [{ name: named, context: { cluster: named, user: named } }],
  }
  await writeFile(file, JSON.stringify(config))
  return file
}

async function pointWebhookAt(backend: Backend, kubectl: Kubectl): Promise<void> {
  const change = [{ op: 'replace', path: '/webhooks/0/clientConfig/service/port', value: backend.webhookPort }]
  await kubectl('patch', 'mutatingwebhookconfiguration', 'karvdash', '--type=json', '-p', JSON.stringify(change))
}
