import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract, createClient, Problem } from '@karvdash/common'
import { percentile } from '../bench/statistics.ts'
import { sleeper } from '../support/sleeper.ts'
import { clientOf, countedUser, openSystem, type System, until } from '../support/system.ts'

const launches = 300
const apartMs = 1000
let user: string
let system: System
let client: Client

beforeAll(async () => {
  system = await openSystem()
  const somebody = await countedUser(system, 'st')
  user = somebody.username
  const { secret } = await clientOf(system, somebody).call(contract.createToken, { body: { name: 'storm' } })
  const headers = () => ({ authorization: `Bearer ${secret}` })
  client = createClient({ url: system.url, headers, fetch: system.fetch as typeof fetch })
  await client.call(contract.createTemplate, { body: { source: sleeper } })
}, 150_000)
afterAll(() => system?.close())

test('300 launches, one each second, all come to run, and all of them go', async () => {
  const begun = performance.now()
  const ends: Promise<number>[] = []
  for (let n = 0; n < launches; n++) {
    // The pace of the storm is what is tried here, so time is waited for.
    await pause(Math.max(0, begun + n * apartMs - performance.now()))
    ends.push(lived(`storm-${n}`))
  }
  const outcomes = await Promise.allSettled(ends)
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
  expect(failed).toEqual([])
  const took = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const [middle, most] = [percentile(took, 0.5), percentile(took, 0.99)].map((ms) => `${(ms / 1000).toFixed(1)} s`)
  console.log(`${took.length} of ${launches} came to run: p50 ${middle}, p99 ${most}`)
  await until('everything to be gone', async () => {
    const left = await system.kubectl('get', 'servicerecords,deployments,pods', '-n', `karvdash-${user}`, '-o', 'name')
    return left.trim() === ''
  })
}, 1_200_000)

/** Launches as a client does that is told to wait, sees it run, deletes it; gives how long it took to run, in ms. */
async function lived(name: string): Promise<number> {
  const begun = performance.now()
  const params = { service: name }
  await patiently(() => client.call(contract.launchService, { body: { template: 'sleeper', name, key: `the-key-of-${name}` } }))
  // Trouble that passes by itself is not how it ends.
  await until(`${name} to run`, async () => (await client.call(contract.getService, { params })).state === 'Running', 240_000)
  const took = performance.now() - begun
  await patiently(() => client.call(contract.deleteService, { params }))
  return took
}

/** Asks again where the server says that it is too much at the moment, or cannot be reached; the same launch is known by its key. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Problem) || ![429, 503].includes(error.status) || tries === 20) throw error
      await pause(Number(error.extra['retryAfter'] ?? 2) * 1000)
    }
  }
}
