import { compareQuantities, isQuantity, type Value } from '@karvdash/common'

/** A helper of the expressions: pure, with a fixed number of arguments. */
export interface Helper {
  least: number
  most: number
  /** @throws {TypeError} where the arguments cannot be compared */
  call(...args: Value[]): Value
}

/** The longest list that `range` makes. */
export const longestRange = 100

/** Every helper that gives one value. `range`, the one that gives a list, stands in {@link range} and only after `#each`. */
export const helpers: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['eq', { least: 2, most: 2, call: (left, right) => left === right }],
  ['ne', { least: 2, most: 2, call: (left, right) => left !== right }],
  ['lt', { least: 2, most: 2, call: (left, right) => compare(left, right) < 0 }],
  ['lte', { least: 2, most: 2, call: (left, right) => compare(left, right) <= 0 }],
  ['gt', { least: 2, most: 2, call: (left, right) => compare(left, right) > 0 }],
  ['gte', { least: 2, most: 2, call: (left, right) => compare(left, right) >= 0 }],
  ['and', { least: 2, most: 8, call: (...args) => args.every(isTruthy) }],
  ['or', { least: 2, most: 8, call: (...args) => args.some(isTruthy) }],
  ['not', { least: 1, most: 1, call: (value) => !isTruthy(value) }],
])

/**
 * The numbers from 0 up to a count.
 *
 * @throws {TypeError} where the count is not a whole number from 0 to {@link longestRange}
 */
export function range(count: Value | undefined): number[] {
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > longestRange) {
    throw new TypeError(`range takes a whole number from 0 to ${longestRange}.`)
  }
  return Array.from({ length: count }, (_, index) => index)
}

/** What `{{#if}}` takes for yes: not false, empty, missing or zero. */
export function isTruthy(value: Value | undefined): boolean {
  return Boolean(value)
}

function compare(left: Value | undefined, right: Value | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string' && isQuantity(left) && isQuantity(right))
    return compareQuantities(left, right)
  throw new TypeError('Only two numbers or two quantities can be compared.')
}
