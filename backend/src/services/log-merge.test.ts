import { describe, expect, test } from '@jest/globals'
import { createMerge, type Timer } from './log-merge.ts'

/** A source that has what it is given, and how often it was asked. */
function source() {
  const waiting: PromiseWithResolvers<IteratorResult<{ at: string }[]>>[] = []
  let given = 0
  const slot = (n: number) => {
    while (waiting.length <= n) waiting.push(Promise.withResolvers())
    return waiting[n] as PromiseWithResolvers<IteratorResult<{ at: string }[]>>
  }
  const state = {
    asked: 0,
    give: (...times: string[]) => slot(given++).resolve({ done: false, value: times.map((at) => ({ at })) }),
    end: () => slot(given++).resolve({ done: true, value: undefined }),
    fail: (error: Error) => slot(given++).reject(error),
    [Symbol.asyncIterator]: () => ({ next: () => slot(state.asked++).promise }),
  }
  return state
}

/** A clock that goes on when it is told to. */
function hands() {
  let now = 0
  const alarms = new Set<{ at: number; done: () => void }>()
  const timer: Timer = {
    now: () => now,
    after(ms, done) {
      const alarm = { at: now + ms, done }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
  }
  return {
    timer,
    pass(ms: number) {
      now += ms
      for (const alarm of alarms) if (alarm.at <= now) alarm.done()
    },
  }
}

function setUp(windowMs: number, ...sources: ReturnType<typeof source>[]) {
  const { timer, pass } = hands()
  const merge = createMerge<{ at: string }>({ windowMs, most: 100, timer })
  for (const one of sources) merge.add(one)
  const told: string[] = []
  const run = async () => {
    for await (const batch of merge.batches()) told.push(...batch.map(({ at }) => at))
  }
  return { merge, pass, told, run: run() }
}

/** Lets everything that waits for nothing but its turn go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('several logs', () => {
  test('that are all there are told in order of time', async () => {
    const [a, b] = [source(), source()]
    const { merge, told, run } = setUp(Number.POSITIVE_INFINITY, a, b)
    merge.seal()
    a.give('1', '4')
    await settled()
    expect(told).toEqual([])
    b.give('2', '3', '5')
    a.give('6')
    a.end()
    b.end()
    await run
    expect(told).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  test('are put in order for a moment; who is silent for longer keeps nobody waiting', async () => {
    const [a, b] = [source(), source()]
    const { pass, told } = setUp(500, a, b)
    a.give('2')
    await settled()
    expect(told).toEqual([])
    b.give('1')
    await settled()
    expect(told).toEqual(['1'])
    pass(501)
    await settled()
    expect(told).toEqual(['1', '2'])
    pass(501)
    a.give('3')
    a.give('4')
    await settled()
    expect(told).toEqual(['1', '2', '3', '4'])
    b.give('0')
    pass(501)
    await settled()
    expect(told.at(-1)).toBe('0')
  })

  test('one that begins later is told with the others', async () => {
    const [a, b] = [source(), source()]
    const { merge, told, pass } = setUp(500, a)
    a.give('1')
    await settled()
    merge.add(b)
    b.give('3')
    a.give('2')
    await settled()
    pass(501)
    await settled()
    expect(told).toEqual(['1', '2', '3'])
  })

  test('nobody is asked for more than what is told next', async () => {
    const a = source()
    const merge = createMerge<{ at: string }>({ windowMs: 500, most: 2 })
    merge.add(a)
    a.give('1', '2', '3')
    a.give('4')
    const batches = merge.batches()
    expect((await batches.next()).value).toHaveLength(2)
    await settled()
    expect(a.asked).toBe(1)
    expect((await batches.next()).value).toEqual([{ at: '3' }])
    await settled()
    expect(a.asked).toBe(2)
    merge.end()
  })

  test('one that breaks breaks all: a part is never taken for the whole', async () => {
    const [a, b] = [source(), source()]
    const { run } = setUp(500, a, b)
    a.fail(new Error('cut'))
    await expect(run).rejects.toThrow('cut')
  })

  test('end when whoever reads them goes', async () => {
    const { merge, run } = setUp(500, source())
    merge.end()
    await run
  })
})
