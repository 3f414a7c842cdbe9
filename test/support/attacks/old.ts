import { until } from '../until.ts'
import { at, create, home, object, patch } from './asks.ts'
import type { Ask } from './attack.ts'
import type { Ground } from './ground.ts'
import { pod, withVolume } from './pod.ts'
import { enforce, policiesOf } from './policies.ts'

const backend = { service: { name: 'db', port: { number: 80 } } }
const claim = {
  accessModes: ['ReadWriteOnce'],
  volumeName: 'x',
  storageClassName: '',
  resources: { requests: { storage: '1Gi' } },
}
const outstaying = { terminationGracePeriodSeconds: 7200, ...withVolume({ hostPath: { path: '/' } }) }
const secured = { securityContext: { seccompProfile: { type: 'Unconfined' } } }

/** What is no user's to write: path of the collection, and the object. */
export const forbidden: [path: string, object: object][] = [
  [at('v1', 'pods'), pod({ ...outstaying, ...secured }, { name: 'old' }).body ?? {}],
  [at('v1', 'persistentvolumeclaims'), object('v1', 'PersistentVolumeClaim', 'old', { spec: claim })],
  [at('v1', 'services'), object('v1', 'Service', 'old', { spec: { ports: [{ port: 80 }], externalIPs: ['192.0.2.1'] } })],
  [
    at('networking.k8s.io/v1', 'ingresses'),
    object('networking.k8s.io/v1', 'Ingress', 'old', { spec: { ingressClassName: 'foreign', defaultBackend: backend } }),
  ],
]

/** What a user may still do with it where it came in before the rules. */
export const oldRights: (Ask & { name: string })[] = forbidden.map(([path]) => ({
  name: `labels what came in before the rules: ${path}`,
  ...patch(`${path}/old`, { metadata: { labels: { x: 'y' } } }),
}))

/** Brings it in, as an installation without rules would have. */
export async function placeOld({ cluster, sender }: Ground): Promise<void> {
  const policies = (await policiesOf(cluster)).map(({ metadata }) => metadata.name)
  for (const policy of policies) await enforce(cluster, policy, false)
  for (const [path, one] of forbidden) {
    await until(async () => (await sender.dryRun(create(path, one))).status < 300)
    await cluster.create({ ...one, metadata: { name: 'old', namespace: home } })
  }
  for (const policy of policies) await enforce(cluster, policy, true)
  for (const [path, one] of forbidden)
    await until(async () => (await sender.dryRun(create(path, one))).message.includes('ValidatingAdmissionPolicy'))
}
