import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Contents, ServerConnection } from '@jupyterlab/services'
import { type CallOptions, type Entry, Problem } from '@karvdash/common'
import { DomainDrive } from './drive.ts'
import type { Files, SendOptions } from './files.ts'
import { folderOf, inside, nameOf } from './paths.ts'
import type { View } from './view.ts'

/** Files in memory that keep the rules of the API: conditions, names that are taken, folders that must exist. */
class MemoryFiles implements Files {
  readonly entries = new Map<string, { entry: Entry; bytes: Uint8Array }>()
  #state = 0

  put(path: string, text: string, type: Entry['type'] = 'file'): Entry {
    const bytes = new TextEncoder().encode(text)
    const entry: Entry = {
      name: nameOf(path),
      type,
      size: bytes.length,
      modified: 1000,
      created: 0,
      etag: `"${++this.#state}"`,
      writable: true,
    }
    this.entries.set(path, { entry, bytes })
    return entry
  }

  text(path: string): string {
    return new TextDecoder().decode(this.entries.get(path)?.bytes)
  }

  async stat(path: string): Promise<Entry> {
    return this.#found(path).entry
  }

  async list({ path, most, filter }: View) {
    const inFolder = [...this.entries].filter(([one]) => one !== '' && folderOf(one) === path && nameOf(one).includes(filter))
    return { entries: inFolder.slice(0, most).map(([, { entry }]) => entry), isAll: inFolder.length <= most }
  }

  async read(path: string) {
    const { bytes, entry } = this.#found(path)
    return { bytes, etag: entry.etag }
  }

  async write(path: string, body: Uint8Array<ArrayBuffer>, { ifMatch, ifNoneMatch }: CallOptions): Promise<Entry> {
    const now = this.entries.get(path)?.entry.etag
    if (ifNoneMatch === '*' ? now !== undefined : ifMatch !== now)
      throw new Problem(412, 'Changed', { extra: { code: 'entry-changed' } })
    return this.put(path, new TextDecoder().decode(body))
  }

  async upload(path: string, body: Blob, options: SendOptions): Promise<Entry> {
    return this.write(path, new Uint8Array(await body.arrayBuffer()), options as CallOptions)
  }

  async createFolder(path: string): Promise<Entry> {
    if (this.entries.has(path)) throw new Problem(409, 'Taken', { extra: { code: 'entry-exists' } })
    return this.put(path, '', 'folder')
  }

  async rename(from: string, to: string): Promise<Entry> {
    if (this.entries.has(to)) throw new Problem(409, 'Taken', { extra: { code: 'entry-exists' } })
    const { bytes } = this.#found(from)
    this.entries.delete(from)
    return this.put(to, new TextDecoder().decode(bytes))
  }

  async remove(path: string): Promise<void> {
    this.#found(path)
    this.entries.delete(path)
  }

  #found(path: string) {
    const found = this.entries.get(path)
    if (!found) throw new Problem(404, 'Not found')
    return found
  }
}

let files: MemoryFiles
let drive: DomainDrive
let changes: Contents.IChangedArgs[]

beforeEach(() => {
  files = new MemoryFiles()
  drive = new DomainDrive({
    name: 'local',
    files,
    serverSettings: {} as ServerConnection.ISettings,
    downloadUrl: (path) => `/download/${path}`,
    copy: async (path, toFolder) => {
      const name = `${nameOf(path)} (2)`
      files.put(inside(toFolder, name), files.text(path))
      return name
    },
    errorOf: (failure) => failure as Error,
  })
  changes = []
  drive.fileChanged.connect((_, change) => changes.push(change))
})

const textModel = (content: string) => ({ type: 'file', format: 'text' as const, content })

describe('a save', () => {
  test('goes over the state that was opened', async () => {
    files.put('a.txt', 'old')
    await drive.get('a.txt', { type: 'file', format: 'text' })
    await drive.save('a.txt', textModel('new'))
    expect(files.text('a.txt')).toBe('new')
  })

  test('never goes over what changed after it was looked at', async () => {
    files.put('a.txt', 'old')
    await drive.get('a.txt', { type: 'file', format: 'text' })
    files.put('a.txt', 'by a job')
    await expect(drive.save('a.txt', textModel('mine'))).rejects.toMatchObject({ status: 409 })
    expect(files.text('a.txt')).toBe('by a job')
  })

  test('goes over what changed once a person was shown that it did', async () => {
    files.put('a.txt', 'old')
    const opened = await drive.get('a.txt', { type: 'file', format: 'text' })
    files.put('a.txt', 'by a job')
    const looked = await drive.get('a.txt', { content: false })
    expect(looked.hash).not.toBe(opened.hash)
    await drive.save('a.txt', textModel('mine'))
    expect(files.text('a.txt')).toBe('mine')
  })

  test('is not taken for what somebody else wrote right after it', async () => {
    files.put('a.txt', 'old')
    await drive.get('a.txt')
    const saved = await drive.save('a.txt', textModel('mine'))
    const later = files.put('a.txt', 'by a job')
    expect((await drive.get('a.txt', { content: false })).hash).toBe(saved.hash)
    expect((await drive.get('a.txt', { content: false })).hash).toBe(later.etag)
  })

  test('in pieces puts them together, and writes once', async () => {
    const piece = (chunk: number, text: string) =>
      drive.save('b.bin', { type: 'file', format: 'base64', chunk, content: btoa(text) })
    await piece(1, 'one ')
    await piece(2, 'two ')
    expect(files.entries.has('b.bin')).toBe(false)
    await piece(-1, 'three')
    expect(files.text('b.bin')).toBe('one two three')
  })
})

