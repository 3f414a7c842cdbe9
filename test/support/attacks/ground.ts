import type { Backend } from '../backend.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import { activeUser, signedInAdmin } from '../people.ts'
import { until } from '../until.ts'
import { openSender, type Sender } from './attack.ts'

/** Where attacks happen: a control plane with the chart on it, two users who are strangers, and whatever attacks are aimed at. */
export interface Ground {
  cluster: Cluster
  backend: Backend
  sender: Sender
  stop(): Promise<void>
}

/** Starts one for a test file, with mallory who attacks and alice who is attacked; the policies are in force. */
export async function startGround(name: string): Promise<Ground> {
  const cluster = await startCluster(name)
  const backend = await cluster.backend()
  const admin = await signedInAdmin(backend)
  for (const user of ['mallory', 'alice']) await activeUser(backend, user, admin)
  const sender = await openSender(cluster.plane.kubeconfig)
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

/** The API server learns of policies a moment after they are stored. */
async function isGuarded(sender: Sender): Promise<boolean> {
  const spec = { containers: [{ name: 'main', image: 'busybox' }], hostPID: true }
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe' }, spec }
  const { message } = await sender.dryRun({ verb: 'create', path: '/api/v1/namespaces/karvdash-mallory/pods', body })
  return message.includes('ValidatingAdmissionPolicy')
}
