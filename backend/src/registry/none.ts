import { Problem } from '@karvdash/common'

/** What there is only with a registry. @throws Problem 404 where there is none, which says how to get one. */
export function there<T>(part: T | undefined): T {
  if (part !== undefined) return part
  throw new Problem(404, 'No registry', {
    detail:
      'There is no registry here. An administrator can set one up: registry.inCluster or registry.external among the values of the chart.',
  })
}
