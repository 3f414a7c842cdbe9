import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openApi } from './api.ts'
import { binary } from './binaries.ts'
import { run } from './command.ts'
import { buildBackendImage } from './images/backend.ts'
import { ensureStandIns } from './images/images.ts'
import type { RunningNode } from './node.ts'
import { say, step } from './progress.ts'

const chart = fileURLToPath(new URL('../../chart', import.meta.url))
const namespace = 'karvdash'

/** Installs Karvdash on a node as an administrator would on any cluster, with these values besides its own, and says where it is. */
export async function installKarvdash(node: RunningNode, values: object = {}): Promise<void> {
  const image = await buildBackendImage({ mirror: node.mirrorUrl })
  await step('Images of the templates', () => ensureStandIns(node.mirrorUrl))
  await step('Installing Karvdash', () => helmUpgrade(node, { ...valuesFor(node), ...values, image: imageValues(image) }))
  const { username, password } = await firstAdmin(node)
  say(`Karvdash is at https://${node.domain}:${node.httpsPort}`)
  say(`The first administrator is ${username} with the password ${password}`)
}

/** Installs the chart, or changes what is installed, and waits until all of it is ready. */
export async function helmUpgrade(node: RunningNode, values: object): Promise<void> {
  const flags = ['-n', namespace, '--create-namespace', '--wait', '--timeout=3m', '-f', '-']
  await run(await binary('helm'), ['upgrade', '--install', 'karvdash', chart, ...flags], {
    env: { KUBECONFIG: node.kubeconfig },
    input: JSON.stringify(values),
  })
}

/** The chart's values for a node of this folder. */
export function valuesFor(
  node: Pick<RunningNode, 'domain' | 'serviceDomain' | 'httpsPort' | 'domainsFolder' | 'imagesFolder'>,
): object {
  const domains = ['local', 'remote', 'shared'].map((domain) => [domain, { hostPath: join(node.domainsFolder, domain) }])
  return {
    // One machine gains nothing from a second replica.
    replicas: 1,
    domain: node.domain,
    serviceDomain: node.serviceDomain,
    publicPort: node.httpsPort,
    domains: Object.fromEntries(domains),
    registry: { inCluster: { enabled: true, persistence: { hostPath: node.imagesFolder } } },
  }
}

/** What the chart tells its backend, for one that runs elsewhere. */
export async function chartEnvironment(node: RunningNode): Promise<Record<string, string>> {
  const flags = ['-n', namespace, '--show-only', 'templates/deployment.yaml', '-f', '-']
  const manifest = await run(await binary('helm'), ['template', 'karvdash', chart, ...flags], {
    input: JSON.stringify(valuesFor(node)),
  })
  const asJson = ['create', '--dry-run=client', '--output=json', '-f', '-']
  const json = await run(await binary('kubernetes'), ['kubectl', '--kubeconfig', node.kubeconfig, ...asJson], { input: manifest })
  const { spec } = JSON.parse(json) as {
    spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } }
  }
  const variables = spec.template.spec.containers.flatMap(({ env }) => env)
  return Object.fromEntries(variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
}

/** An image as the chart's values name it. */
export function imageValues(image: string): { repository: string; tag: string } {
  const colon = image.lastIndexOf(':')
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
}

async function firstAdmin({ access }: RunningNode): Promise<{ username: string; password: string }> {
  const api = await openApi(access)
  const body = await api.get(`/api/v1/namespaces/${namespace}/secrets/karvdash-first-admin`)
  api.close()
  const { data = {} } = JSON.parse(body ?? '{}') as { data?: Record<string, string> }
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString()
  return { username: text('username'), password: text('password') }
}
