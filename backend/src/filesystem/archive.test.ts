import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ArchiveFormat } from '@karvdash/common'
import { openArchive } from './archive.ts'
import { at, breakGround, type Ground, secret } from './root-ground.ts'

let ground: Ground
let goal: string
let descriptors: number
const here = (name: string) => join(ground.inside, name)
const openDescriptors = () => readdirSync('/proc/self/fd').length

beforeEach(async () => {
  ground = await breakGround()
  goal = mkdtempSync(join(tmpdir(), 'karvdash-archive-'))
  descriptors = openDescriptors()
})

afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  expect(openDescriptors()).toBe(descriptors)
  await ground.remove()
  rmSync(goal, { recursive: true, force: true })
})

const open = (paths: string[], format: ArchiveFormat) =>
  openArchive(ground.root, { paths: paths.map(at), format, rootName: 'local' })

async function save(paths: string[], format: ArchiveFormat): Promise<string> {
  const file = join(goal, `archive.${format}`)
  await pipeline(await open(paths, format), createWriteStream(file))
  return file
}

/** Packs, and unpacks with the system's own program. */
async function through(format: ArchiveFormat, ...paths: string[]): Promise<(name: string) => string> {
  const file = await save(paths, format)
  const out = join(goal, 'out')
  mkdirSync(out)
  if (format === 'zip') execFileSync('unzip', ['-q', file, '-d', out])
  else execFileSync('tar', ['--extract', '--file', file, '--directory', out])
  return (name) => join(out, name)
}

describe.each(['zip', 'tar', 'tar.gz'] as const)('as %s', (format) => {
  test('entries come back with their content, times and permissions, several at once', async () => {
    mkdirSync(here('a/empty'), { recursive: true })
    writeFileSync(here('a/run'), 'content', { mode: 0o750 })
    writeFileSync(here('nothing'), '')
    utimesSync(here('a/run'), 1_600_000_000, 1_600_000_000)
    const there = await through(format, 'a', 'nothing')
    expect(readFileSync(there('a/run'), 'utf8')).toBe('content')
    expect(lstatSync(there('a/run')).mode & 0o777).toBe(0o750)
    expect(Math.abs(lstatSync(there('a/run')).mtimeMs - 1_600_000_000_000)).toBeLessThanOrEqual(2000)
    expect(readdirSync(there('a/empty'))).toEqual([])
    expect(readFileSync(there('nothing'), 'utf8')).toBe('')
  })

  test('names in UTF-8, and long ones, stay what they are', async () => {
    const names = ['\u00e9\u{1F600}', 'x'.repeat(250), 'tab\t', '-rf', '\u202egnp.exe', 'a b']
    const asked = format === 'zip' ? names.filter((name) => !name.includes('\t')) : names
    mkdirSync(here('deep/'.repeat(40)), { recursive: true })
    for (const name of asked) writeFileSync(here(`deep/${name}`), name)
    const there = await through(format, 'deep')
    for (const name of asked) expect(readFileSync(there(`deep/${name}`), 'utf8')).toBe(name)
    expect(existsSync(there('deep/'.repeat(40)))).toBe(true)
  })

  test('links stay links, special files are left out, setuid does not travel', async () => {
    mkdirSync(here('a'))
    symlinkSync('../../bob/secret', here('a/out'))
    symlinkSync('nowhere', here('a/broken'))
    execFileSync('mkfifo', [here('a/fifo')])
    execFileSync('mknod', [here('a/zero'), 'c', '1', '5'])
    writeFileSync(here('a/tool'), '#!', { mode: 0o755 })
    execFileSync('chmod', ['6755', here('a/tool')])
    const file = await save(['a'], format)
    expect(readFileSync(file).includes(secret)).toBe(false)
    rmSync(file)
    const there = await through(format, 'a')
    expect([readlinkSync(there('a/out')), readlinkSync(there('a/broken'))]).toEqual(['../../bob/secret', 'nowhere'])
    expect(readdirSync(there('a')).sort()).toEqual(['broken', 'out', 'tool'])
    expect(lstatSync(there('a/tool')).mode & 0o7777).toBe(0o755)
  })

  test('the root, and entries of one name from two folders', async () => {
    mkdirSync(here('a'))
    writeFileSync(here('a/same.txt'), '1')
    writeFileSync(here('same.txt'), '2')
    const there = await through(format, 'same.txt', 'a/same.txt', '')
    expect([readFileSync(there('same.txt'), 'utf8'), readFileSync(there('same (2).txt'), 'utf8')]).toEqual(['2', '1'])
    expect(readdirSync(there('local')).sort()).toEqual(['a', 'same.txt'])
  })

  test('what is not there is told before the first byte', async () => {
    writeFileSync(here('a'), '')
    await expect(open(['a', 'none'], format)).rejects.toMatchObject({ status: 404 })
  })

  test('a file that changes while it is read breaks it off', async () => {
    mkdirSync(here('a'))
    for (const name of ['1', '2']) writeFileSync(here(`a/${name}`), randomBytes(8_000_000))
    const stream = await open(['a'], format)
    const read = async () => {
      const large = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
      for (let next = await large.next(); !next.done; next = await large.next())
        if (next.value.length > 10_000) for (const name of ['1', '2']) truncateSync(here(`a/${name}`), 1000)
    }
    await expect(read()).rejects.toThrow()
  })

  test('whoever stops reading leaves nothing open', async () => {
    mkdirSync(here('a/b/c'), { recursive: true })
    writeFileSync(here('a/b/c/large'), randomBytes(4_000_000))
    const stream = await open(['a', 'a/b'], format)
    for await (const _ of stream) break
    const unread = await open(['a'], format)
    unread.destroy()
    for (let turn = 0; openDescriptors() !== descriptors && turn < 1000; turn++) await new Promise(setImmediate)
  })

  test('a folder a thousand deep takes few descriptors', async () => {
    mkdirSync(here('deep'))
    execFileSync('python3', ['-c', 'import os\nfor i in range(1000):\n os.mkdir("d"); open("f", "w").close(); os.chdir("d")'], {
      cwd: here('deep'),
    })
    let most = 0
    for await (const _ of await open(['deep'], format)) most = Math.max(most, openDescriptors() - descriptors)
    expect(most).toBeLessThan(50)
  })
})

