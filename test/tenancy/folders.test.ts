import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runPod } from '../support/pods.ts'
import { activeUser, openSystem, type System } from '../support/system.ts'

const run = Date.now().toString(36)
const alice = `ta${run}`
const bob = `tb${run}`
let system: System

beforeAll(async () => {
  system = await openSystem()
  await Promise.all([activeUser(system, alice), activeUser(system, bob)])
}, 60_000)
afterAll(() => system?.close())

test('every pod of a user finds the three domains, without a line of YAML', async () => {
  const output = await runPod(system, { user: alice, name: 'look', script: 'ls -d /local /remote /shared; id -G' })
  expect(output).toContain('/local\n/remote\n/shared')
  const { gid } = await stat(system.folder('local', alice))
  expect(output.trim().split('\n').at(-1)?.split(' ')).toContain(String(gid))
}, 60_000)

test('whatever uid a program runs as, what it writes can be read and written by the other programs of its user', async () => {
  await runPod(system, {
    user: alice,
    name: 'writer',
    runAs: 12345,
    script: 'mkdir /local/results; echo from 12345 > /local/results/a.txt',
  })
  const second = await runPod(system, {
    user: alice,
    name: 'second',
    runAs: 999,
    script: 'echo from 999 >> /local/results/a.txt; cat /local/results/a.txt',
  })
  expect(second).toBe('from 12345\nfrom 999\n')
  expect(await readFile(join(system.folder('local', alice), 'results/a.txt'), 'utf8')).toBe(second)
}, 90_000)

test("attack: another tenant looks for alice's files at every path, as root", async () => {
  await writeFile(join(system.folder('local', alice), 'diary.txt'), 'a secret of hers')
  const script =
    'find / -xdev -name diary.txt; find /local /remote /shared -name diary.txt; ls /local/..; grep -rl "a secret of hers" /local /remote /shared; echo end'
  const output = await runPod(system, { user: bob, name: 'search', script })
  expect(output).not.toContain('diary.txt')
  expect(output).not.toContain(alice)
  expect(output).toContain('end')
}, 60_000)

test('attack: a link that leads out of the folder opens nothing inside a container', async () => {
  await mkdir(join(system.folder('local', bob), 'links'), { recursive: true })
  await symlink(system.folder('local', alice), join(system.folder('local', bob), 'links/out'))
  const output = await runPod(system, { user: bob, name: 'follow', script: 'ls /local/links/out/; echo end' })
  expect(output).toMatch(/No such file/)
}, 60_000)

test('what lies in /shared can be changed by everyone', async () => {
  await runPod(system, { user: alice, name: 'give', runAs: 1000, script: `echo from alice > /shared/${run}.txt` })
  const output = await runPod(system, {
    user: bob,
    name: 'take',
    runAs: 2000,
    script: `echo and bob >> /shared/${run}.txt; cat /shared/${run}.txt`,
  })
  expect(output).toBe('from alice\nand bob\n')
}, 90_000)
