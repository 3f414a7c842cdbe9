import type { Cache } from './cache.ts'
import type { Kubernetes } from './client.ts'
import { holding, noted, noteSecret } from './notes.ts'
import { resources } from './resources.ts'

/** Whether what a watch tells is as fresh as what it guards must be. */
export interface Heartbeat {
  isFresh(): boolean
  stop(): void
}

export interface HeartbeatPorts {
  kubernetes: Kubernetes
  namespace: string
  /** Who this replica is. */
  replica: string
  /** Follows Secrets of the namespace, those with this label among them. */
  cache: Pick<Cache, 'heardAt'>
  clock?: () => number
}

/** The value of the label `karvdash.io/holds` that marks heartbeats. */
export const heartbeatMark = 'heartbeat'

const beatMs = 3_000
/** A cache that nothing came to for so long may not know who was shut out meanwhile. */
const longestSilenceMs = 10_000

/**
 * Changes an object of its own every few seconds, so that a watch which hears nothing is one that broke, whatever its connection
 * looks like: a watch of quiet objects tells of itself once a minute.
 */
export function startHeartbeat({ kubernetes, namespace, replica, cache, clock = Date.now }: HeartbeatPorts): Heartbeat {
  const beat = async () => {
    const at = new Date(clock()).toISOString()
    await kubernetes.apply(resources.secrets, noteSecret(heartbeatMark, { name: `heartbeat.${replica}`, namespace }, { at }))
  }
  // A beat that fails is one that is not heard: the silence tells.
  const tick = () => void beat().catch(() => undefined)
  tick()
  const timer = setInterval(tick, beatMs).unref()
  return {
    isFresh: () => clock() - cache.heardAt() < longestSilenceMs,
    stop: () => clearInterval(timer),
  }
}

/** Removes the heartbeats of replicas that are gone. */
export async function sweepHeartbeats(kubernetes: Kubernetes, namespace: string, clock: () => number = Date.now): Promise<void> {
  const { items } = await kubernetes.list(resources.secrets, { namespace }, holding(heartbeatMark))
  for (const secret of items) {
    const at = Date.parse(noted(secret, 'at')?.toString() ?? '')
    if (!(clock() - at < 3600_000)) await kubernetes.remove(resources.secrets, { namespace, name: secret.metadata.name })
  }
}
