import { expect, test } from '@jest/globals'
import { patienceOf } from './patience.ts'
import type { Standing } from './standing.ts'

function setUp() {
  const listeners = new Set<(standing: Standing) => void>()
  const patience = patienceOf({
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
  const stand = (standing: Standing) => {
    for (const listener of listeners) listener(standing)
  }
  return { patience, stand, listeners }
}

const server = { id: 'k', url: 'https://k' }
const longMs = 1e6

test('who waits goes on as soon as the server is there again', async () => {
  const { patience, stand, listeners } = setUp()
  let isOver = false
  const waiting = patience(longMs).then(() => (isOver = true))
  stand({ state: 'away', server, reason: '' })
  await Promise.resolve()
  expect(isOver).toBe(false)
  stand({ state: 'connected', server, user: {} as never })
  await waiting
  expect(listeners.size).toBe(0)
})

test('who does not want it any more waits no more', async () => {
  const { patience } = setUp()
  const end = new AbortController()
  const waiting = patience(longMs, end.signal)
  end.abort()
  await waiting
})
