import { expect, test } from '@jest/globals'
import type { AuditEntry } from '@karvdash/common'
import { pino } from 'pino'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { createTrail } from './trail.ts'

const entry = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date(n * 1000).toISOString(),
  id: `${n}`,
  operation: 'POST /api/services',
  user: 'alice',
  address: '192.0.2.1',
  status: 201,
  ...more,
})

function setUp() {
  const kubernetes = fakeKubernetes()
  const clock = { now: 0 }
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const trailOf = (replica: string) => createTrail({ kubernetes, namespace: 'karvdash', replica, log, clock: () => clock.now++ })
  return { kubernetes, lines, trailOf }
}

test('what one replica recorded, every replica shows, the newest first, and the log has it at once', async () => {
  const { trailOf, lines } = setUp()
  const [one, two] = [trailOf('one'), trailOf('two')]
  one.record(entry(1))
  two.record(entry(2))
  one.record(entry(3))
  expect(lines).toHaveLength(3)
  await Promise.all([one.flush(), two.flush()])
  expect((await two.newest()).map(({ id }) => id)).toEqual(['3', '2', '1'])
})

test('what concerns one user is what they did, what was done as them, and what was done to them', async () => {
  const { trailOf } = setUp()
  const trail = trailOf('one')
  trail.record(entry(1, { user: 'bob' }))
  trail.record(entry(2, { user: 'bob', actor: 'root' }))
  trail.record(entry(3, { user: 'root', target: 'bob' }))
  trail.record(entry(4))
  expect((await trail.newest({ user: 'bob' })).map(({ id }) => id)).toEqual(['3', '2', '1'])
  expect((await trail.newest({ user: 'root' })).map(({ id }) => id)).toEqual(['3', '2'])
})

test('the log is bounded: the oldest parts of all replicas go', async () => {
  const { trailOf, kubernetes } = setUp()
  for (const replica of ['one', 'two']) {
    const trail = trailOf(replica)
    for (let n = 0; n < 8_000; n++) trail.record(entry(n))
    await trail.flush()
  }
  expect(kubernetes.stored.size).toBe(20)
  expect(await trailOf('three').newest()).toHaveLength(10_000)
})

test('what cannot be kept now is kept later, and nobody waits for it', async () => {
  const { trailOf, kubernetes, lines } = setUp()
  const trail = trailOf('one')
  kubernetes.before = () => {
    throw new Error('away')
  }
  trail.record(entry(1))
  await trail.flush()
  expect(lines.some((line) => line.includes('will try again'))).toBe(true)
  kubernetes.before = () => undefined
  trail.record(entry(2))
  expect((await trail.newest()).map(({ id }) => id)).toEqual(['2', '1'])
})
