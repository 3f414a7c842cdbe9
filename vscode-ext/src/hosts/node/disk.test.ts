import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openFile, saveFile } from './disk.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-disk-'))
})
afterEach(() => rm(folder, { recursive: true }))

const named = (name: string) => ({ fsPath: join(folder, name) })
const never = new AbortController().signal

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text)
}

test('a file is read piece by piece', async () => {
  await writeFile(join(folder, 'a.txt'), '0123456789')
  const { source, close } = await openFile(named('a.txt'))
  expect(source.size).toBe(10)
  expect(Buffer.from((await source.slice(3, 6)) as Uint8Array).toString()).toBe('345')
  await close()
})

test('a file that is changed while it is read is not sent half old and half new', async () => {
  await writeFile(join(folder, 'a.txt'), '0123456789')
  const { source, close } = await openFile(named('a.txt'))
  await appendFile(join(folder, 'a.txt'), 'x')
  await expect(source.slice(0, 5)).rejects.toMatchObject({ detail: expect.stringContaining('was changed') })
  await close()
})

test('a folder is not a file', async () => {
  await expect(openFile(named('.'))).rejects.toMatchObject({ status: 409 })
})

test('a file is saved whole', async () => {
  await saveFile(named('a.txt'), chunks('one ', 'two'), never)
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('one two')
})

test('of a file that breaks off nothing is left, and what was there stays', async () => {
  await writeFile(join(folder, 'a.txt'), 'old')
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield* chunks('one')
    throw new Error('broke off')
  }
  await expect(saveFile(named('a.txt'), breaking(), never)).rejects.toThrow('broke off')
  const aborted = AbortSignal.abort()
  await expect(saveFile(named('a.txt'), chunks('one'), aborted)).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['a.txt'])
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('old')
})
