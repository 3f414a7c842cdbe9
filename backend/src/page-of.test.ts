import { expect, test } from '@jest/globals'
import { page } from './page-of.ts'

const all = ['c', 'a', 'e', 'b', 'd'].map((key) => ({ key, item: key.toUpperCase() }))

test('pages follow one another in order of the keys, and the last has no cursor', () => {
  const first = page(all, { limit: 2 })
  const second = page(all, { limit: 2, cursor: first.next })
  const third = page(all, { limit: 2, cursor: second.next })
  expect([first.items, second.items, third.items]).toEqual([['A', 'B'], ['C', 'D'], ['E']])
  expect(third).not.toHaveProperty('next')
})

test('what is deleted between two pages takes nothing else along', () => {
  const { next } = page(all, { limit: 2 })
  const rest = all.filter(({ key }) => key !== 'b')
  expect(page(rest, { limit: 5, cursor: next }).items).toEqual(['C', 'D', 'E'])
})

test.each(['', 'x', '%%%', 'ÿ'.repeat(100)])('the cursor %j, which is none, is no reason to fail', (cursor) => {
  expect(() => page(all, { limit: 2, cursor })).not.toThrow()
})

test('a page that is just full has no next one', () => {
  expect(page(all, { limit: 5 })).toEqual({ items: ['A', 'B', 'C', 'D', 'E'] })
})
