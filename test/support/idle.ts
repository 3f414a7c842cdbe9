import { type Client, contract, type Service } from '@karvdash/common'
import type { Cluster } from './cluster.ts'
import { changeSettings } from './settings.ts'
import { type System, until } from './system.ts'

/** A policy under which a service is warned of after two seconds, and stopped long after a test has seen that. */
export const soonWarned = { KARVDASH_IDLE: JSON.stringify({ after: '30s', warning: '28s' }) }

/** Gives a service a pod, in this state. */
export async function addPod(
  cluster: Cluster,
  { user, service }: { user: string; service: string },
  state: object,
): Promise<void> {
  const namespace = `karvdash-${user}`
  const labels = { 'karvdash.io/service': service }
  const spec = { containers: [{ name: 'main', image: 'example.org/none:1' }] }
  await cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: service, namespace, labels }, spec })
  const lastState = { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' } }
  const conditions = [{ type: 'PodScheduled', status: 'True' }]
  const containerStatuses = [{ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 9, state, lastState }]
  const status = JSON.stringify({ status: { phase: 'Running', conditions, containerStatuses } })
  await cluster.kubectl('patch', 'pod', service, '-n', namespace, '--subresource=status', '--type=merge', '-p', status)
}

/** Gives it one whose program ended: it holds what it may use, and nobody has to look into it to know that it is idle. */
export function addEndedPod(cluster: Cluster, of: { user: string; service: string }): Promise<void> {
  return addPod(cluster, of, { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } })
}

/** Leaves a service with a Deployment such a pod and no other: one that has not begun yet counts as used, and takes a warning back. */
export async function leaveEndedPod(cluster: Cluster, of: { user: string; service: string }): Promise<void> {
  await cluster.kubectl('delete', 'deployment', of.service, '-n', `karvdash-${of.user}`, '--cascade=foreground')
  await addEndedPod(cluster, of)
}

/** Sets the policy of an installed Karvdash; none with an empty one. */
export function setPolicy({ node }: System, policy: { after?: string; warning?: string; cpu?: string }): Promise<void> {
  return changeSettings(node, { idle: { after: '', ...policy } })
}

/** Waits for what becomes of somebody's services. */
export function standings(client: Client) {
  const shown = (service: string) => client.call(contract.getService, { params: { service } })
  const reached = (service: string, what: string, isSo: (service: Service) => boolean) =>
    until(`${service} to be ${what}`, async () => isSo(await shown(service)), 180_000)
  return {
    shown,
    running: (service: string) => reached(service, 'Running', ({ state }) => state === 'Running'),
    warned: (service: string) => reached(service, 'warned', ({ idle }) => idle !== undefined),
    stopped: (service: string) => reached(service, 'Stopped', ({ state }) => state === 'Stopped'),
  }
}
