import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { binary } from '../binaries.ts'
import { run } from '../command.ts'
import { ensureStandIns } from '../images/images.ts'
import { chartEnvironment, helmUpgrade, valuesFor } from '../install.ts'
import { usualPort } from '../instance.ts'
import { type RunningNode, startNode } from '../node.ts'
import { say, step } from '../progress.ts'
import { bundle } from './build.ts'
import { root, runNode } from './process.ts'

const ports = { httpPort: 8080, httpsPort: 8444, webhookPort: 9444 }

/** The contributor's loop: the backend on this machine, started anew at each change, behind the same cluster, webhook included. */
export async function dev(): Promise<number> {
  if ((await bundle()) !== 0) return 1
  const httpsPort = await usualPort('default')
  const node = await startNode({ name: 'default', announce: true, ...(httpsPort !== undefined && { httpsPort }) })
  await ensureStandIns(node.mirrorUrl)
  await step('Pointing the cluster at this machine', () => takeOver(node))
  say(`Karvdash is at https://${node.domain}:${node.httpsPort}; Ctrl-C ends the backend, npm start puts the installed one back`)
  return runNode(['--watch', join(root, 'backend/src/main.ts')], { environment: await environment(node) })
}

/** Installs the chart without a backend of its own. */
async function takeOver(node: RunningNode): Promise<void> {
  await helmUpgrade(node, { ...valuesFor(node), external: { address: node.hostIp, ...ports } })
  // Nobody takes care of the addresses of the backend that went: they would be answered with a refused connection each second time.
  const stale = 'endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io,kubernetes.io/service-name=karvdash'
  await kubectl(node, 'delete', 'endpoints', 'karvdash', '--ignore-not-found')
  await kubectl(node, 'delete', 'endpointslices', '-l', stale)
}

async function kubectl(node: RunningNode, ...args: string[]): Promise<string> {
  return run(await binary('kubernetes'), ['kubectl', '--kubeconfig', node.kubeconfig, '-n', 'karvdash', ...args])
}

/** What the chart tells its backend, for one on this machine: with the same account, and no more power. */
async function environment(node: RunningNode): Promise<Record<string, string>> {
  return {
    ...(await chartEnvironment(node)),
    KUBECONFIG: await platformKubeconfig(node),
    // As people reach it: what the cluster calls it has no address here.
    KARVDASH_REGISTRY_URL: `https://${node.registry}`,
    NODE_EXTRA_CA_CERTS: node.caFile,
    KARVDASH_DOMAINS_FOLDER: node.domainsFolder,
    KARVDASH_HTTP_PORT: String(ports.httpPort),
    KARVDASH_HTTPS_PORT: String(ports.httpsPort),
    KARVDASH_WEBHOOK_PORT: String(ports.webhookPort),
    KARVDASH_TEMPLATES_FOLDER: join(root, 'templates'),
    KARVDASH_PAGE_FOLDER: join(root, 'backend/dist/page'),
    KARVDASH_DRAIN_SECONDS: '0',
    KARVDASH_LOG_LEVEL: 'debug',
  }
}

async function platformKubeconfig(node: RunningNode): Promise<string> {
  const token = (await kubectl(node, 'create', 'token', 'karvdash', '--duration=24h')).trim()
  const config = JSON.parse(await kubectl(node, 'config', 'view', '--raw', '-o', 'json')) as { users: { user: object }[] }
  config.users = config.users.map((user) => ({ ...user, user: { token } }))
  const file = join(node.folder, 'platform.kubeconfig')
  await writeFile(file, JSON.stringify(config), { mode: 0o600 })
  return file
}
