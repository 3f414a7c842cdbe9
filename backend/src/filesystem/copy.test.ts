import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { copyEntry } from './copy.ts'
import type { Tally } from './copy-file.ts'
import { holdRoot } from './held.ts'
import { breakGround, type Ground, secret } from './root-ground.ts'
import { removeCopied, settle } from './settle.ts'

let ground: Ground
let descriptors: number
const here = (name: string) => join(ground.inside, name)
const openDescriptors = () => readdirSync('/proc/self/fd').length
const never = new AbortController().signal
const owner = { uid: 20_001, gid: 20_001 }

beforeEach(async () => {
  ground = await breakGround()
  descriptors = openDescriptors()
})

afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  expect(openDescriptors()).toBe(descriptors)
  await ground.remove()
})

async function copy(
  from: string,
  to: string,
  { signal = never, tally = { entries: 0, bytes: 0, dropped: 0 } as Tally } = {},
): Promise<Tally> {
  using root = holdRoot(ground.inside)
  const copier = { owner, tally, signal }
  await copyEntry({ from: { folder: root.fd, name: from }, to: { folder: root.fd, name: to }, copier })
  return tally
}

async function moved(from: string, to: string): Promise<number> {
  using root = holdRoot(ground.inside)
  return await removeCopied({ folder: root.fd, name: from }, { folder: root.fd, name: to })
}

