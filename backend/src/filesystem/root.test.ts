import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Entry, nameOfBytes, rootPath } from '@karvdash/common'
import { at, breakGround, bytesOf, type Ground, textOf } from './root-ground.ts'

/** Takes each name that it is told, exclusively, and notes which it got. */
const rivalProgram = `
import os, sys
os.chdir(sys.argv[1])
for line in sys.stdin:
    i = int(line)
    try:
        if i % 2:
            os.mkdir(f"to-{i}"); open(f"to-{i}/theirs", "x").close()
        else:
            os.close(os.open(f"to-{i}", os.O_CREAT | os.O_EXCL))
        open(f"won-{i}", "x").close()
    except OSError:
        pass
`

let ground: Ground
let descriptors: number
const here = (name: string) => join(ground.inside, name)
const openDescriptors = () => readdirSync('/proc/self/fd').length
const refused = (status: number, code: string) => ({ status, extra: expect.objectContaining({ code }) })

beforeEach(async () => {
  ground = await breakGround()
  descriptors = openDescriptors()
})

afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  expect(await ground.parts()).toEqual([])
  expect(openDescriptors()).toBe(descriptors)
  await ground.remove()
})

describe('stat', () => {
  test('tells what an entry is', async () => {
    writeFileSync(here('a'), 'abc')
    mkdirSync(here('b'))
    execFileSync('mkfifo', [here('c')])
    expect(Entry.parse(await ground.root.stat(at('a')))).toMatchObject({ name: 'a', type: 'file', size: 3, writable: true })
    expect(await ground.root.stat(at('b'))).toMatchObject({ name: 'b', type: 'folder', size: 0 })
    expect(await ground.root.stat(at('c'))).toMatchObject({ name: 'c', type: 'other' })
    expect(await ground.root.stat(rootPath)).toMatchObject({ name: '', type: 'folder' })
  })

  test('the etag changes with each edit, of the same size and time too', async () => {
    writeFileSync(here('a'), 'abc')
    const before = await ground.root.stat(at('a'))
    writeFileSync(here('a'), 'xyz')
    execFileSync('touch', ['-d', new Date(before.modified).toISOString(), here('a')])
    expect((await ground.root.stat(at('a'))).etag).not.toBe(before.etag)
  })

  test('what nobody may write is told', async () => {
    writeFileSync(here('a'), '')
    chmodSync(here('a'), 0o444)
    expect((await ground.root.stat(at('a'))).writable).toBe(false)
    await expect(ground.root.write(at('a'), bytesOf('x'))).rejects.toMatchObject(refused(403, 'no-permission'))
  })

  test.each([
    ['nothing', 404, 'entry-missing'],
    ['file/below', 409, 'not-a-folder'],
    ['nothing/below', 404, 'entry-missing'],
  ])('%s is %i %s', async (path, status, code) => {
    writeFileSync(here('file'), '')
    await expect(ground.root.stat(at(path))).rejects.toMatchObject(refused(status, code))
  })

  test('a root that is away is told in words', async () => {
    const away = ground.reopened({ folder: join(ground.inside, 'gone') })
    await expect(away.stat(rootPath)).rejects.toMatchObject(refused(503, 'domain-away'))
    await expect(away.write(at('a'), bytesOf('x'))).rejects.toMatchObject(refused(503, 'domain-away'))
  })
})

