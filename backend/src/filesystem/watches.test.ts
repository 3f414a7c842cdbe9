import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import { createReadNames } from './listing.ts'
import { at, breakGround, type Ground } from './root-ground.ts'
import type { FolderListener, WatchedPorts, WatchTarget } from './watched-folder.ts'
import { createWatches, type Watches } from './watches.ts'

let ground: Ground
const here = (name: string) => join(ground.inside, name)
const readNames = createReadNames()

beforeEach(async () => {
  ground = await breakGround()
  mkdirSync(here('f'))
})
afterEach(() => ground.remove())

const targetOf = (path: string): WatchTarget => ({ key: path, hold: () => ground.root.hold(at(path)) })

/** Somebody who is told, and waits for what they are told next while time goes on. */
function listener(goOn: () => Promise<unknown>): FolderListener & { told: unknown[]; next(): Promise<unknown> } {
  const told: unknown[] = []
  return {
    told,
    changed: (what) => told.push(what),
    gone: () => told.push('gone'),
    async next() {
      while (told.length === 0) await goOn()
      return told.shift()
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Real time, made short: a hundredth of it. */
function soon(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms / 100)
  return () => clearTimeout(timer)
}

/** A clock that goes on when the test says so. */
function handClock() {
  let due: { at: number; act: () => void }[] = []
  let now = 0
  return {
    after(ms: number, act: () => void) {
      const timer = { at: now + ms, act }
      due.push(timer)
      return () => {
        due = due.filter((one) => one !== timer)
      }
    },
    /** Goes on by so much. */
    async tick(ms: number) {
      now += ms
      const ready = due.filter((one) => one.at <= now)
      due = due.filter((one) => one.at > now)
      for (const { act } of ready) act()
      await turn()
    },
  }
}

const makings: [string, () => { watches: Watches; goOn: () => Promise<unknown> }][] = [
  ['by inotify', () => ({ watches: createWatches({ readNames, after: soon, isToldAll: () => true }), goOn: turn })],
  [
    'by polling',
    () => {
      const clock = handClock()
      const watches = createWatches({ readNames, after: clock.after, isToldAll: () => false })
      return { watches, goOn: () => clock.tick(3000) }
    },
  ],
]

describe.each(makings)('a folder that is watched %s', (_, make) => {
  test('tells what is made, written, renamed and removed in it, and nothing of what is deeper', async () => {
    const { watches, goOn } = make()
    mkdirSync(here('f/deep'))
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    const hear = async (act: () => void) => {
      act()
      const names = [...((await ear.next()) as string[])].sort()
      return names
    }
    expect(await hear(() => writeFileSync(here('f/a'), ''))).toEqual(['a'])
    expect(await hear(() => writeFileSync(here('f/a'), 'more'))).toEqual(['a'])
    expect(await hear(() => renameSync(here('f/a'), here('f/b')))).toEqual(['a', 'b'])
    writeFileSync(here('f/deep/x'), '')
    expect(await hear(() => rmSync(here('f/b')))).toEqual(['b'])
    expect(ear.told).toEqual([])
  })

  test('tells names that are not UTF-8 as the API writes them', async () => {
    const { watches, goOn } = make()
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    writeFileSync(Buffer.concat([Buffer.from(here('f/caf')), Buffer.from([0xe9])]), '')
    expect(await ear.next()).toEqual(['caf\uefe9'])
  })

  test('says nothing of part files', async () => {
    const { watches, goOn } = make()
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    writeFileSync(here(`f/${partPrefix}1`), 'half')
    await goOn()
    writeFileSync(here('f/whole'), '')
    expect(await ear.next()).toEqual(['whole'])
  })

  test('is to be listed again where very many names changed', async () => {
    const { watches, goOn } = make()
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    for (let i = 0; i < 60; i++) writeFileSync(here(`f/${i}`), '')
    expect(await ear.next()).toBe('anything')
  })

  test.each<[string, () => void]>([
    ['removed', () => rmSync(here('f'), { recursive: true })],
    ['renamed', () => renameSync(here('f'), here('g'))],
    [
      'swapped for another',
      () => {
        renameSync(here('f'), here('g'))
        mkdirSync(here('f'))
      },
    ],
  ])('is gone when it is %s, and let go', async (_how, act) => {
    const { watches, goOn } = make()
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    act()
    expect(await ear.next()).toBe('gone')
    expect(watches.count()).toBe(0)
  })

  test('attack: it is swapped for a link to outside: it is gone, and nothing of there is told', async () => {
    const { watches, goOn } = make()
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f'), ear)
    renameSync(here('f'), here('g'))
    symlinkSync('../bob', here('f'))
    writeFileSync(join(ground.outside, 'only outside'), '')
    expect(await ear.next()).toBe('gone')
    expect(ear.told).toEqual([])
    await expect(watches.watch(targetOf('f'), ear)).rejects.toMatchObject({ status: 404, extra: { code: 'link-broken' } })
    rmSync(join(ground.outside, 'only outside'))
  })

  test('attack: a folder above it is swapped for a link to outside: it is gone', async () => {
    const { watches, goOn } = make()
    mkdirSync(here('f/bob'))
    const ear = listener(goOn)
    using _watch = await watches.watch(targetOf('f/bob'), ear)
    renameSync(here('f'), here('g'))
    symlinkSync('..', here('f'))
    expect(await ear.next()).toBe('gone')
    expect(ear.told).toEqual([])
  })

  test('is watched once for all who show it, until the last of them leaves', async () => {
    const { watches, goOn } = make()
    const ears = [listener(goOn), listener(goOn)]
    const open = await Promise.all(ears.map((ear) => watches.watch(targetOf('f'), ear)))
    expect(watches.count()).toBe(1)
    open[0]?.[Symbol.dispose]()
    writeFileSync(here('f/a'), '')
    expect(await ears[1]?.next()).toEqual(['a'])
    expect(ears[0]?.told).toEqual([])
    open[1]?.[Symbol.dispose]()
    expect(watches.count()).toBe(0)
  })
})

test('what is no folder cannot be watched', async () => {
  const watches = createWatches({ readNames, after: soon })
  writeFileSync(here('file'), '')
  await expect(watches.watch(targetOf('file'), listener(turn))).rejects.toMatchObject({ extra: { code: 'not-a-folder' } })
  await expect(watches.watch(targetOf('none'), listener(turn))).rejects.toMatchObject({ extra: { code: 'entry-missing' } })
  expect(watches.count()).toBe(0)
})

test('a domain that is away for a while is listed again when it is back', async () => {
  const clock = handClock()
  let isAway = false
  const ports: WatchedPorts = { readNames, after: clock.after, isToldAll: () => false }
  const ear = listener(() => clock.tick(3000))
  const hold: WatchTarget['hold'] = () => (isAway ? ground.reopened({ folder: here('nowhere') }) : ground.root).hold(at('f'))
  using _watch = await createWatches(ports).watch({ key: 'f', hold }, ear)
  isAway = true
  await clock.tick(3000)
  isAway = false
  expect(await ear.next()).toBe('anything')
})

test('attack: a program that writes without end does not keep us busy: its folder is polled from then on', async () => {
  const clock = handClock()
  const ear = listener(() => clock.tick(3000))
  using _watch = await createWatches({ readNames, after: clock.after, isToldAll: () => true }).watch(targetOf('f'), ear)
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 1500; i++) writeFileSync(here(`f/${i % 2}`), '')
    await clock.tick(0)
  }
  expect(await ear.next()).toBe('anything')
  writeFileSync(here('f/later'), '')
  expect(await ear.next()).toEqual(['later'])
})
