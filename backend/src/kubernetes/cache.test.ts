import { describe, expect, test } from '@jest/globals'
import { type Cache, openCache } from './cache.ts'
import type { WatchEvent } from './client.ts'
import { fakeKubernetes } from './fake.ts'
import type { KubeObject } from './objects.ts'
import { resources } from './resources.ts'

const object = (name: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'a', resourceVersion },
})
const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
}

/** A cache whose watch tells what the test says. */
async function followed(): Promise<{
  cache: Cache
  tell: (event: WatchEvent) => Promise<void>
  breakOff: () => Promise<void>
  errors: unknown[]
}> {
  const kubernetes = fakeKubernetes([[resources.secrets, object('first', '1')]])
  const errors: unknown[] = []
  let next: (event: WatchEvent | undefined) => void = () => undefined
  kubernetes.watch = async function* () {
    for (;;) {
      const event = await new Promise<WatchEvent | undefined>((resolve) => {
        next = resolve
      })
      if (event === undefined) throw new Error('410 Gone')
      yield event
    }
  }
  const cache = await openCache({
    kubernetes,
    resource: resources.secrets,
    place: { namespace: 'a' },
    onError: (error) => errors.push(error),
  })
  await turns()
  const after = async (act: () => void) => {
    act()
    await turns()
  }
  return { cache, errors, tell: (event) => after(() => next(event)), breakOff: () => after(() => next(undefined)) }
}

describe('a cache', () => {
  test('lists first, then follows', async () => {
    const { cache, tell } = await followed()
    expect(cache.get('first', 'a')).toBeDefined()
    await tell({ type: 'ADDED', object: object('second', '10') })
    await tell({ type: 'DELETED', object: object('first', '11') })
    await tell({ type: 'BOOKMARK', object: object('', '12') })
    expect(cache.list().map(({ metadata }) => metadata.name)).toEqual(['second'])
    cache.stop()
  })

  test('that fell behind lists again, and forgets what went meanwhile', async () => {
    const { cache, tell, breakOff, errors } = await followed()
    await tell({ type: 'ADDED', object: object('gone meanwhile', '10') })
    await breakOff()
    expect(errors).toEqual([expect.objectContaining({ message: '410 Gone' })])
    for (const start = Date.now(); cache.get('gone meanwhile', 'a') && Date.now() - start < 5_000; ) await turns()
    expect(cache.get('gone meanwhile', 'a')).toBeUndefined()
    cache.stop()
  })

  test('has caught up with what was written once the watch tells of it, or of what came after', async () => {
    const { cache, tell } = await followed()
    let isDone = false
    const done = cache.caughtUp(object('second', '20')).then(() => {
      isDone = true
    })
    await tell({ type: 'ADDED', object: object('second', '9') })
    expect(isDone).toBe(false)
    await tell({ type: 'MODIFIED', object: object('second', '21') })
    await done
    await cache.caughtUp(object('second', '20'))
    cache.stop()
  })
})