describe('list', () => {
  test('gives entries by name, page by page', async () => {
    for (const name of ['b', 'a', 'c', 'B', '10', '9']) writeFileSync(here(name), name)
    expect((await ground.root.list(rootPath, { limit: 100 })).items.map(({ name }) => name)).toEqual([
      '10',
      '9',
      'B',
      'a',
      'b',
      'c',
    ])
    const first = await ground.root.list(rootPath, { limit: 4 })
    expect([first.items.length, first.next]).toEqual([4, 'a'])
    const second = await ground.root.list(rootPath, { limit: 4, cursor: first.next })
    expect([second.items.map(({ name }) => name), second.next]).toEqual([['b', 'c'], undefined])
  })

  test('goes on after a name that was deleted meanwhile', async () => {
    for (const name of ['a', 'c']) writeFileSync(here(name), '')
    expect((await ground.root.list(rootPath, { limit: 9, cursor: 'b' })).items.map(({ name }) => name)).toEqual(['c'])
  })

  test('names of any bytes can be listed, read, renamed and deleted', async () => {
    const odd = [
      Buffer.from([0x63, 0xe9]),
      Buffer.from([0xff]),
      Buffer.from('\uefff'),
      Buffer.from('\u{1F600}\n\\ %2F'),
      Buffer.from('\u202ea'),
    ]
    for (const name of odd) writeFileSync(Buffer.concat([Buffer.from(`${ground.inside}/`), name]), name)
    const { items } = await ground.root.list(rootPath, { limit: 100 })
    expect(items.map(({ name }) => name).sort()).toEqual(odd.map((name) => nameOfBytes(name)).sort())
    for (const name of odd) {
      const path = at(nameOfBytes(name))
      expect(await textOf(ground.root, path)).toBe(name.toString())
      await ground.root.rename(path, at('plain'))
      expect(readFileSync(here('plain'))).toEqual(name)
      await ground.root.rename(at('plain'), path)
      await ground.root.remove(path)
    }
    expect(readdirSync(ground.inside)).toEqual([])
  })

  test('a file is no folder', async () => {
    writeFileSync(here('a'), '')
    await expect(ground.root.list(at('a'), { limit: 1 })).rejects.toMatchObject(refused(409, 'not-a-folder'))
    await expect(ground.root.list(at('nothing'), { limit: 1 })).rejects.toMatchObject(refused(404, 'entry-missing'))
  })

  test('20,000 names: every page is whole, read once, and others have their turn', async () => {
    mkdirSync(here('many'))
    for (let i = 0; i < 20_000; i++) writeFileSync(here(`many/n${(i * 7919) % 20_000}`), '')
    execFileSync('touch', ['-d', '1 hour ago', here('many')])
    let turns = 0
    const beat = setInterval(() => turns++, 1)
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await ground.root.list(at('many'), { limit: 5000, cursor })
      names.push(...page.items.map(({ name }) => name))
      cursor = page.next
    } while (cursor !== undefined)
    clearInterval(beat)
    expect(names).toEqual(Array.from({ length: 20_000 }, (_, i) => `n${i}`).sort())
    expect(turns).toBeGreaterThan(4)
  })

  test('a folder that changed is read anew', async () => {
    mkdirSync(here('many'))
    for (let i = 0; i < 1200; i++) writeFileSync(here(`many/n${i}`), '')
    execFileSync('touch', ['-d', '1 hour ago', here('many')])
    await ground.root.list(at('many'), { limit: 1 })
    await ground.root.write(at('many/a'), bytesOf('x'))
    execFileSync('touch', ['-d', '1 hour ago', here('many')])
    expect((await ground.root.list(at('many'), { limit: 1 })).items[0]?.name).toBe('a')
  })
})