describe('a copy', () => {
  test('has the content, times and permissions, and is its user’s', async () => {
    mkdirSync(here('a/b'), { recursive: true })
    writeFileSync(here('a/b/run'), 'content', { mode: 0o750 })
    writeFileSync(here('a/large'), randomBytes(9_000_000))
    execFileSync('chmod', ['6755', here('a/b/run'), here('a/large')])
    for (const name of ['a/b/run', 'a/large', 'a/b', 'a']) utimesSync(here(name), 1_600_000_000.25, 1_600_000_000.25)
    expect(await copy('a', 'c')).toEqual({ entries: 4, bytes: 9_000_007, dropped: 0 })
    expect(readFileSync(here('c/large')).equals(readFileSync(here('a/large')))).toBe(true)
    const { mode, uid, gid } = statSync(here('c/b/run'))
    expect([mode & 0o7777, uid, gid]).toEqual([0o755, 20_001, 20_001])
    expect(statSync(here('c/large')).mode & 0o7777).toBe(0o755)
    expect([statSync(here('c/b')).mode & 0o7777, statSync(here('c')).uid]).toEqual([0o2770, 20_001])
    for (const name of ['c/b/run', 'c/large', 'c/b', 'c']) expect(statSync(here(name)).mtimeMs).toBe(1_600_000_000_250)
  })

  test('leaves links links, hard links become files, special files are left out and counted', async () => {
    mkdirSync(here('a'))
    symlinkSync('../../bob/secret', here('a/out'))
    symlinkSync('x', here('a/in'))
    writeFileSync(here('a/x'), 'x')
    linkSync(here('a/x'), here('a/y'))
    execFileSync('mkfifo', [here('a/fifo')])
    execFileSync('mknod', [here('a/zero'), 'c', '1', '5'])
    expect(await copy('a', 'c')).toMatchObject({ dropped: 2 })
    expect(readdirSync(here('c')).sort()).toEqual(['in', 'out', 'x', 'y'])
    expect([readlinkSync(here('c/out')), readlinkSync(here('c/in'))]).toEqual(['../../bob/secret', 'x'])
    expect(statSync(here('c/y')).nlink).toBe(1)
  })

  test('has what is mounted inside, as folders and files of its own, without setuid and devices', async () => {
    mkdirSync(here('a/bound'), { recursive: true })
    for (const name of ['other', 'a/disk']) mkdirSync(here(name))
    writeFileSync(here('other/run'), 'run', { mode: 0o755 })
    const mounts = [
      ['--bind', here('other'), here('a/bound')],
      ['-t', 'tmpfs', 'tmpfs', here('a/disk')],
    ]
    for (const mount of mounts) execFileSync('mount', mount)
    try {
      execFileSync('chmod', ['4755', here('other/run')])
      execFileSync('mknod', [here('a/disk/zero'), 'c', '1', '5'])
      writeFileSync(here('a/disk/file'), 'file')
      expect(await copy('a', 'c')).toMatchObject({ entries: 5, dropped: 1 })
    } finally {
      for (const name of ['a/disk', 'a/bound']) execFileSync('umount', [here(name)])
    }
    expect(readFileSync(here('c/bound/run'), 'utf8') + readFileSync(here('c/disk/file'), 'utf8')).toBe('runfile')
    expect([statSync(here('c/bound/run')).mode & 0o7777, statSync(here('c/disk')).dev]).toEqual([0o755, statSync(here('c')).dev])
    expect(readdirSync(here('c/disk'))).toEqual(['file'])
  })

  test('of a sparse file of 1 TiB is sparse', async () => {
    writeFileSync(here('sparse'), '')
    truncateSync(here('sparse'), 2 ** 40)
    const file = openSync(here('sparse'), 'r+')
    writeSync(file, 'in the middle', 2 ** 39)
    closeSync(file)
    await copy('sparse', 'c')
    const { size, blocks } = statSync(here('c'))
    expect(size).toBe(2 ** 40)
    expect(blocks).toBeLessThan(1000)
  })

  test('of names of any bytes, and of a tree a thousand deep, takes few descriptors', async () => {
    mkdirSync(here('deep'))
    writeFileSync(Buffer.concat([Buffer.from(here('deep/')), Buffer.from([0xff, 0x0a])]), 'odd')
    execFileSync('python3', ['-c', 'import os\nfor i in range(1000):\n os.mkdir("d"); open("f", "w").close(); os.chdir("d")'], {
      cwd: here('deep'),
    })
    let most = 0
    const look = setInterval(() => (most = Math.max(most, openDescriptors() - descriptors)), 5)
    expect(await copy('deep', 'c')).toMatchObject({ entries: 2002 })
    clearInterval(look)
    expect(most).toBeLessThan(100)
    expect(readdirSync(here('c'), { encoding: 'buffer' })).toContainEqual(Buffer.from([0xff, 0x0a]))
    expect(execFileSync('find', ['c', '-printf', 'x'], { cwd: ground.inside }).length).toBe(2002)
  })

  test('goes on where it stopped, and has nothing that the source does not have', async () => {
    mkdirSync(here('a/b'), { recursive: true })
    for (const name of ['1', '2', 'b/3']) writeFileSync(here(`a/${name}`), name)
    await copy('a', 'c')
    const before = lstatSync(here('c/1')).ino
    writeFileSync(here('c/2'), 'half')
    writeFileSync(here('c/other'), 'other')
    symlinkSync('../../bob', here('c/link'))
    expect(await copy('a', 'c')).toMatchObject({ entries: 5, bytes: 5 })
    expect(lstatSync(here('c/1')).ino).toBe(before)
    expect(readFileSync(here('c/2'), 'utf8')).toBe('2')
    expect(readdirSync(here('c')).sort()).toEqual(['1', '2', 'b'])
  })

  test('ends in the middle of a large file', async () => {
    execFileSync('sh', ['-c', 'head -c 400000000 /dev/zero | tr "\\0" x > large'], { cwd: ground.inside })
    const controller = new AbortController()
    // Progress is told four times a second, and a fast disk needs less for all of it: the copy itself is looked at.
    const isBegun = () => (lstatSync(here('c'), { throwIfNoEntry: false })?.size ?? 0) > 0
    const look = setInterval(() => isBegun() && controller.abort(new Error('enough')), 1)
    try {
      await expect(copy('large', 'c', { signal: controller.signal })).rejects.toThrow('enough')
    } finally {
      clearInterval(look)
    }
  })

  test('of a file that grows is whole up to where it ended; one that changes all the time is told', async () => {
    writeFileSync(here('log'), 'line\n')
    const growing = setInterval(() => appendFileSync(here('log'), 'line\n'), 1)
    await copy('log', 'c')
    clearInterval(growing)
    expect(readFileSync(here('c'), 'utf8')).toMatch(/^(line\n)+$/)
    writeFileSync(here('busy'), randomBytes(1_000_000))
    let bytes = 0
    const tally = {
      ...{ entries: 0, dropped: 0 },
      get bytes() {
        return bytes
      },
      set bytes(now: number) {
        bytes = now
        utimesSync(here('busy'), now, now)
      },
    }
    await expect(copy('busy', 'd', { tally })).rejects.toMatchObject({ extra: { code: 'entry-changed' } })
  })

  test('attack: while a tenant swaps folders, files and links, nothing outside is read or touched', async () => {
    writeFileSync(join(ground.outside, 'only outside'), '')
    const swapper = spawn(process.execPath, [
      fileURLToPath(new URL('root-race-swapper.ts', import.meta.url)),
      ground.inside,
      '4000',
    ])
    const ended = once(swapper, 'exit')
    let over = false
    void ended.then(() => (over = true))
    for (let turn = 0; !over; turn++) {
      for (const [from, to] of [
        ['spot', `copy-${turn}`],
        ['aside', 'spot'],
        ['file', 'spot'],
      ] as const) {
        await copy(from, to).catch((error: unknown) => expect(error instanceof Problem || 'code' in (error as object)).toBe(true))
        await moved(from, to).catch((error: unknown) =>
          expect(error instanceof Problem || 'code' in (error as object)).toBe(true),
        )
      }
    }
    const found = execFileSync('sh', ['-c', `grep -rl "${secret}" . || true`], { cwd: ground.inside }).toString()
    expect(found).toBe('')
    expect(await ground.harm()).toEqual(['bob/only outside'])
    execFileSync('rm', [join(ground.outside, 'only outside')])
  })
})

