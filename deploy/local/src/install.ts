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

/** Installs Karvdash on a node as an administrator would on any cluster, and says where it is. */
export async function installKarvdash(node: RunningNode): Promise<void> {
  const image = await buildBackendImage({ mirror: node.mirrorUrl })
  await step('Images of the templates', () => ensureStandIns(node.mirrorUrl))
  await step('Installing Karvdash', async () => helmUpgrade(node, image))
  const { username, password } = await firstAdmin(node)
  say(`Karvdash is at https://${node.domain}:${node.httpsPort}`)
  say(`The first administrator is ${username} with the password ${password}`)
}

async function helmUpgrade(node: RunningNode, image: string): Promise<void> {
  const values = JSON.stringify(valuesFor(node, image))
  await run(
    await binary('helm'),
    ['upgrade', '--install', 'karvdash', chart, '-n', namespace, '--create-namespace', '--wait', '--timeout=3m', '-f', '-'],
    { env: { KUBECONFIG: node.kubeconfig }, input: values },
  )
}

/** The chart's values for a node of this folder. */
export function valuesFor(
  node: Pick<RunningNode, 'domain' | 'httpsPort' | 'domainsFolder' | 'registryUrl'>,
  image: string,
): object {
  const colon = image.lastIndexOf(':')
  const domains = ['local', 'remote', 'shared'].map((domain) => [domain, { hostPath: join(node.domainsFolder, domain) }])
  return {
    image: { repository: image.slice(0, colon), tag: image.slice(colon + 1) },
    // One machine gains nothing from a second replica.
    replicas: 1,
    domain: node.domain,
    publicPort: node.httpsPort,
    domains: Object.fromEntries(domains),
    registry: { url: node.registryUrl },
  }
}

async function firstAdmin({ access }: RunningNode): Promise<{ username: string; password: string }> {
  const api = await openApi(access)
  const body = await api.get(`/api/v1/namespaces/${namespace}/secrets/karvdash-first-admin`)
  api.close()
  const { data = {} } = JSON.parse(body ?? '{}') as { data?: Record<string, string> }
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString()
  return { username: text('username'), password: text('password') }
}
