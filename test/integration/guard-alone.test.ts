import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Ground, startGround } from '../support/attacks/ground.ts'
import { podAttacks } from '../support/attacks/pods.ts'
import { testAttacks } from '../support/attacks/run.ts'
import { until } from '../support/until.ts'

let ground: Ground

beforeAll(async () => {
  ground = await startGround('guard-alone')
  await ground.backend.kill()
}, 60_000)
afterAll(() => ground?.stop())

describe('with the backend away', () => {
  test.each(podAttacks.map((attack) => [attack.name, attack] as const))('attack: %s', async (_, attack) => {
    expect((await ground.sender.dryRun(attack)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('with the backend and its webhook away, the policies alone', () => {
  beforeAll(async () => {
    await ground.cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'karvdash')
    const [first] = podAttacks
    await until(async () => first?.twin && (await ground.sender.dryRun(first.twin)).status < 300)
  })

  testAttacks(podAttacks, () => ground.sender)
})
