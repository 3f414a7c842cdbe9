import { join } from 'node:path'
import { writeIfChanged } from './files.ts'
import type { NodePlan } from './node-plan.ts'

/** Ports of the two registries on the node: the mirror that stands for upstream registries, and the one users push to. */
export const registryPorts = { mirror: 5000, users: 5001 }

/** Writes the configuration of both registries and tells containerd where each is. */
export async function prepareRegistries(plan: NodePlan): Promise<Record<string, string[]>> {
  const mirror = `http://${plan.nodeIp}:${registryPorts.mirror}`
  const users = `http://${plan.nodeIp}:${registryPorts.users}`
  const hosts = join(plan.folder, 'registry-hosts')
  const usersName = `registry.${plan.domain}:${plan.httpsPort}`
  // Upstream comes after the mirror: with a network, what the mirror lacks is the real image.
  await writeIfChanged(join(hosts, '_default', 'hosts.toml'), hostToml(mirror))
  await writeIfChanged(join(hosts, usersName, 'hosts.toml'), `server = "${users}"\n${hostToml(users)}`)
  return {
    'registry-mirror': await registryArgs(plan, 'mirror', plan.mirrorFolder),
    registry: await registryArgs(plan, 'users', join(plan.folder, 'registry')),
  }
}

function hostToml(url: string): string {
  return `[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`
}

async function registryArgs(plan: NodePlan, kind: keyof typeof registryPorts, storage: string): Promise<string[]> {
  const config = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: `${plan.nodeIp}:${registryPorts[kind]}` },
  }
  const file = await writeIfChanged(join(plan.folder, 'config', `registry-${kind}.json`), JSON.stringify(config))
  return ['docker-registry', 'serve', file]
}