describe('what was moved', () => {
  test('is removed, and what changed or came since stays', async () => {
    mkdirSync(here('a/b/c'), { recursive: true })
    for (const name of ['a/1', 'a/2', 'a/b/3', 'a/b/c/4']) writeFileSync(here(name), name)
    await copy('a', 'd')
    writeFileSync(here('a/2'), 'changed')
    writeFileSync(here('a/b/5'), 'came')
    expect(await moved('a', 'd')).toBe(2)
    expect(
      execFileSync('find', ['a', '-type', 'f'], { cwd: ground.inside }).toString().split('\n').filter(Boolean).sort(),
    ).toEqual(['a/2', 'a/b/5'])
    for (const name of ['a/2', 'a/b/5']) execFileSync('rm', [here(name)])
    expect(await moved('a', 'd')).toBe(0)
    expect(readdirSync(ground.inside)).toEqual(['d'])
  })

  test('stays whole where the copy is gone', async () => {
    mkdirSync(here('a'))
    writeFileSync(here('a/1'), '1')
    expect(await moved('a', 'none')).toBe(1)
    expect(readFileSync(here('a/1'), 'utf8')).toBe('1')
  })
})

describe('a name', () => {
  const settled = async (from: string, to: string, aside?: string) => {
    using root = holdRoot(ground.inside)
    await settle({ folder: root.fd, name: from }, { folder: root.fd, name: to }, { aside })
  }

  test('is taken where it is free, or from what has it', async () => {
    for (const folder of ['new', 'old']) {
      mkdirSync(here(folder))
      writeFileSync(here(`${folder}/${folder}`), '')
    }
    await expect(settled('new', 'old')).rejects.toMatchObject({ code: 'EEXIST' })
    await settled('new', 'old', 'aside')
    expect(readdirSync(here('old'))).toEqual(['new'])
    writeFileSync(here('file'), 'x')
    await settled('file', 'old', 'aside')
    expect(readdirSync(ground.inside)).toEqual(['old'])
  })
})
