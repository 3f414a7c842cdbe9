import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openSystem, type System, until } from '../support/system.ts'

let system: System

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

test('when all replicas are replaced, one after the other, nobody who asks in the meantime notices', async () => {
  const kubectl = (...args: string[]) => system.kubectl('-n', 'karvdash', ...args)
  const replicas = () => kubectl('get', 'pods', '-l', 'app.kubernetes.io/component=backend', '-o', 'name')
  const old = (await replicas()).trim().split('\n')
  const answers: (number | string)[] = []
  const asking = new AbortController()
  const ask = async () => {
    const answer = await system.fetch(`${system.url}/api/version`)
    await answer.text()
    return answer.status
  }
  const asked = (async () => {
    while (!asking.signal.aborted) answers.push(await ask().catch(String))
  })()
  try {
    await kubectl('rollout', 'restart', 'deployment/karvdash')
    await kubectl('rollout', 'status', 'deployment/karvdash', '--timeout=120s')
    await until(
      'the old ones to be gone',
      async () => {
        const now = await replicas()
        return !old.some((name) => now.includes(name))
      },
      60_000,
    )
    const before = answers.length
    await until('some more answers', async () => answers.length > before + 100)
  } finally {
    // Whoever went on asking would keep all tests from ending.
    asking.abort()
    await asked
  }
  expect(new Set(answers)).toEqual(new Set([200]))
}, 200_000)
