import { describe, expect, test } from '@jest/globals'
import { createReconciler } from './reconciler.ts'

/** A run that goes on until it is told to end. */
function runs() {
  const started: { key: string; end: () => void; fail: (error: Error) => void }[] = []
  const reconcile = (key: string) => new Promise<void>((end, fail) => started.push({ key, end, fail }))
  return { started, reconcile }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))
const quiet = () => undefined

describe('a reconciler', () => {
  test('makes one run of many requests, and one more of those that came during it', async () => {
    const { started, reconcile } = runs()
    const reconciler = createReconciler({ reconcile, onError: quiet })
    for (let n = 0; n < 5; n++) reconciler.request('a')
    await turn()
    expect(started).toHaveLength(1)
    for (let n = 0; n < 5; n++) reconciler.request('a')
    started[0]?.end()
    await turn()
    expect(started).toHaveLength(2)
    started[1]?.end()
    await turn()
    expect(started).toHaveLength(2)
  })

  test('runs a key once at a time, and other keys beside it', async () => {
    const { started, reconcile } = runs()
    const reconciler = createReconciler({ reconcile, onError: quiet })
    const both = [reconciler.run('a'), reconciler.run('a'), reconciler.run('b')]
    await turn()
    expect(started.map(({ key }) => key)).toEqual(['a', 'b'])
    for (let n = 0; n < 3; n++) {
      started[n]?.end()
      await turn()
    }
    await Promise.all(both)
    expect(started.map(({ key }) => key)).toEqual(['a', 'b', 'a'])
  })

  test('loses no request that came during a run which somebody awaits', async () => {
    const { started, reconcile } = runs()
    const reconciler = createReconciler({ reconcile, onError: quiet })
    const awaited = reconciler.run('a')
    await turn()
    reconciler.request('a')
    started[0]?.end()
    await awaited
    await turn()
    expect(started).toHaveLength(2)
  })

  test('tells who awaits a run that it failed, and tries again for the request that came meanwhile', async () => {
    let calls = 0
    const failing = createReconciler({
      reconcile: async () => {
        calls += 1
        await turn()
        if (calls === 1) throw new Error('no')
      },
      onError: quiet,
      maxBackoffMs: 1,
    })
    const awaited = failing.run('a')
    failing.request('a')
    await expect(awaited).rejects.toThrow('no')
    for (const start = Date.now(); calls < 2 && Date.now() - start < 5_000; ) await turn()
    expect(calls).toBe(2)
  })

  test('tries again what failed, tells each failure, and is done when it went well', async () => {
    const told: string[] = []
    let calls = 0
    await new Promise<void>((done) => {
      const reconciler = createReconciler({
        reconcile: async () => {
          calls += 1
          if (calls < 4) throw new Error(`failure ${calls}`)
          done()
        },
        onError: (key, error) => told.push(`${key}: ${(error as Error).message}`),
        maxBackoffMs: 1,
      })
      reconciler.request('a')
    })
    expect(told).toEqual(['a: failure 1', 'a: failure 2', 'a: failure 3'])
  })

  test('works on no more keys beside each other than it may, and on the others in their turn', async () => {
    const { started, reconcile } = runs()
    const reconciler = createReconciler({ reconcile, onError: quiet, atATime: 2 })
    for (const key of ['a', 'b', 'c', 'a', 'd']) reconciler.request(key)
    await turn()
    expect(started.map(({ key }) => key)).toEqual(['a', 'b'])
    started[1]?.end()
    await turn()
    expect(started.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    for (const { end } of started) end()
    await turn()
    // `a` was asked for again while it ran.
    expect(started.map(({ key }) => key).sort()).toEqual(['a', 'a', 'b', 'c', 'd'])
  })

  test('that is stopped begins nothing more', async () => {
    const { started, reconcile } = runs()
    const reconciler = createReconciler({ reconcile, onError: quiet })
    reconciler.stop()
    reconciler.request('a')
    await turn()
    expect(started).toEqual([])
  })
})
