import type { Service } from '@karvdash/common'
import type { LogPlace } from './log-address.ts'

/** A part of a service's log that can be chosen. */
export interface LogChoice {
  label: string
  description: string
  part: LogPlace['part']
}

/** What can be chosen: all of it, each container, and of one that was started again what it printed before. */
export function logChoices({ pods = [] }: Pick<Service, 'pods'>): LogChoice[] {
  const each = pods.flatMap(({ name: pod, containers }) =>
    containers.flatMap(({ name: container, restarts }) => [
      { label: container, description: pod, part: { pod, container } },
      ...(restarts > 0
        ? [
            {
              label: `${container}, before it was started again`,
              description: `${pod}, ${restarts === 1 ? 'once' : `${restarts} times`}`,
              part: { pod, container, previous: true },
            },
          ]
        : []),
    ]),
  )
  const all = { label: 'All containers', description: 'in order of time, with their names', part: {} }
  return each.length > 1 ? [all, ...each] : [{ ...all, label: 'All' }]
}
