import type { ServiceRecord } from '../record.ts'
import type { Live, Way } from './live.ts'
import type { Status } from './status.ts'

/** Whether what leads to a service's address is there: an Ingress to a Service that has somebody to answer. One without an address is. */
export function isReached({ path }: ServiceRecord, live: Live): boolean {
  if (path === undefined) return true
  const behind = new Set(live.slices.filter(({ answers }) => answers).map(({ of }) => of))
  return live.ingresses.some(({ to }) => to.some((service) => behind.has(service)))
}

/** Whether each Service that a service's Ingresses lead to is known to have nobody who answers. */
export function isUnanswered({ ingresses, slices }: Way): boolean {
  const behind = ingresses.flatMap(({ to }) => to)
  // A Service without a slice is one that a tenant led the address to by hand: of that nothing is known.
  const isKnown = behind.length > 0 && behind.every((service) => slices.some(({ of }) => of === service))
  return isKnown && !slices.some(({ of, answers }) => answers && behind.includes(of))
}

/** What is missing on the way to a service that runs; undefined where nothing is. */
export function wayTo(record: ServiceRecord, live: Live): Status | undefined {
  if (isReached(record, live)) return undefined
  if (live.ingresses.length > 0)
    return {
      state: 'Starting',
      reason: 'It runs, and its address does not lead to it yet. If that stays so, its Service fits none of its pods.',
    }
  const reason = 'It runs, and its address leads nowhere: its Ingress is gone. Restart the service to have it back.'
  return { state: 'Running', reason, cause: 'unreachable' }
}
