import { expect, test } from '@jest/globals'
import type { Service } from './service.ts'
import { mayDo, type ServiceAct } from './service-acts.ts'

const url = 'https://hello-alice.karvdash.example.org/'
const acts: ServiceAct[] = ['open', 'copy-address', 'stop', 'resume', 'restart', 'update', 'logs', 'terminal', 'delete']

const cases: [string, Pick<Service, 'state' | 'cause' | 'url'>, ServiceAct[]][] = [
  ['runs', { state: 'Running', url }, ['open', 'copy-address', 'stop', 'restart', 'update', 'logs', 'terminal', 'delete']],
  ['has no address', { state: 'Running' }, ['stop', 'restart', 'update', 'logs', 'terminal', 'delete']],
  ['waits', { state: 'Queued', url }, ['copy-address', 'stop', 'restart', 'update', 'logs', 'delete']],
  ['failed', { state: 'Failed' }, ['stop', 'restart', 'update', 'logs', 'terminal', 'delete']],
  ['was stopped', { state: 'Stopped' }, ['resume', 'update', 'logs', 'delete']],
  ['ran to its end', { state: 'Stopped', cause: 'finished' }, ['restart', 'update', 'logs', 'delete']],
  ['goes', { state: 'Deleting', url }, ['copy-address', 'logs']],
]

test.each(cases)('what may be done with a service that %s', (_, service, expected) => {
  expect(acts.filter((act) => mayDo(act, service))).toEqual(expected)
})

test('attack: an address that is no link is neither opened nor copied', () => {
  const service: Pick<Service, 'state' | 'url'> = { state: 'Running', url: 'javascript:alert(1)' }
  expect([mayDo('open', service), mayDo('copy-address', service)]).toEqual([false, false])
})
