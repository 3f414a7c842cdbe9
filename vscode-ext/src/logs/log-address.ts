import { LogsPart, ServiceName } from '@karvdash/common'
import type * as z from 'zod'

/** Which log: of a service, and which part of that. */
export interface LogPlace {
  service: string
  part: Pick<z.input<typeof LogsPart>, 'pod' | 'container' | 'previous'>
}

/** The parts of an address that say it; a tab shows the end of the path. */
export function logAddress({ service, part }: LogPlace): { path: string; query: string } {
  const { pod, container, previous } = part
  const name = [service, ...(container !== undefined ? [container] : []), ...(previous ? ['before'] : [])].join(' ')
  const query = Object.entries({ service, pod, container, ...(previous && { previous: 'true' }) })
  return {
    path: `/${name}.log`,
    query: new URLSearchParams(query.filter(([, value]) => value !== undefined) as [string, string][]).toString(),
  }
}

/** Reads it back; undefined where it is none of ours, such as one that somebody made up. */
export function logPlace({ query }: { query: string }): LogPlace | undefined {
  const { service, ...rest } = Object.fromEntries(new URLSearchParams(query))
  const [name, part] = [ServiceName.safeParse(service), LogsPart.safeParse(rest)]
  if (!name.success || !part.success) return undefined
  const { pod, container, previous } = part.data
  return {
    service: name.data,
    part: { ...(pod !== undefined && { pod }), ...(container !== undefined && { container }), ...(previous && { previous }) },
  }
}
