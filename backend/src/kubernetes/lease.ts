import type { Kubernetes } from './client.ts'
import { isConflict } from './errors.ts'
import type { KubeObject } from './objects.ts'
import { resources } from './resources.ts'

const heldForSeconds = 15
const renewEveryMs = 5_000

/** Whether this replica is the one that does a thing. */
export interface Lease {
  isHeld(): boolean
  /** Gives it up, so that another replica need not wait until it runs out. */
  release(): Promise<void>
}

export interface LeaseOptions {
  kubernetes: Kubernetes
  namespace: string
  name: string
  /** Who we are: unique among the replicas. */
  holder: string
  /** Called each time this replica gets it. */
  onHeld: () => void
}

/** Stands for a Lease object and keeps it while it can (the leader election of client-go, in short). */
export function standForLease(options: LeaseOptions): Lease {
  let heldUntil = 0
  const attempt = async () => {
    const before = Date.now()
    const got = await takeOrRenew(options).catch(() => false)
    const isNew = got && heldUntil < before
    heldUntil = got ? before + heldForSeconds * 1000 : heldUntil
    if (isNew) options.onHeld()
  }
  void attempt()
  const timer = setInterval(() => void attempt(), renewEveryMs).unref()
  const isHeld = () => Date.now() < heldUntil
  return {
    isHeld,
    async release() {
      clearInterval(timer)
      if (!isHeld()) return
      heldUntil = 0
      // With the API server away it runs out by itself.
      await read(options)
        .then((found) => write(options, found, ''))
        .catch(() => undefined)
    },
  }
}

async function takeOrRenew(options: LeaseOptions): Promise<boolean> {
  const found = await read(options)
  const spec = found?.['spec'] as { holderIdentity?: string; renewTime?: string } | undefined
  // A time that cannot be read was written by nobody who holds it.
  const isAlive = Date.now() - Date.parse(spec?.renewTime ?? '') <= heldForSeconds * 1000
  const isFree = !spec?.holderIdentity || !isAlive
  if (!isFree && spec.holderIdentity !== options.holder) return false
  return write(options, found, options.holder).then(
    () => true,
    (error: unknown) => {
      // Another replica was faster.
      if (isConflict(error)) return false
      throw error
    },
  )
}

function read({ kubernetes, namespace, name }: LeaseOptions): Promise<KubeObject | undefined> {
  return kubernetes.get(resources.leases, { namespace, name })
}

function write(
  { kubernetes, namespace, name }: LeaseOptions,
  found: KubeObject | undefined,
  holderIdentity: string,
): Promise<KubeObject> {
  const spec = { holderIdentity, leaseDurationSeconds: heldForSeconds, renewTime: new Date().toISOString().replace('Z', '000Z') }
  if (found) return kubernetes.replace(resources.leases, { ...found, spec })
  return kubernetes.create(resources.leases, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec,
  })
}
