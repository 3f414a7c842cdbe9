import type { Backend } from '../backend.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import { activeUser, signedInAdmin } from '../people.ts'
import { until } from '../until.ts'
import { openSender, type Sender } from './attack.ts'
import { container, pod } from './pod.ts'

/** Where attacks happen: a control plane with the chart on it, two users who are strangers, and whatever attacks are aimed at. */
export interface Ground {
  cluster: Cluster
  backend: Backend
  sender: Sender
  stop(): Promise<void>
}

/** Starts one for a test file, with mallory who attacks and alice who is attacked; the policies are in force. Values are the chart's. */
export async function startGround(name: string, values: object = {}): Promise<Ground> {
  const cluster = await startCluster(name, values)
  const backend = await cluster.backend()
  const admin = await signedInAdmin(backend)
  for (const user of ['mallory', 'alice']) await activeUser(backend, user, admin)
  for (const object of aims) await cluster.create(object)
  const sender = await openSender(cluster.plane.kubeconfig, cluster.domains)
  await until(() => isGuarded(sender))
  return {
    cluster,
    backend,
    sender,
    async stop() {
      await sender.close()
      await cluster.stop()
    },
  }
}

/** What attacks on pods are aimed at. */
const aims = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'target', namespace: 'karvdash-mallory' },
    spec: { containers: [container] },
  },
  { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'foreign' }, handler: 'foreign' },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'above' }, value: 1000 },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'below' }, value: -10 },
]

/** The API server learns of policies a moment after they are stored. */
async function isGuarded(sender: Sender): Promise<boolean> {
  const { message } = await sender.dryRun(pod({ hostPID: true }))
  return message.includes('ValidatingAdmissionPolicy')
}
