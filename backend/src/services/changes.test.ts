import { describe, expect, test } from '@jest/globals'
import type { Service } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
import { createStore } from '../kubernetes/store.ts'
import { changesOf } from './changes.ts'

const service = (name: string, state: Service['state'] = 'Running'): Service => ({
  name,
  state,
  template: 't',
  createdAt: '',
  reason: '',
})
const object = (namespace: string): KubeObject => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace } })

function setUp(first: Service[]) {
  const cache = () => ({ ...createStore(), caughtUp: async () => undefined, heardAt: () => 0, stop: () => undefined })
  const caches = { records: cache(), pods: cache(), deployments: cache() }
  const stopping = new AbortController()
  const shown = { now: first, asked: 0 }
  const all = () => {
    shown.asked += 1
    return shown.now
  }
  const events = changesOf(Object.values(caches), 'karvdash-alice', { all, signal: stopping.signal })
  return { caches, events, shown, stopping }
}

describe('the changes of services', () => {
  test('are all services first, then each that looks different, then what is gone', async () => {
    const { caches, events, shown, stopping } = setUp([service('a'), service('b')])
    expect([(await events.next()).value, (await events.next()).value]).toEqual([
      { type: 'service', service: service('a') },
      { type: 'service', service: service('b') },
    ])
    const next = events.next()
    shown.now = [service('b', 'Failed')]
    caches.pods.put(object('karvdash-alice'))
    expect((await next).value).toEqual({ type: 'gone', name: 'a' })
    expect((await events.next()).value).toEqual({ type: 'service', service: service('b', 'Failed') })
    stopping.abort()
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('are not looked for when something of another namespace changes', async () => {
    const { caches, events, shown, stopping } = setUp([])
    const next = events.next()
    await new Promise((resolve) => setImmediate(resolve))
    caches.records.put(object('karvdash-bob'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(shown.asked).toBe(1)
    stopping.abort()
    expect((await next).done).toBe(true)
  })

  test('that come while an event is being sent are not lost', async () => {
    const { caches, events, shown, stopping } = setUp([service('a')])
    await events.next()
    shown.now = [service('a', 'Deleting')]
    caches.deployments.put(object('karvdash-alice'))
    expect((await events.next()).value).toEqual({ type: 'service', service: service('a', 'Deleting') })
    stopping.abort()
  })
})