test('tar keeps names of any bytes', async () => {
  const odd = Buffer.from([0x63, 0xe9, 0xff])
  writeFileSync(Buffer.concat([Buffer.from(`${ground.inside}/`), odd]), 'x')
  const there = await through('tar', '')
  expect(readdirSync(there('local'), { encoding: 'buffer' })).toEqual([odd])
})

test('zip writes bytes that are not UTF-8, and what Windows has in no name, as percent and digits; Python reads it', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${ground.inside}/`), Buffer.from([0x63, 0xe9])]), 'x')
  for (const name of ['a:b', 'CON.txt', 'dot.', 'back\\slash', 'tab\t']) writeFileSync(here(name), 'x')
  const file = await save([''], 'zip')
  const names = JSON.parse(
    execFileSync('python3', [
      '-c',
      'import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps(z.namelist()))',
      file,
    ]).toString(),
  ) as string[]
  expect(names.sort()).toEqual(
    ['', '%43ON.txt', 'a%3Ab', 'back%5Cslash', 'c%E9', 'dot%2E', 'tab%09'].map((name) => `local/${name}`),
  )
})

test('tar tells of sizes beyond what a ustar header has room for', async () => {
  writeFileSync(here('huge'), '')
  truncateSync(here('huge'), 9 * 2 ** 30)
  const stream = await open(['huge'], 'tar')
  const head = createWriteStream(join(goal, 'head'))
  for await (const chunk of stream) {
    head.write(chunk)
    break
  }
  await new Promise((resolve) => head.end(resolve))
  const listed = execFileSync('sh', ['-c', `tar -tvf ${join(goal, 'head')} 2>/dev/null || true`]).toString()
  expect(listed).toContain(String(9 * 2 ** 30))
  for (let turn = 0; openDescriptors() !== descriptors && turn < 1000; turn++) await new Promise(setImmediate)
})
