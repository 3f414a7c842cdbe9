import { parseQuantity } from '@karvdash/common'
import { amountWords, isCounted, resourceWords } from './amounts.ts'

/** What a quota does not allow: `requests.memory=9Gi,pods=1`, as far as it is asked, used and limited. */
export function quotaWords({ asked = '', used = '', limit = '' }: Record<string, string>): string {
  const [asks, uses, limits] = [amounts(asked), amounts(used), amounts(limit)]
  // What is asked and what may be had at most can both be too much: once told is enough.
  const names = [...asks.keys()].map(resourceWords)
  const sentences = [...asks]
    .filter(([resource], n) => names.indexOf(resourceWords(resource)) === n)
    .map(([resource, wanted]) =>
      sentenceOf(resource, { wanted, used: uses.get(resource) ?? '0', limit: limits.get(resource) ?? '0' }),
    )
  return `${sentences.slice(0, 4).join(' ')} Ask for less, or stop or delete something.`
}

interface Line {
  wanted: string
  used: string
  limit: string
}

function sentenceOf(resource: string, { wanted, used, limit }: Line): string {
  const name = resourceWords(resource)
  if (isCounted(resource) && limit === '0') return `Your quota allows no ${name} here.`
  if (isCounted(resource)) return `You have ${used} of the ${limit} ${name} that your quota allows; this needs ${wanted} more.`
  const free = (parseQuantity(limit) ?? 0n) - (parseQuantity(used) ?? 0n)
  const words = (quantity: string | bigint) => amountWords(resource, quantity)
  return `This asks for ${words(wanted)} of ${name}; your quota is ${words(limit)}, of which ${words(free < 0n ? 0n : free)} are free.`
}

function amounts(list: string): Map<string, string> {
  const pairs = list.split(',').flatMap((part): [string, string][] => {
    const [resource, amount] = part.split('=')
    return resource && amount ? [[resource, amount]] : []
  })
  return new Map(pairs.slice(0, 20))
}