describe('names', () => {
  test('of what is new are free ones', async () => {
    const made = [await drive.newUntitled({ path: '', ext: 'txt' }), await drive.newUntitled({ path: '', ext: '.txt' })]
    expect(made.map(({ path }) => path)).toEqual(['untitled.txt', 'untitled1.txt'])
    expect((await drive.newUntitled({ path: 'd', type: 'directory' })).path).toBe('d/Untitled Folder')
    const notebook = await drive.newUntitled({ path: '', type: 'notebook' })
    expect(await drive.get(notebook.path, { type: 'notebook' })).toMatchObject({ type: 'notebook', content: { nbformat: 4 } })
  })

  test('that are taken are refused with the status by which JupyterLab asks', async () => {
    files.put('a', '')
    files.put('b', '')
    await expect(drive.rename('a', 'b')).rejects.toMatchObject({ status: 409 })
  })

  test('may be given again: nothing happens', async () => {
    files.put('a', 'x')
    expect((await drive.rename('/a', 'a')).path).toBe('a')
    expect(changes).toEqual([])
  })

  test('of copies are given by the server', async () => {
    files.put('a', 'x')
    expect(await drive.copy('/a', '/d/')).toMatchObject({ path: 'd/a (2)', name: 'a (2)', size: 1 })
  })
})

test('changes are told with paths of the drive', async () => {
  files.put('d/a', 'x')
  await drive.rename('d/a', 'd/b')
  await drive.delete('d/b')
  expect(changes).toMatchObject([
    { type: 'rename', oldValue: { path: 'd/a' }, newValue: { path: 'd/b' } },
    { type: 'delete', oldValue: { path: 'd/b' } },
  ])
})

test('a film is not read to show where it streams from', async () => {
  files.put('film.mp4', 'x'.repeat(10))
  expect(await drive.get('film.mp4', { content: true, contentProviderId: 'video-provider' })).toMatchObject({
    content: null,
    size: 10,
  })
})

test('a root that is gone is away, not missing: JupyterLab would look for it for ever', async () => {
  files.list = async () => {
    throw new Problem(404, 'Not found')
  }
  await expect(drive.get('', { content: true })).rejects.toMatchObject({ status: 503 })
})

describe('a folder with more entries than a list can show', () => {
  const listed = async (path: string) => ((await drive.get(path)).content as Contents.IModel[]).map(({ name }) => name)

  beforeEach(() => {
    for (const name of ['a1', 'a2', 'b1', 'b2']) files.put(`d/${name}`, 'x')
    files.put('d', '', 'folder')
    drive.view = { ...drive.view, path: 'd', most: 2 }
  })

  test('is shown in pages, and says that there is more', async () => {
    expect([await listed('d'), drive.isPartial, drive.isLarge]).toEqual([['a1', 'a2'], true, true])
    drive.view = { ...drive.view, most: 4 }
    expect([await listed('d'), drive.isPartial, drive.isLarge]).toEqual([['a1', 'a2', 'b1', 'b2'], false, false])
  })

  test('is filtered by the server, and stays a large one meanwhile', async () => {
    await listed('d')
    drive.view = { ...drive.view, filter: 'b' }
    expect([await listed('d'), drive.isPartial, drive.isLarge]).toEqual([['b1', 'b2'], false, true])
  })

  test('is whole for everybody but the browser that shows it', async () => {
    files.put('e', '', 'folder')
    for (const name of ['1', '2', '3']) files.put(`e/${name}`, 'x')
    expect(await listed('e')).toHaveLength(3)
    expect(drive.isPartial).toBe(false)
  })
})

test('a folder is made only where there is none, and never in the place of a file', async () => {
  await drive.provideFolder('d')
  await drive.provideFolder('/d/')
  files.put('f', 'x')
  await expect(drive.provideFolder('f')).rejects.toMatchObject({ status: 409 })
})

test('what a job did is told: another path, new, gone', () => {
  drive.announce({ from: 'a', to: 'd/a' })
  drive.announce({ to: 'b' })
  drive.announce({ from: 'c' })
  expect(changes).toMatchObject([
    { type: 'rename', oldValue: { path: 'a' }, newValue: { path: 'd/a' } },
    { type: 'new', oldValue: null, newValue: { path: 'b' } },
    { type: 'delete', oldValue: { path: 'c' }, newValue: null },
  ])
})
