import type { Sign } from '../sign.ts'
import { resourceWords } from './amounts.ts'

const bound =
  /(?<side>maximum|minimum) (?<resource>\S+) usage per (?<type>\w+) is (?<bound>[^,\s]+?)(?:, but (?<what>limit|request) is (?<asked>[^,\s\]]+)|\.\s+No (?<missing>limit|request) is specified)/

/** What a LimitRange does not allow. */
export function limitWords({ message }: Sign): string {
  const found = bound.exec(message)?.groups
  if (!found) return `It asks for another amount than it may: ${message}`
  const { side, resource = '', bound: most, type = '', asked } = found
  const name = resourceWords(resource)
  const wanted = asked === undefined ? 'says nothing' : `asks for ${asked}`
  const may = side === 'maximum' ? 'have at most' : 'ask for at least'
  return `A ${type.toLowerCase()} may ${may} ${most} of ${name} here; one of this ${wanted}. Change it in what you launch.`
}
