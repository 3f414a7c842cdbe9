import { join } from 'node:path'
import { writeIfChanged } from './files.ts'
import type { NodePlan } from './node-plan.ts'

/** Port on the node of the mirror that stands for upstream registries. */
export const mirrorPort = 5000

/** The cluster's own registry, as it stands in references. */
export function registryOf({ domain, httpsPort }: Pick<NodePlan, 'domain' | 'httpsPort'>): string {
  return `registry.${domain}${httpsPort === 443 ? '' : `:${httpsPort}`}`
}

/** Writes the configuration of the mirror and tells containerd where registries are. */
export async function prepareRegistries(plan: NodePlan): Promise<Record<string, string[]>> {
  const mirror = `http://${plan.nodeIp}:${mirrorPort}`
  const own = `https://registry.${plan.domain}:${plan.httpsPort}`
  const hosts = join(plan.folder, 'registry-hosts')
  // Upstream comes after the mirror: with a network, what the mirror lacks is the real image.
  await writeIfChanged(join(hosts, '_default', 'hosts.toml'), hostToml(mirror))
  // Users push to another one, by the ingress controller: what is pushed there stands for no upstream image. containerd 1.6 reads no file
  // without a host, and after the hosts it asks the server all the same.
  const trusting = `ca = "${plan.webAuthorityFile}"\n`
  const ownToml = `server = "${own}"\n${trusting}${hostToml(own)}  ${trusting}`
  await writeIfChanged(join(hosts, registryOf(plan), 'hosts.toml'), ownToml)
  return { 'registry-mirror': await mirrorArgs(plan) }
}

function hostToml(url: string): string {
  return `[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`
}

async function mirrorArgs(plan: NodePlan): Promise<string[]> {
  const config = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: plan.mirrorFolder }, delete: { enabled: true } },
    http: { addr: `${plan.nodeIp}:${mirrorPort}` },
  }
  const file = await writeIfChanged(join(plan.folder, 'config', 'registry-mirror.json'), JSON.stringify(config))
  return ['docker-registry', 'serve', file]
}
