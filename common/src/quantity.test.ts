import { describe, expect, test } from '@jest/globals'
import { compareQuantities, isQuantity, parseQuantity } from './quantity.ts'

const one = 10n ** 9n

describe('a quantity', () => {
  test.each([
    ['0', 0n],
    ['1', one],
    ['+1', one],
    ['-1', -one],
    ['1.', one],
    ['.5', one / 2n],
    ['1.5', (one * 3n) / 2n],
    ['500m', one / 2n],
    ['1u', 1000n],
    ['1n', 1n],
    ['1k', 1000n * one],
    ['1Ki', 1024n * one],
    ['0.1Ki', 102_400_000_000n],
    ['2Gi', 2n * 1024n ** 3n * one],
    ['1E', 10n ** 18n * one],
    ['1Ei', 1024n ** 6n * one],
    ['1e3', 1000n * one],
    ['1E3', 1000n * one],
    ['1e+3', 1000n * one],
    ['1e-3', one / 1000n],
  ])('%s is read exactly', (text, billionths) => {
    expect(parseQuantity(text)).toBe(billionths)
  })

  test('finer than a billionth is rounded away from zero, as Kubernetes does', () => {
    expect(parseQuantity('0.0000000001')).toBe(1n)
    expect(parseQuantity('-0.1n')).toBe(-1n)
  })

  test.each([
    '',
    ' ',
    '.',
    '1 Gi',
    '2GB',
    '1gi',
    '1K',
    'Gi',
    '--1',
    '1e',
    '1e999',
    '0x10',
    '1_000',
    'NaN',
    '１',
    '1Gi\n',
    '9'.repeat(41),
  ])('the text %j is none', (text) => {
    expect(isQuantity(text)).toBe(false)
  })
})

describe('comparing quantities', () => {
  test.each([
    ['1Gi', '1024Mi', 0],
    ['1000m', '1', 0],
    ['1G', '1Gi', -1],
    ['0.1', '99m', 1],
    ['9007199254740993', '9007199254740992', 1],
  ])('%s against %s', (left, right, order) => {
    expect(compareQuantities(left, right)).toBe(order)
  })

  test('what is no quantity cannot be compared', () => {
    expect(() => compareQuantities('lots', '1')).toThrow('"lots" is not a quantity')
  })
})
