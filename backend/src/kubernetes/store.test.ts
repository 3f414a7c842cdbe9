import { describe, expect, test } from '@jest/globals'
import type { KubeObject } from './objects.ts'
import { type Change, createStore } from './store.ts'

const object = (name: string, resourceVersion: string, namespace?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'X',
  metadata: { name, resourceVersion, ...(namespace !== undefined && { namespace }) },
})

describe('a store', () => {
  test('tells objects of the same name in two namespaces apart', () => {
    const store = createStore()
    store.put(object('a', '1', 'x'))
    store.put(object('a', '2', 'y'))
    expect(store.get('a', 'x')?.metadata.resourceVersion).toBe('1')
    expect(store.get('a')).toBeUndefined()
    expect(store.list('y')).toHaveLength(1)
    expect(store.list()).toHaveLength(2)
    store.drop(object('a', '9', 'x'))
    expect(store.list('x')).toEqual([])
    expect(store.list()).toHaveLength(1)
  })

  test('becomes what was listed, and tells just what differs', () => {
    const store = createStore()
    for (const name of ['stays', 'changes', 'goes']) store.put(object(name, '1'))
    const changes: Change[] = []
    const end = store.onChange((change) => changes.push(change))
    store.become([object('stays', '1'), object('changes', '2'), object('comes', '3')])
    expect(changes.map(({ name, object: now }) => `${name} ${now?.metadata.resourceVersion ?? 'gone'}`).sort()).toEqual([
      'changes 2',
      'comes 3',
      'goes gone',
    ])
    end()
    store.put(object('later', '4'))
    expect(changes).toHaveLength(3)
  })

  test('says nothing of what it never held', () => {
    const store = createStore()
    const changes: Change[] = []
    store.onChange((change) => changes.push(change))
    store.drop(object('never', '1'))
    expect(changes).toEqual([])
  })
})