describe('read', () => {
  test('gives all bytes, or some', async () => {
    const text = `${'x'.repeat(300_000)}end`
    writeFileSync(here('a'), text)
    expect(await textOf(ground.root, 'a')).toBe(text)
    expect(await textOf(ground.root, 'a', { first: 300_000, last: 300_001 })).toBe('en')
  })

  test('an empty file has none', async () => {
    writeFileSync(here('a'), '')
    expect(await textOf(ground.root, 'a')).toBe('')
  })

  test.each([
    ['folder', 'is-a-folder'],
    ['fifo', 'not-a-file'],
    ['device', 'not-a-file'],
  ])('a %s is refused at once', async (path, code) => {
    mkdirSync(here('folder'))
    execFileSync('mkfifo', [here('fifo')])
    execFileSync('mknod', [here('device'), 'c', '1', '5'])
    await expect(ground.root.read(at(path))).rejects.toMatchObject(refused(409, code))
    await expect(ground.root.write(at(path), bytesOf('x'))).rejects.toMatchObject(refused(409, code))
  })

  test('a file that gets shorter or is changed while it is read breaks off', async () => {
    for (const change of [() => truncateSync(here('a'), 10), () => writeFileSync(here('a'), 'y'.repeat(3_000_000))]) {
      writeFileSync(here('a'), 'x'.repeat(3_000_000))
      const file = await ground.root.read(at('a'))
      const read = async () => {
        for await (const _chunk of file.stream({ first: 0, last: file.entry.size - 1 })) change()
      }
      await expect(read()).rejects.toThrow('changed')
    }
  })

  test('a file that grows, as a log does, is read to where it ended', async () => {
    writeFileSync(here('log'), 'x'.repeat(1_000_000))
    const file = await ground.root.read(at('log'))
    let size = 0
    for await (const chunk of file.stream({ first: 0, last: file.entry.size - 1 })) {
      size += chunk.length
      writeFileSync(here('log'), 'more', { flag: 'a' })
    }
    expect(size).toBe(1_000_000)
  })

  test('room is used again for bytes that were sent, and never before', async () => {
    const content = randomBytes(20_000_000)
    writeFileSync(here('a'), content)
    const file = await ground.root.read(at('a'))
    const waiting: Buffer[] = []
    const sent: Buffer[] = []
    const rooms = new Set<ArrayBufferLike>()
    const unsent = () => waiting.reduce((sum, { length }) => sum + length, 0)
    const send = () => sent.push(Buffer.from(waiting.shift() ?? []))
    for await (const chunk of file.stream({ first: 0, last: content.length - 1 }, unsent)) {
      waiting.push(chunk)
      rooms.add(chunk.buffer)
      while (waiting.length > rooms.size % 3) send()
    }
    while (waiting.length > 0) send()
    expect(Buffer.concat(sent).equals(content)).toBe(true)
    expect(rooms.size).toBeLessThan(10)
  })

  test('whoever stops reading leaves nothing open', async () => {
    writeFileSync(here('a'), 'x'.repeat(3_000_000))
    const file = await ground.root.read(at('a'))
    for await (const _chunk of file.stream({ first: 0, last: file.entry.size - 1 })) break
    const unread = await ground.root.read(at('a'))
    const stream = unread.stream({ first: 0, last: 9 })
    await new Promise((resolve) => stream.once('close', resolve).destroy())
    await (await ground.root.read(at('a'))).close()
  })
})

