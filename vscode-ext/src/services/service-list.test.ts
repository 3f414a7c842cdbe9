import { expect, test } from '@jest/globals'
import type { Service } from '@karvdash/common'
import { hear, inOrder, nothingKnown } from './service-list.ts'

const service = (name: string, reason = ''): Service => ({
  name,
  template: 'hello',
  createdAt: '2026-01-01',
  state: 'Running',
  reason,
})

test('the stream is fresher than the list that was asked for when it opened', () => {
  let known = hear(nothingKnown, { type: 'opened' })
  known = hear(known, { type: 'service', service: service('a', 'new') })
  known = hear(known, { type: 'gone', name: 'b' })
  expect(known.isComplete).toBe(false)
  known = hear(known, { type: 'listed', services: [service('a', 'old'), service('b'), service('c')] })
  expect(inOrder(known)).toEqual([service('a', 'new'), service('c')])
  expect(known.isComplete).toBe(true)
})

test('what vanished while nobody listened is taken away by the list', () => {
  let known = hear(nothingKnown, { type: 'service', service: service('a') })
  known = hear(known, { type: 'opened' })
  known = hear(known, { type: 'listed', services: [] })
  expect(inOrder(known)).toEqual([])
})
