import { parseQuantity } from '@karvdash/common'

const names: [RegExp, string][] = [
  [/^(?:requests\.|limits\.)?memory$/, 'memory'],
  [/^(?:requests\.|limits\.)?cpu$/, 'CPU cores'],
  [/^(?:requests\.|limits\.)?ephemeral-storage$/, 'ephemeral storage'],
  [/^requests\.storage$/, 'storage in volumes'],
  [/(?:^|\/|\.)gpu$/, 'GPUs'],
  [/^(?:count\/)?pods$/, 'pods'],
  [/^(?:count\/)?persistentvolumeclaims$/, 'volume claims'],
  [/^(?:count\/)?configmaps$/, 'ConfigMaps'],
  [/^(?:count\/)?secrets$/, 'Secrets'],
  [/^(?:count\/)?services$/, "Services (Kubernetes' own)"],
  [/^count\/ingresses\./, 'Ingresses'],
  [/^count\/servicerecords\./, 'services'],
]

/** A resource as people call it: of a node, or of a quota. */
export function resourceWords(resource: string): string {
  const known = names.find(([pattern]) => pattern.test(resource))
  return known?.[1] ?? resource.replace(/^count\/([^.]*)\..*$/, '$1').replace(/^requests\./, '')
}

/** Whether a resource is counted in things, and not in bytes or cores. */
export function isCounted(resource: string): boolean {
  return !/memory|cpu|storage/.test(resource) || /^count\/|claims$/.test(resource)
}

const bytes: [string, bigint][] = [
  ['Ti', 2n ** 40n],
  ['Gi', 2n ** 30n],
  ['Mi', 2n ** 20n],
  ['Ki', 2n ** 10n],
]
const billionth = 10n ** 9n

/** A quantity of a resource as people read it, such as `27.5Gi` or `1.5`; the text itself where it is none. */
export function amountWords(resource: string, quantity: string | bigint): string {
  const amount = typeof quantity === 'bigint' ? quantity : parseQuantity(quantity)
  if (amount === undefined) return String(quantity)
  const isBytes = /memory|storage/.test(resource) && !isCounted(resource)
  const [unit, size] = (isBytes && bytes.find(([, one]) => amount >= one * billionth)) || ['', 1n]
  const tenths = (amount * 10n) / (size * billionth)
  const digits = tenths % 10n === 0n ? `${tenths / 10n}` : `${tenths / 10n}.${tenths % 10n}`
  return unit === '' && !isBytes && amount > 0n && amount < billionth ? `${Number(amount / 1000000n) / 1000}` : `${digits}${unit}`
}
