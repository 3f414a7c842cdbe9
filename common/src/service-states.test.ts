import { describe, expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import { Problem } from './problem.ts'
import type { Service, ServiceState } from './service.ts'
import {
  existingService,
  hear,
  inOrder,
  listAllServices,
  nothingKnown,
  type ServiceNews,
  safeLink,
  serviceAddress,
  stepWords,
} from './service-states.ts'

const service = (name: string, state: ServiceState = 'Running', createdAt = '2026-01-01T00:00:00Z'): Service => ({
  name,
  state,
  createdAt,
  template: 'hello',
  reason: '',
})
const after = (...news: ServiceNews[]) => news.reduce(hear, nothingKnown)
const shown = (...news: ServiceNews[]) => inOrder(after(...news)).map(({ name, state }) => `${name} ${state}`)
const told = (name: string, state?: ServiceState): ServiceNews => ({ type: 'service', service: service(name, state) })

describe('services as they are heard of', () => {
  test('each event changes one service', () => {
    expect(shown(told('a', 'Starting'), told('b'), told('a', 'Running'), { type: 'gone', name: 'b' })).toEqual(['a Running'])
  })

  test('that there are none is known only when the list came', () => {
    expect(after({ type: 'opened' }).isComplete).toBe(false)
    expect(after({ type: 'opened' }, { type: 'listed', services: [] }).isComplete).toBe(true)
  })

  test('what vanished while nobody listened is gone after the next list', () => {
    expect(shown(told('a'), told('b'), { type: 'opened' }, { type: 'listed', services: [service('a')] })).toEqual(['a Running'])
  })

  test('a list older than the stream changes nothing the stream told', () => {
    const late: ServiceNews = { type: 'listed', services: [service('a', 'Starting'), service('b')] }
    expect(shown({ type: 'opened' }, told('a', 'Running'), { type: 'gone', name: 'b' }, late)).toEqual(['a Running'])
    expect(shown({ type: 'opened' }, told('fresh'), { type: 'listed', services: [] })).toEqual(['fresh Running'])
  })

  test('nothing flickers between a lost connection and the next list', () => {
    expect(shown(told('a'), { type: 'opened' })).toEqual(['a Running'])
  })

  test('the latest stands first, whatever changed last', () => {
    const news: ServiceNews[] = [
      { type: 'service', service: service('old', 'Running', '2026-01-01T00:00:00Z') },
      { type: 'service', service: service('new', 'Starting', '2026-01-02T00:00:00Z') },
      { type: 'service', service: service('old', 'Failed', '2026-01-01T00:00:00Z') },
    ]
    expect(shown(...news)).toEqual(['new Starting', 'old Failed'])
  })
})

test('a list of several pages is asked for page by page', async () => {
  const asked: (string | null)[] = []
  const client = createClient({
    url: '',
    fetch: async (url) => {
      const cursor = new URL(String(url), 'https://lab').searchParams.get('cursor')
      asked.push(cursor)
      return Response.json(cursor === null ? { items: [service('a')], next: '2' } : { items: [service('b')] })
    },
  })
  expect((await listAllServices(client)).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(asked).toEqual([null, '2'])
})

test('only a service that runs is opened', () => {
  const url = 'https://a.example/'
  expect(serviceAddress({ ...service('a'), url })).toBe(url)
  expect(serviceAddress({ ...service('a', 'Starting'), url })).toBeUndefined()
  expect(serviceAddress(service('a'))).toBeUndefined()
})

test('only https addresses become links', () => {
  expect(safeLink('https://jupyterlab-alice.karvdash.localhost:8443/lab')).toBeDefined()
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'http://example.org', '/services', 'nothing', 7, undefined])
    expect(safeLink(url)).toBeUndefined()
})

test('a launch that is refused for a service that there is already tells which, and where', () => {
  const refused = (status: number, extra: object) => existingService(new Problem(status, 'No', { extra: { ...extra } }))
  const url = 'https://argo-alice.karvdash.localhost/'
  expect(refused(409, { service: 'argo', url })).toEqual({ name: 'argo', url })
  expect(refused(409, { service: 'argo', url: 'javascript:alert(1)' })).toEqual({ name: 'argo', url: undefined })
  for (const other of [refused(409, {}), refused(409, { service: 7 }), refused(403, { service: 'argo' }), existingService('no')])
    expect(other).toBeUndefined()
})

describe('the steps of a service', () => {
  const steps = [
    { step: 'Recorded' as const, at: 'x' },
    { step: 'Scheduled' as const, at: 'x' },
    { step: 'Pulling' as const, detail: '1 of 3' },
  ]

  test('are told while it is on its way', () => {
    expect(stepWords({ state: 'Pulling', steps })).toBe('Done: Recorded, Scheduled. Next: Pulling (1 of 3).')
    expect(stepWords({ state: 'Queued', steps: [{ step: 'Recorded', at: 'x' }] })).toBe('Done: Recorded.')
  })

  test('are of no interest once it runs, or ended, and older servers tell none', () => {
    expect(stepWords({ state: 'Running', steps })).toBe('')
    expect(stepWords({ state: 'Queued' })).toBe('')
  })
})
