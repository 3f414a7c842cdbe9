import { expect, test } from '@jest/globals'
import { rangeIn } from './range.ts'

test.each([
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=2-5', { first: 2, last: 5 }],
  ['Bytes = 2-5', { first: 2, last: 5 }],
  ['bytes=2-', { first: 2, last: 9 }],
  ['bytes=2-99', { first: 2, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-99', { first: 0, last: 9 }],
  ['bytes=10-', 'none'],
  ['bytes=10-11', 'none'],
  ['bytes=-0', 'none'],
  ['', undefined],
  ['bytes=-', undefined],
  ['bytes=5-2', undefined],
  ['bytes=0-1,3-4', undefined],
  ['lines=0-1', undefined],
  ['bytes=a-b', undefined],
  [`bytes=${'9'.repeat(16)}-`, undefined],
])('of 10 bytes, %j asks for %j', (header, range) => {
  expect(rangeIn(header, 10)).toEqual(range)
})

test('nothing of an empty file can be had by a range', () => {
  expect(['bytes=0-', 'bytes=-1'].map((header) => rangeIn(header, 0))).toEqual(['none', 'none'])
})
