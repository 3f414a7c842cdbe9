import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { runPod } from '../support/pods.ts'
import { activeUser, clientOf, openSystem, type System } from '../support/system.ts'

const run = Date.now().toString(36)
const alice = `ta${run}`
const bob = `tb${run}`
let system: System
let asAlice: Awaited<ReturnType<typeof activeUser>>

beforeAll(async () => {
  system = await openSystem()
  ;[asAlice] = await Promise.all([activeUser(system, alice), activeUser(system, bob)])
}, 60_000)
afterAll(() => system?.close())

test('every pod of a user finds the three domains, without a line of YAML', async () => {
  const output = await runPod(system, { user: alice, name: 'look', script: 'ls -d /local /remote /shared; id -G' })
  expect(output).toContain('/local\n/remote\n/shared')
  const { gid } = await stat(system.folder('local', alice))
  expect(output.trim().split('\n').at(-1)?.split(' ')).toContain(String(gid))
}, 60_000)

test('whatever uid a program runs as, it reads, appends to and deletes what others of its user and the dashboard wrote', async () => {
  const uids = [0, 1000, 12345]
  const client = clientOf(system, asAlice)
  const params = { domain: 'local' } as const
  const write = (path: string, text: string) => client.upload(contract.writeFile, { params, query: { path } }, text)
  const read = async (path: string) => (await client.download(contract.readFile, { params, query: { path } })).text()
  const list = async (path: string) =>
    (await client.call(contract.listEntries, { params, query: { path } })).items.map(({ name }) => name)
  await write('from-dashboard.txt', 'dashboard\n')
  for (const uid of uids) {
    const script = `mkdir /local/by-${uid} && echo ${uid} > /local/by-${uid}/doomed.txt && echo ${uid} > /local/by-${uid}/kept.txt`
    expect(await runPod(system, { user: alice, name: `writes-${uid}`, runAs: uid, script })).toBe('')
  }
  for (const uid of uids) {
    const others = uids.filter((other) => other !== uid)
    const script = [
      `for f in /local/from-dashboard.txt ${others.map((other) => `/local/by-${other}/kept.txt`).join(' ')}; do cat $f > /dev/null && echo ${uid} >> $f; done`,
      `rm /local/by-${uids[(uids.indexOf(uid) + 1) % uids.length]}/doomed.txt`,
    ].join('; ')
    expect(await runPod(system, { user: alice, name: `shares-${uid}`, runAs: uid, script })).toBe('')
  }
  expect(await read('from-dashboard.txt')).toBe('dashboard\n0\n1000\n12345\n')
  expect(await read('by-1000/kept.txt')).toBe('1000\n0\n12345\n')
  for (const uid of uids) expect(await list(`by-${uid}`)).toEqual(['kept.txt'])
  await write('by-12345/kept.txt', 'over\n')
  const output = await runPod(system, {
    user: alice,
    name: 'last',
    runAs: 1000,
    script: 'cat /local/by-12345/kept.txt; rm -r /local/by-12345',
  })
  expect(output).toBe('over\n')
}, 120_000)

test('a program that keeps a file to itself by its mode keeps it from programs that run as others', async () => {
  await runPod(system, {
    user: alice,
    name: 'keeps',
    runAs: 12345,
    script: 'echo mine > /local/private; chmod 600 /local/private',
  })
  expect(await runPod(system, { user: alice, name: 'pries', runAs: 1000, script: 'cat /local/private' })).toContain(
    'Permission denied',
  )
}, 60_000)

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
