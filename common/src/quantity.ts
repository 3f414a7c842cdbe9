const scales: Record<string, bigint> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 2n ** 10n * 10n ** 9n,
  Mi: 2n ** 20n * 10n ** 9n,
  Gi: 2n ** 30n * 10n ** 9n,
  Ti: 2n ** 40n * 10n ** 9n,
  Pi: 2n ** 50n * 10n ** 9n,
  Ei: 2n ** 60n * 10n ** 9n,
}
const longest = 40
const syntax = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/

/**
 * Reads a Kubernetes quantity such as `500m`, `2Gi`, `1.5` or `1e3`.
 *
 * @returns exact billionths of the unit; what is finer is rounded away from zero, as Kubernetes does. Undefined where the text is no quantity.
 * @example parseQuantity('1Ki') === 1024n * 10n ** 9n
 */
export function parseQuantity(text: string): bigint | undefined {
  const match = text.length <= longest ? syntax.exec(text) : null
  if (!match) return undefined
  const [, sign, whole = '', fraction = match[4] ?? '', , suffix = ''] = match
  const { scale, divisor } = scaleOf(suffix)
  const amount = dividedUp(BigInt(whole + fraction || '0') * scale, divisor * 10n ** BigInt(fraction.length))
  return sign === '-' ? -amount : amount
}

/** Whether the text is a Kubernetes quantity. */
export function isQuantity(text: string): boolean {
  return parseQuantity(text) !== undefined
}

/**
 * Orders two quantities by their amount.
 *
 * @returns less than 0, 0 or more than 0, as `Array.sort` wants it
 * @throws {RangeError} where one of them is no quantity
 */
export function compareQuantities(left: string, right: string): number {
  const difference = amountOf(left) - amountOf(right)
  return difference < 0n ? -1 : Number(difference > 0n)
}

/**
 * Writes an amount of billionths as Kubernetes does, exactly.
 *
 * @param unit of bytes, in powers of two where that is exact; of anything else, in whole ones or thousandths
 */
export function formatQuantity(amount: bigint, unit: 'bytes' | 'count'): string {
  const billion = 10n ** 9n
  if (unit === 'count') return amount % billion === 0n ? String(amount / billion) : `${dividedUp(amount, 10n ** 6n)}m`
  const suffix =
    amount === 0n ? undefined : ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'].find((one) => amount % (scales[one] ?? 1n) === 0n)
  return suffix ? `${amount / (scales[suffix] ?? 1n)}${suffix}` : String(dividedUp(amount, billion))
}

/**
 * An amount as people read it: never more than it is, with two decimals at most.
 *
 * @example roughQuantity(parseQuantity('3300Mi') ?? 0n, 'bytes') === '3.22Gi'
 */
export function roughQuantity(amount: bigint, unit: 'bytes' | 'count'): string {
  const steps = unit === 'count' ? [''] : ['Ti', 'Gi', 'Mi', 'Ki', '']
  const suffix = steps.find((one) => amount >= (scales[one] ?? 1n)) ?? ''
  return `${Number((amount * 100n) / (scales[suffix] ?? 1n)) / 100}${suffix}`
}

function amountOf(text: string): bigint {
  const amount = parseQuantity(text)
  if (amount === undefined) throw new RangeError(`"${text}" is not a quantity`)
  return amount
}

function scaleOf(suffix: string): { scale: bigint; divisor: bigint } {
  const scale = scales[suffix]
  if (scale !== undefined) return { scale, divisor: 1n }
  const exponent = BigInt(suffix.slice(1).replace('+', ''))
  const power = 10n ** (exponent < 0n ? -exponent : exponent)
  const one = 10n ** 9n
  return exponent < 0n ? { scale: one, divisor: power } : { scale: one * power, divisor: 1n }
}

function dividedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}
