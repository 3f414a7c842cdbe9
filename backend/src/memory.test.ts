import { describe, expect, test } from '@jest/globals'
import { createMemory, rememberedPer } from './memory.ts'

describe('a memory', () => {
  test('forgets what is older than its lifetime', () => {
    let now = 0
    const memory = createMemory<string>({ lifetimeMs: 10, most: 5, clock: () => now })
    memory.set('a', 'x')
    now = 9
    expect(memory.get('a')).toBe('x')
    now = 10
    expect(memory.get('a')).toBeUndefined()
  })

  test('holds no more than so many, the oldest goes first, and what is set again is young', () => {
    const memory = createMemory<number>({ lifetimeMs: 10, most: 2, clock: () => 0 })
    memory.set('a', 1)
    memory.set('b', 2)
    memory.set('a', 3)
    memory.set('c', 4)
    expect(['a', 'b', 'c'].map(memory.get)).toEqual([3, undefined, 4])
  })

  test('forgets at once what it is told to', () => {
    const memory = createMemory<number>({ lifetimeMs: 10, most: 2 })
    memory.set('a', 1)
    memory.delete('a')
    expect(memory.get('a')).toBeUndefined()
  })
})

test('a pure function of an object is called once an object', () => {
  let calls = 0
  const length = rememberedPer((list: string[]) => {
    calls += 1
    return list.length
  })
  const list = ['a']
  expect([length(list), length(list), length(['b'])]).toEqual([1, 1, 1])
  expect(calls).toBe(2)
})
