import { expect, test } from '@jest/globals'
import type { Service } from '@karvdash/common'
import { addressOf, hear, inOrder, nothingKnown } from './states.ts'

const service = (name: string, more: Partial<Service> = {}): Service => ({
  name,
  template: 'hello',
  createdAt: '2026-01-01T00:00:00Z',
  state: 'Queued',
  reason: '',
  ...more,
})

test('a list takes away what vanished while nobody listened, and is no fresher than what was heard', () => {
  let states = hear(nothingKnown, { type: 'service', service: service('gone') })
  states = hear(states, { type: 'opened' })
  states = hear(states, { type: 'service', service: service('a', { state: 'Running' }) })
  states = hear(states, { type: 'gone', name: 'b' })
  states = hear(states, {
    type: 'listed',
    services: [service('a'), service('b'), service('c', { createdAt: '2026-02-01T00:00:00Z' })],
  })
  expect(inOrder(states).map(({ name, state }) => [name, state])).toEqual([
    ['c', 'Queued'],
    ['a', 'Running'],
  ])
  expect(states.isComplete).toBe(true)
})

test('only a service that runs is opened, and only at a web address', () => {
  expect(addressOf(service('a', { state: 'Running', url: 'https://a.example/' }))).toBe('https://a.example/')
  expect(addressOf(service('a', { state: 'Starting', url: 'https://a.example/' }))).toBeUndefined()
  expect(addressOf(service('a', { state: 'Running', url: 'javascript:alert(1)' }))).toBeUndefined()
})
