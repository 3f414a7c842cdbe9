import { formatQuantity, parseQuantity, roughQuantity } from './quantity.ts'
import type { Resource } from './resource.ts'

/** One gauge: shares of the limit in percent, and the same in words. */
export interface Gauge {
  label: string
  words: string
  usedPercent: number
  askedPercent: number
  isTooMuch: boolean
}

/** Those that people think in; another one is shown only where it does not suffice. */
const usual = new Set(['cpu', 'memory', 'gpu', 'storage', 'pods'])

/** What to show of a resource for a launch that asks for so much; undefined: nothing. */
export function gaugeOf({ resource, label, used, limit, free }: Resource, asks: string): Gauge | undefined {
  const [all, taken, asked, left] = [limit, used, asks, free].map((amount) => parseQuantity(amount) ?? 0n) as Amounts
  const isTooMuch = asked > left
  if (asked === 0n || !(usual.has(resource) || isTooMuch)) return undefined
  const unit = /[KMGTPE]i$|^0$/.test(limit) && resource !== 'pods' ? 'bytes' : 'count'
  const rough = (amount: bigint) => (unit === 'bytes' ? roughQuantity(amount, unit) : plain(amount))
  const share = (amount: bigint) => (all === 0n ? 100 : Math.min(100, Number((amount * 1000n) / all) / 10))
  const words = `${rough(taken)} used, ${rough(asked)} for this one, of ${rough(all)}${isTooMuch ? `: only ${rough(left)} free` : ''}`
  return { label, words, usedPercent: share(taken), askedPercent: Math.min(share(asked), 100 - share(taken)), isTooMuch }
}

type Amounts = [bigint, bigint, bigint, bigint]

/** Thousandths of processors are written as a fraction: people think in processors. */
function plain(amount: bigint): string {
  const text = formatQuantity(amount, 'count')
  return text.endsWith('m') ? String(Number(text.slice(0, -1)) / 1000) : text
}