describe('write', () => {
  test('makes a file of its user, with the group of its folder', async () => {
    const { entry, isNew } = await ground.root.write(at('a'), bytesOf('one', 'two'))
    expect([isNew, entry.name, entry.size, readFileSync(here('a'), 'utf8')]).toEqual([true, 'a', 6, 'onetwo'])
    expect(await ground.root.stat(at('a'))).toEqual(entry)
    expect(statSync(here('a'))).toMatchObject({ uid: 20_001, gid: 20_001, mode: 0o100660 })
    mkdirSync(here('group'))
    chownSync(here('group'), 0, 12_345)
    chmodSync(here('group'), 0o2770)
    await ground.root.write(at('group/b'), bytesOf(''))
    expect(statSync(here('group/b'))).toMatchObject({ uid: 20_001, gid: 12_345 })
  })

  test('keeps owner and mode of the file that was there, without setuid', async () => {
    writeFileSync(here('run.sh'), 'old')
    chownSync(here('run.sh'), 1000, 1001)
    chmodSync(here('run.sh'), 0o4755)
    const { isNew } = await ground.root.write(at('run.sh'), bytesOf('new'))
    expect([isNew, readFileSync(here('run.sh'), 'utf8')]).toEqual([false, 'new'])
    expect(statSync(here('run.sh'))).toMatchObject({ uid: 1000, gid: 1001, mode: 0o100755 })
  })

  test('what breaks off leaves the old file and no part', async () => {
    writeFileSync(here('a'), 'old')
    async function* broken() {
      yield Buffer.from('new')
      throw new Error('the client went')
    }
    await expect(ground.root.write(at('a'), broken())).rejects.toThrow('the client went')
    expect(readFileSync(here('a'), 'utf8')).toBe('old')
  })

  test('a reader sees the old file or the new', async () => {
    writeFileSync(here('a'), 'old')
    const file = await ground.root.read(at('a'))
    await ground.root.write(at('a'), bytesOf('new and longer'))
    const chunks = await file.stream({ first: 0, last: 2 }).toArray()
    expect(Buffer.concat(chunks).toString()).toBe('old')
  })

  test('goes on only while the etag is what it was: a conflict tells the one that is', async () => {
    const { entry } = await ground.root.write(at('a'), bytesOf('1'))
    const { entry: second } = await ground.root.write(at('a'), bytesOf('2'), { ifMatch: [entry.etag] })
    const late = ground.root.write(at('a'), bytesOf('3'), { ifMatch: [entry.etag] })
    await expect(late).rejects.toMatchObject({ status: 412, extra: { code: 'entry-changed', etag: second.etag } })
    await expect(ground.root.write(at('b'), bytesOf('3'), { ifMatch: '*' })).rejects.toMatchObject({ status: 412 })
    expect(readFileSync(here('a'), 'utf8')).toBe('2')
  })

  test('an edit that comes while the bytes arrive is a conflict too', async () => {
    const { entry } = await ground.root.write(at('a'), bytesOf('1'))
    async function* slow() {
      yield Buffer.from('2')
      writeFileSync(here('a'), 'by a program')
    }
    await expect(ground.root.write(at('a'), slow(), { ifMatch: [entry.etag] })).rejects.toMatchObject({ status: 412 })
    expect(readFileSync(here('a'), 'utf8')).toBe('by a program')
  })

  test('of many that make one file, one does', async () => {
    const all = Array.from({ length: 20 }, (_, i) => ground.root.write(at('a'), bytesOf(String(i)), { ifNoneMatch: '*' }))
    const outcomes = await Promise.allSettled(all)
    const made = outcomes.filter(({ status }) => status === 'fulfilled')
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.status] : []))
    expect([made.length, lost.length]).toEqual([1, 19])
    expect(new Set(lost).size === 1 ? lost[0] : lost).toBe(412)
    expect(readFileSync(here('a'), 'utf8')).toBe(String(outcomes.findIndex(({ status }) => status === 'fulfilled')))
  })

  test('of many that change one file, one does', async () => {
    const { entry } = await ground.root.write(at('a'), bytesOf('0'))
    const all = Array.from({ length: 20 }, (_, i) => ground.root.write(at('a'), bytesOf(String(i)), { ifMatch: [entry.etag] }))
    expect((await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('a full disk is told in words, and leaves what was there', async () => {
    mkdirSync(here('small'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', here('small')])
    try {
      writeFileSync(here('small/a'), 'old')
      const much = Array.from({ length: 64 }, () => Buffer.alloc(4096))
      await expect(ground.root.write(at('small/a'), bytesOf(...much))).rejects.toMatchObject(refused(507, 'disk-full'))
      expect(readFileSync(here('small/a'), 'utf8')).toBe('old')
      expect(readdirSync(here('small'))).toEqual(['a'])
      execFileSync('mount', ['-o', 'remount,ro', here('small')])
      await expect(ground.root.write(at('small/a'), bytesOf('x'))).rejects.toMatchObject(refused(403, 'no-permission'))
      await expect(ground.root.remove(at('small'), { recursive: true })).rejects.toMatchObject(refused(409, 'busy'))
    } finally {
      execFileSync('umount', [here('small')])
    }
  })

  test('the longest name, and one too long for its part of the disk', async () => {
    const name = '\u00e9'.repeat(127)
    await ground.root.write(at(name), bytesOf('x'))
    expect(readdirSync(ground.inside)).toEqual([name])
  })

  test('a folder is not replaced by a file, nor is anything made where no folder is', async () => {
    mkdirSync(here('folder'))
    await expect(ground.root.write(at('folder'), bytesOf('x'))).rejects.toMatchObject(refused(409, 'is-a-folder'))
    await expect(ground.root.write(rootPath, bytesOf('x'))).rejects.toMatchObject(refused(409, 'is-a-folder'))
    await expect(ground.root.write(at('none/a'), bytesOf('x'))).rejects.toMatchObject(refused(404, 'entry-missing'))
  })
})

describe('folders', () => {
  test('are made setgid, for their user and group', async () => {
    expect(await ground.root.createFolder(at('a'))).toMatchObject({ name: 'a', type: 'folder' })
    await ground.root.createFolder(at('a/b'))
    expect(statSync(here('a/b'))).toMatchObject({ uid: 20_001, gid: 20_001, mode: 0o42770 })
  })

  test('a default ACL goes down to what is made in them', async () => {
    execFileSync('setfacl', ['-d', '-m', 'u::rwx,g::rwx,g:30000:rwx,m::rwx,o::---', ground.inside])
    await ground.root.createFolder(at('a'))
    await ground.root.write(at('a/b'), bytesOf('x'))
    expect(execFileSync('getfacl', ['-cp', here('a')], { encoding: 'utf8' })).toContain('default:group:30000:rwx')
    expect(execFileSync('getfacl', ['-cp', here('a/b')], { encoding: 'utf8' })).toMatch(/group:30000:rwx\s+#effective:rw-/)
  })

  test('are not made twice, nor over a file, nor where no folder is', async () => {
    writeFileSync(here('file'), '')
    await ground.root.createFolder(at('a'))
    for (const path of ['a', 'file', ''])
      await expect(ground.root.createFolder(at(path))).rejects.toMatchObject(refused(409, 'entry-exists'))
    await expect(ground.root.createFolder(at('none/a'))).rejects.toMatchObject(refused(404, 'entry-missing'))
  })
})

describe('rename', () => {
  test('moves files and folders inside the root', async () => {
    mkdirSync(here('a/b'), { recursive: true })
    writeFileSync(here('a/b/file'), 'x')
    expect(await ground.root.rename(at('a/b'), at('c'))).toMatchObject({ name: 'c', type: 'folder' })
    await ground.root.rename(at('c/file'), at('a/file 2'))
    expect(readFileSync(here('a/file 2'), 'utf8')).toBe('x')
  })

  test('replaces nothing unless asked, and never a folder that is not empty', async () => {
    writeFileSync(here('a'), 'a')
    writeFileSync(here('b'), 'b')
    mkdirSync(here('full'))
    writeFileSync(here('full/x'), '')
    mkdirSync(here('folder'))
    await expect(ground.root.rename(at('a'), at('b'))).rejects.toMatchObject(refused(409, 'entry-exists'))
    await ground.root.rename(at('a'), at('b'), { overwrite: true })
    expect(readFileSync(here('b'), 'utf8')).toBe('a')
    await expect(ground.root.rename(at('b'), at('full'), { overwrite: true })).rejects.toMatchObject(refused(409, 'is-a-folder'))
    await expect(ground.root.rename(at('folder'), at('full'), { overwrite: true })).rejects.toMatchObject(
      refused(409, 'not-empty'),
    )
    await expect(ground.root.rename(at('folder'), at('b'), { overwrite: true })).rejects.toMatchObject(
      refused(409, 'not-a-folder'),
    )
  })

  test('renames what the caller saw, or nothing', async () => {
    const { entry } = await ground.root.write(at('a'), bytesOf('1'))
    const { entry: now } = await ground.root.write(at('a'), bytesOf('2'))
    const stale = ground.root.rename(at('a'), at('b'), { conditions: { ifMatch: [entry.etag] } })
    await expect(stale).rejects.toMatchObject({ status: 412, extra: { etag: now.etag } })
    await ground.root.rename(at('a'), at('b'), { conditions: { ifMatch: [now.etag] } })
    expect(readdirSync(ground.inside)).toEqual(['b'])
  })

  test('attack: names taken in the same moment by another process are kept, whole', async () => {
    const rival = spawn('python3', ['-u', '-c', rivalProgram, ground.inside], { stdio: ['pipe', 'inherit', 'inherit'] })
    let renamed = 0
    for (let i = 0; i < 200; i++) {
      if (i % 2) mkdirSync(here(`from-${i}`))
      writeFileSync(here(i % 2 ? `from-${i}/mine` : `from-${i}`), 'mine')
      rival.stdin.write(`${i}\n`)
      const outcome = ground.root.rename(at(`from-${i}`), at(`to-${i}`))
      await outcome.then(
        () => renamed++,
        (error: unknown) => expect(error).toMatchObject(refused(409, 'entry-exists')),
      )
    }
    rival.stdin.end()
    await once(rival, 'exit')
    const won = readdirSync(ground.inside).filter((name) => name.startsWith('won-'))
    for (const name of won)
      expect(existsSync(here(`${name.replace('won', 'to')}${Number(name.slice(4)) % 2 ? '/theirs' : ''}`))).toBe(true)
    expect(readdirSync(ground.inside).filter((name) => name.startsWith('from-')).length + renamed).toBe(200)
  })

  test('a folder does not go into itself, by a link neither', async () => {
    mkdirSync(here('a/b'), { recursive: true })
    symlinkSync('a/b', here('link'))
    await expect(ground.root.rename(at('a'), at('a/b/c'))).rejects.toMatchObject(refused(409, 'into-itself'))
    await expect(ground.root.rename(at('a'), at('link/c'))).rejects.toMatchObject(refused(409, 'into-itself'))
  })

  test('the root stays, and what is not there is told', async () => {
    await expect(ground.root.rename(rootPath, at('a'))).rejects.toMatchObject({ status: 409 })
    await expect(ground.root.rename(at('none'), at('a'))).rejects.toMatchObject(refused(404, 'entry-missing'))
    await expect(ground.root.remove(rootPath, { recursive: true })).rejects.toMatchObject({ status: 409 })
  })
})

describe('remove', () => {
  test('deletes a file, an empty folder, and a full one only if told so', async () => {
    mkdirSync(here('a/b/c'), { recursive: true })
    writeFileSync(here('a/b/file'), '')
    execFileSync('mkfifo', [here('a/fifo')])
    await ground.root.remove(at('a/b/file'))
    await ground.root.remove(at('a/b/c'))
    await expect(ground.root.remove(at('a'))).rejects.toMatchObject(refused(409, 'not-empty'))
    await ground.root.remove(at('a'), { recursive: true })
    expect(readdirSync(ground.inside)).toEqual([])
    await expect(ground.root.remove(at('a'))).rejects.toMatchObject(refused(404, 'entry-missing'))
  })

  test('deletes what the caller saw, or nothing', async () => {
    const { entry } = await ground.root.write(at('a'), bytesOf('1'))
    const { entry: now } = await ground.root.write(at('a'), bytesOf('2'))
    const stale = ground.root.remove(at('a'), { conditions: { ifMatch: [entry.etag] } })
    await expect(stale).rejects.toMatchObject({ status: 412, extra: { etag: now.etag } })
    await ground.root.remove(at('a'), { conditions: { ifMatch: [now.etag] } })
    expect(readdirSync(ground.inside)).toEqual([])
  })

  test('deletes a tree deeper than any path is long', async () => {
    mkdirSync(here('deep'))
    execFileSync('python3', ['-c', 'import os\nfor i in range(3000):\n os.mkdir("d"); open("f", "w").close(); os.chdir("d")'], {
      cwd: here('deep'),
    })
    await ground.root.remove(at('deep'), { recursive: true })
    expect(readdirSync(ground.inside)).toEqual([])
  })
})
