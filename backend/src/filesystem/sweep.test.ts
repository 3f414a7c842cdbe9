import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import { holdRoot } from './held.ts'
import { breakGround, type Ground } from './root-ground.ts'
import { createSweep, partLifeMs, sweepTree } from './sweep.ts'

let ground: Ground
const now = Date.now()
const here = (name: string) => join(ground.inside, name)
const old = `${partPrefix}old`
const young = `${partPrefix}young`

function part(folder: string, name: string, ageMs: number): void {
  writeFileSync(join(folder, name), 'x')
  utimesSync(join(folder, name), new Date(now - ageMs), new Date(now - ageMs))
}

/** Sweeps the whole ground; gives how many folders it was in. */
async function sweepAll({ mayGoOn = (): boolean => true, at = now } = {}): Promise<number> {
  let folders = 0
  using root = holdRoot(ground.inside)
  await sweepTree(root, { clock: () => at, mayGoOn, pause: async () => folders++ })
  return folders
}

beforeEach(async () => {
  ground = await breakGround()
})

afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  await ground.remove()
})

describe('a tree', () => {
  test('is rid of old parts wherever they are, and of nothing else', async () => {
    mkdirSync(here('a/b'), { recursive: true })
    for (const folder of [ground.inside, here('a'), here('a/b')]) {
      part(folder, old, partLifeMs + 1000)
      part(folder, young, partLifeMs - 1000)
      part(folder, 'old and not ours', 10 * partLifeMs)
    }
    expect(await sweepAll()).toBe(3)
    for (const folder of [here('a/b'), here('a'), ground.inside])
      expect(readdirSync(folder).filter((name) => name !== 'a' && name !== 'b')).toEqual([young, 'old and not ours'])
  })

  test('keeps parts of the future: a clock that went back makes nothing old', async () => {
    part(ground.inside, young, -10 * partLifeMs)
    await sweepAll()
    await sweepAll({ at: now - 20 * partLifeMs })
    expect(readdirSync(ground.inside)).toEqual([young])
  })

  test('is rid of folders that a deletion left', async () => {
    mkdirSync(here(`${old}/deep/er`), { recursive: true })
    writeFileSync(here(`${old}/deep/file`), '')
    utimesSync(here(old), 0, 0)
    mkdirSync(here(young))
    await sweepAll()
    expect(readdirSync(ground.inside)).toEqual([young])
  })

  test('attack: links, FIFOs and devices in the place of folders and parts lead nowhere', async () => {
    symlinkSync('../bob', here('link'))
    symlinkSync('../bob/secret', here(old))
    execFileSync('touch', ['-h', '-d', '2000-01-01', here(old)])
    execFileSync('mkfifo', [here(`${partPrefix}fifo`)])
    utimesSync(here(`${partPrefix}fifo`), 0, 0)
    part(ground.outside, old, 2 * partLifeMs)
    expect(await sweepAll()).toBe(1)
    expect(readdirSync(ground.inside)).toEqual(['link'])
    expect(readdirSync(ground.outside)).toContain(old)
    execFileSync('rm', [join(ground.outside, old)])
  })

  test('has names that are not UTF-8, and is deeper than it is gone into', async () => {
    const odd = Buffer.concat([Buffer.from(`${ground.inside}/`), Buffer.from([0xff])])
    mkdirSync(odd)
    const inOdd = Buffer.concat([odd, Buffer.from(`/${old}`)])
    writeFileSync(inOdd, '')
    utimesSync(inOdd, 0, 0)
    mkdirSync(here(Array.from({ length: 400 }, () => 'd').join('/')), { recursive: true })
    expect(await sweepAll()).toBe(258)
    expect(readdirSync(odd)).toEqual([])
  })

  test('is left when it is no longer ours to sweep', async () => {
    for (const name of ['a', 'b', 'c']) mkdirSync(here(name))
    let left = 2
    expect(await sweepAll({ mayGoOn: () => left-- > 0 })).toBe(3)
  })
})

test('a folder that is written to often is looked at once an hour', async () => {
  let time = now
  const sweep = createSweep({ clock: () => time })
  using root = holdRoot(ground.inside)
  await sweep(root)
  part(ground.inside, old, 2 * partLifeMs)
  await sweep(root)
  expect(readdirSync(ground.inside)).toEqual([old])
  time += 3600_000
  await sweep(root)
  expect(readdirSync(ground.inside)).toEqual([])
})
