import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../../kubernetes/fake.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { createUses } from './uses.ts'

function setUp() {
  const kubernetes = fakeKubernetes()
  const clock = { now: 1_000_000 }
  const there = new Set(['a', 'b'])
  const all = () => [...kubernetes.stored.values()]
  const secrets = {
    list: () => all(),
    get: (name: string): KubeObject | undefined => all().find((one) => one.metadata.name === name),
  }
  const usesOf = (replica: string) =>
    createUses({
      kubernetes,
      namespace: 'karvdash',
      replica,
      secrets,
      uids: () => there,
      lifetimeMs: 100_000,
      clock: () => clock.now,
    })
  return { kubernetes, clock, there, usesOf }
}

test('what one replica saw, the others know once it is told, and after a restart', async () => {
  const { clock, usesOf } = setUp()
  const [one, two] = [usesOf('one'), usesOf('two')]
  one.note('a')
  clock.now += 5_000
  two.note('b')
  expect([one.usedAt('a'), two.usedAt('a')]).toEqual([1_000_000, 0])
  await Promise.all([one.flush(), two.flush()])
  expect([two.usedAt('a'), one.usedAt('b'), usesOf('one').usedAt('b')]).toEqual([1_000_000, 1_005_000, 1_005_000])
  const again = usesOf('one')
  again.note('b')
  await again.flush()
  expect(two.usedAt('a')).toBe(1_000_000)
})

test('what is held is used until it is released', async () => {
  const { clock, usesOf } = setUp()
  const uses = usesOf('one')
  const ends = [uses.hold('a'), uses.hold('a')]
  clock.now += 50_000
  ends[0]?.()
  clock.now += 1_000
  await uses.flush()
  expect(usesOf('two').usedAt('a')).toBe(1_051_000)
  ends[1]?.()
  clock.now += 7_000
  expect(uses.usedAt('a')).toBe(1_051_000)
})

test('a request costs no call, and what is told already is not told again', async () => {
  const { kubernetes, usesOf } = setUp()
  const uses = usesOf('one')
  for (let n = 0; n < 1000; n++) uses.note('a')
  expect(kubernetes.calls).toEqual([])
  await uses.flush()
  await uses.flush()
  expect(kubernetes.calls).toHaveLength(1)
})

test('what could not be told is told the next time', async () => {
  const { kubernetes, usesOf } = setUp()
  const uses = usesOf('one')
  uses.note('a')
  kubernetes.before = () => {
    throw new Error('away')
  }
  await expect(uses.flush()).rejects.toThrow('away')
  kubernetes.before = () => undefined
  await uses.flush()
  expect(usesOf('two').usedAt('a')).toBe(1_000_000)
})

test('services that are gone, times that are long past and replicas that are away are forgotten', async () => {
  const { kubernetes, clock, there, usesOf } = setUp()
  const uses = usesOf('one')
  for (const uid of ['a', 'b', 'gone']) uses.note(uid)
  there.delete('b')
  await uses.flush()
  expect([usesOf('two').usedAt('a'), usesOf('two').usedAt('b'), usesOf('two').usedAt('gone')]).toEqual([1_000_000, 0, 0])
  clock.now += 100_001
  await usesOf('two').sweep()
  expect(kubernetes.stored.size).toBe(0)
})

test('a time in which nobody looked counts against nobody', async () => {
  const { clock, usesOf } = setUp()
  const uses = usesOf('one')
  uses.note('a')
  clock.now += 60_000
  uses.beginRound(true)
  await uses.flush()
  clock.now += 3_000
  uses.beginRound(false)
  await uses.flush()
  const other = usesOf('two')
  expect([other.usedAt('a'), other.usedAt('b'), other.lastRound()]).toEqual([1_060_000, 1_060_000, 1_063_000])
})
