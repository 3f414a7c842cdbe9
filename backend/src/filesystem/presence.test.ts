import { expect, test } from '@jest/globals'
import { createPresence } from './presence.ts'

test('a file system that answers is asked again after a second', async () => {
  let [now, asked] = [0, 0]
  const presence = createPresence({ ask: async () => asked++, clock: () => now })
  await presence('/a')
  now = 999
  await presence('/a')
  expect(asked).toBe(1)
  now = 1000
  await presence('/a')
  await presence('/b')
  expect(asked).toBe(3)
})

test('one that does not answer is told in words, and asked one question however many wait', async () => {
  const answers: (() => void)[] = []
  const presence = createPresence({ ask: () => new Promise<void>((resolve) => answers.push(resolve)), patienceMs: 10 })
  for (const _ of [1, 2])
    await expect(Promise.all([presence('/a'), presence('/a')])).rejects.toMatchObject({
      status: 503,
      extra: { code: 'domain-away' },
    })
  expect(answers).toHaveLength(1)
  answers[0]?.()
  await presence('/a')
})

test('one that fails is asked again', async () => {
  let asked = 0
  const presence = createPresence({
    ask: async () => {
      if (asked++ === 0) throw new Error('ESTALE')
    },
  })
  await expect(presence('/a')).rejects.toMatchObject({ status: 503 })
  await presence('/a')
})
