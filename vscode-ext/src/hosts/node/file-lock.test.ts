import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { fileLock } from './file-lock.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-lock-'))
  file = join(folder, 'made/lock')
})
afterEach(() => rm(folder, { recursive: true }))

test('one window after the other does its work', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setTimeout(resolve))
    inside--
  }
  await Promise.all([1, 2, 3, 4].map(() => fileLock(file)(work)))
  expect(most).toBe(1)
  expect(await readdir(join(folder, 'made'))).toEqual([])
})

test('work that fails lets the next one in', async () => {
  const alone = fileLock(file)
  await expect(alone(() => Promise.reject(new Error('x')))).rejects.toThrow('x')
  expect(await alone(async () => 'in')).toBe('in')
})

test('a window that ended while it held the lock keeps nobody out', async () => {
  const alone = fileLock(file)
  await alone(async () => undefined)
  await writeFile(file, '')
  await utimes(file, new Date(0), new Date(0))
  expect(await alone(async () => 'in')).toBe('in')
})
