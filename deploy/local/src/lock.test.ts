import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { locked } from './lock.ts'
import { identify } from './processes.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-lock-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('two pieces of work under one lock do not overlap', async () => {
  const file = join(folder, 'lock')
  let inside = 0
  const work = async () => {
    inside += 1
    await new Promise(setImmediate)
    expect(inside).toBe(1)
    inside -= 1
  }
  await Promise.all([locked(file, work), locked(file, work), locked(file, work)])
})

test('a lock is free again after work that failed', async () => {
  const file = join(folder, 'failed')
  await expect(locked(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await locked(file, async () => 'done')).toBe('done')
})

test('the lock of a process that was killed is taken over', async () => {
  const file = join(folder, 'stale')
  await writeFile(file, JSON.stringify({ ...identify(process.pid), startTime: '1' }))
  expect(await locked(file, async () => 'done')).toBe('done')
})

test('the lock of a running process is respected', async () => {
  const file = join(folder, 'held')
  await writeFile(file, JSON.stringify(identify(process.pid)))
  await expect(locked(file, async () => 'done', 100)).rejects.toThrow('held by another command')
})

test('the folder of a lock may vanish while others wait for it', async () => {
  const file = join(folder, 'vanishing', 'lock')
  const removeFolder = () =>
    locked(file, async () => undefined).then(() => rm(join(folder, 'vanishing'), { recursive: true, force: true }))
  await Promise.all([removeFolder(), removeFolder(), removeFolder()])
})
