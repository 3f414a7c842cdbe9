import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import { startDailySweep } from './daily-sweep.ts'

let folder: string
let time = Date.now()
let isHeld = true
const warnings: unknown[] = []
const left = `${partPrefix}left`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-sweep-'))
  for (const domain of ['local/alice', 'shared']) mkdirSync(join(folder, domain), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

function leave(): string[] {
  return ['local/alice', 'shared'].map((domain) => {
    const part = join(folder, domain, left)
    writeFileSync(part, '')
    utimesSync(part, 0, 0)
    return join(folder, domain)
  })
}

test('once a day the replica that holds the lease sweeps every domain; one that is away keeps nobody from the others', async () => {
  const log = { warn: (...told: unknown[]) => void warnings.push(told) }
  const sweep = startDailySweep({
    config: { domainsFolder: folder },
    isHeld: () => isHeld,
    log,
    clock: () => time,
    wait: async () => {},
  })
  const attempt = async () => {
    const folders = leave()
    await sweep.attempt()
    return folders.flatMap((one) => readdirSync(one))
  }
  expect(await attempt()).toEqual([])
  expect(warnings).toHaveLength(1)
  expect(await attempt()).toEqual([left, left])
  time += 25 * 3600_000
  isHeld = false
  expect(await attempt()).toEqual([left, left])
  isHeld = true
  expect(await attempt()).toEqual([])
  sweep.stop()
  time += 25 * 3600_000
  expect(await attempt()).toEqual([left, left])
})
