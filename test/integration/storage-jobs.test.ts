import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, type Job, type NewJob, partPrefix } from '@karvdash/common'
import type * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activate, activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let one: Backend
let two: Backend
let admin: Person
let alice: Person
let files: Files
let bob: Files
let mine: string
let shared: string

beforeAll(async () => {
  cluster = await startCluster('storage-jobs')
  const replicas = ['one', 'two'].map((name) => cluster.backend({ KARVDASH_POD_NAME: name }))
  ;[one, two] = (await Promise.all(replicas)) as [Backend, Backend]
  admin = await signedInAdmin(one)
  alice = await activeUser(one, 'alice', admin)
  files = await filesOf(one, alice)
  bob = await filesOf(one, await activeUser(one, 'bob', admin))
  mine = join(cluster.domains, 'local/alice')
  shared = join(cluster.domains, 'shared')
}, 60_000)
afterAll(() => cluster?.stop())

type Draft = z.input<typeof NewJob>
const place = (text: string) => {
  const [domain = '', ...path] = text.split('/')
  return { domain, path: path.join('/') } as Draft['to']
}
const start = (kind: 'copy' | 'move', from: string[], to: string, more: Partial<Draft> = {}, who = files): Promise<Job> =>
  who.client.call(contract.startJob, { body: { kind, entries: from.map(place), to: place(to), ...more } })
const get = (id: string, who = files) => who.client.call(contract.getJob, { params: { job: id } })
const over = (id: string, who = files) =>
  until(async () => {
    const job = await get(id, who)
    return job.endedAt === undefined ? undefined : job
  })
const parts = () =>
  execFileSync('find', [cluster.domains, '-name', `${partPrefix}*`])
    .toString()
    .split('\n')
    .filter(Boolean)

/** Stops what a replica has the kernel copy, once there are so many of it: it never ends by itself then. */
const stopCopying = ({ pid }: Backend, count: number) =>
  until(() => {
    const programs = readdirSync('/proc').filter((one) => /^\d+$/.test(one) && isCopying(one, pid))
    for (const one of programs) process.kill(Number(one), 'SIGSTOP')
    return programs.length >= count
  })
function isCopying(program: string, parent: number): boolean {
  try {
    return new RegExp(`^\\d+ \\(cp\\) \\S ${parent} `).test(readFileSync(`/proc/${program}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A folder of many small files and a large one; copying it takes some seconds. */
function many(name: string, count: number): void {
  mkdirSync(join(mine, name))
  for (let i = 0; i < count; i++) writeFileSync(join(mine, name, `file-${i}`), `content ${i}`)
}

describe('a copy', () => {
  test('of several entries, to another domain, is theirs there; the originals stay', async () => {
    await files.createFolder('several')
    await files.write('several/a.txt', 'a')
    await files.write('b.txt', 'b')
    const { phase, id } = await start('copy', ['local/several', 'local/b.txt'], 'shared/')
    expect(['queued', 'copying', 'naming', 'finished']).toContain(phase)
    expect(await over(id)).toMatchObject({
      phase: 'finished',
      done: { entries: 3, bytes: 2 },
      entries: [{ name: 'several' }, { name: 'b.txt' }],
    })
    expect(readFileSync(join(shared, 'several/a.txt'), 'utf8')).toBe('a')
    expect(await files.read('b.txt')).toBe('b')
    expect(statSync(join(shared, 'b.txt')).gid).not.toBe(statSync(join(mine, 'b.txt')).gid)
    expect(parts()).toEqual([])
  })

  test('where the name is taken is refused, gets another name, or replaces what is there', async () => {
    await files.createFolder('taken')
    await files.write('taken/x', 'new')
    await files.createFolder('goal')
    await files.createFolder('goal/taken')
    await files.write('goal/taken/old', 'old')
    await expect(start('copy', ['local/taken'], 'local/goal')).rejects.toMatchObject({
      status: 409,
      extra: { code: 'entry-exists' },
    })
    const renamed = await over((await start('copy', ['local/taken'], 'local/goal', { onConflict: 'rename' })).id)
    expect(renamed.entries).toMatchObject([{ name: 'taken (2)' }])
    await over((await start('copy', ['local/taken'], 'local/goal', { onConflict: 'replace' })).id)
    expect(await files.list('goal/taken')).toEqual(['x'])
    const named = await over((await start('copy', ['local/taken'], 'local/goal', { name: 'third' })).id)
    expect([named.phase, await files.list('goal')]).toEqual(['finished', ['taken', 'taken (2)', 'third']])
    expect(parts()).toEqual([])
  })

  test('into itself is refused, by way of a link too; so is replacing what holds it', async () => {
    await files.createFolder('self')
    await files.createFolder('self/inner')
    symlinkSync('self/inner', join(mine, 'way'))
    for (const to of ['local/self', 'local/self/inner', 'local/way'])
      await expect(start('copy', ['local/self'], to)).rejects.toMatchObject({ status: 409, extra: { code: 'into-itself' } })
    await files.createFolder('self/self')
    await expect(start('copy', ['local/self/self'], 'local/', { onConflict: 'replace' })).rejects.toMatchObject({
      extra: { code: 'into-itself' },
    })
    await expect(start('move', ['local/self'], 'local/', { onConflict: 'replace' })).rejects.toMatchObject({ status: 409 })
  })
})

describe('a move', () => {
  test('inside a file system is done in the answer', async () => {
    await files.createFolder('home')
    await files.write('home/large', 'x'.repeat(100_000))
    await files.createFolder('elsewhere')
    expect(await start('move', ['local/home'], 'local/elsewhere')).toMatchObject({
      phase: 'finished',
      entries: [{ name: 'home' }],
    })
    expect(await files.list('elsewhere/home')).toEqual(['large'])
    await expect(files.stat('home')).rejects.toMatchObject({ status: 404 })
  })

  test('to another domain takes the originals away when all has its name', async () => {
    many('going', 50)
    const job = await over((await start('move', ['local/going'], 'shared/')).id)
    expect(job).toMatchObject({ phase: 'finished', done: { entries: 51 } })
    expect(readdirSync(join(shared, 'going'))).toHaveLength(50)
    await expect(files.stat('going')).rejects.toMatchObject({ status: 404 })
    expect(parts()).toEqual([])
  })
})

describe('jobs', () => {
  test('are listed, the newest first, on every replica; forgotten when their user says so', async () => {
    await files.write('listed', '')
    const names = ['l1', 'l2', 'l3']
    for (const name of names) await over((await start('copy', ['local/listed'], 'local/', { name })).id)
    const there = await filesOf(two, alice.at(two))
    const list = () => there.client.call(contract.listJobs, { query: { limit: 2 } })
    await until(async () => (await list()).items[0]?.entries[0]?.name === 'l3')
    const { items, next } = await list()
    expect([items.map(({ entries }) => entries[0]?.name), typeof next]).toEqual([['l3', 'l2'], 'string'])
    await there.client.call(contract.endJob, { params: { job: items[0]?.id ?? '' } })
    await expect(get(items[0]?.id ?? '')).rejects.toMatchObject({ status: 404 })
  })

  test('attack: another user neither sees, cancels nor forgets them, nor copies what is not theirs', async () => {
    await files.write('private', 'secret')
    const { id } = await start('copy', ['local/private'], 'local/', { name: 'private 2' })
    await over(id)
    await expect(get(id, bob)).rejects.toMatchObject({ status: 404 })
    await expect(bob.client.call(contract.endJob, { params: { job: id } })).rejects.toMatchObject({ status: 404 })
    expect(JSON.stringify((await bob.client.call(contract.listJobs, {})).items)).not.toContain('private')
    await expect(start('copy', ['local/private'], 'local/', {}, bob)).rejects.toMatchObject({ status: 404 })
    for (const path of ['../alice/private', '/../alice/private', 'a/../../alice', '..', 'x\0', `${partPrefix}x`])
      await expect(start('copy', [`local/${path}`], 'local/', {}, bob)).rejects.toMatchObject({ status: 400 })
    for (const name of ['../x', 'a/b', '..', '', partPrefix])
      await expect(start('copy', ['local/private'], 'local/', { name })).rejects.toMatchObject({ status: 400 })
    symlinkSync('../alice', join(cluster.domains, 'local/bob/link'))
    await expect(start('copy', ['local/link/private'], 'local/', {}, bob)).rejects.toMatchObject({ status: 404 })
    await over((await start('copy', ['local/link'], 'local/', { name: 'copied link' }, bob)).id, bob)
    expect(await bob.stat('copied link')).toMatchObject({ type: 'link-broken', link: '../alice' })
    for (const id of ['x', 'a'.repeat(20), 'A'.repeat(20), `${'a'.repeat(20)}%0a`])
      expect([400, 404]).toContain((await send(`${one.url}/api/storage/jobs/${id}`, { headers: bob.headers })).status)
  })

  test('have names of any characters', async () => {
    const odd = ['line\nbreak', '\u202egnp.exe', 'caf\uefe9', '-rf', 'a'.repeat(255)]
    await files.createFolder('odd')
    for (const name of odd) await files.write(name, name)
    const job = await over(
      (
        await start(
          'copy',
          odd.map((name) => `local/${name}`),
          'local/odd',
        )
      ).id,
    )
    expect(job).toMatchObject({ phase: 'finished' })
    expect((await files.list('odd')).sort()).toEqual([...odd].sort())
  })

  test('tell how far they are, end when they are cancelled, and leave nothing then', async () => {
    execFileSync('sh', ['-c', 'head -c 3000000000 /dev/zero | tr "\\0" x > large'], { cwd: mine })
    const { id } = await start('copy', ['local/large'], 'shared/', { name: 'large' })
    const events: Job[] = []
    const controller = new AbortController()
    const stream = await fetch(`${one.url}/api/storage/jobs/events`, { headers: files.headers, signal: controller.signal })
    const read = async () => {
      for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? [])
        for (const line of chunk.split('\n'))
          if (line.startsWith('data: ')) events.push((JSON.parse(line.slice(6)) as { job: Job }).job)
    }
    void read().catch(() => undefined)
    await until(() => events.some((job) => job?.id === id && job.phase === 'copying'))
    await stopCopying(one, 1)
    const waiting = [
      await start('copy', ['local/large'], 'shared/', { name: 'l2' }),
      await start('copy', ['local/large'], 'shared/', { name: 'l3' }),
    ]
    await stopCopying(one, 2)
    for (const { id } of waiting.reverse()) {
      await files.client.call(contract.endJob, { params: { job: id } })
      expect(await over(id)).toMatchObject({ phase: 'cancelled' })
    }
    const there = await filesOf(two, alice.at(two))
    await there.client.call(contract.endJob, { params: { job: id } })
    expect(await over(id)).toMatchObject({ phase: 'cancelled' })
    await until(() => events.some((job) => job?.id === id && job.phase === 'cancelled'))
    controller.abort()
    expect(readdirSync(shared)).not.toContain('large')
    expect(parts()).toEqual([])
    await files.remove('large')
  })

  test('of a user who is not active any more end', async () => {
    const person = await activeUser(one, 'dean', admin)
    const his = await filesOf(one, person)
    execFileSync('sh', ['-c', 'mkdir many; for i in $(seq 20000); do echo $i > many/$i; done'], {
      cwd: join(cluster.domains, 'local/dean'),
    })
    const { id } = await start('copy', ['local/many'], 'shared/', { name: 'deans' }, his)
    await activate(admin, 'dean', false)
    await until(async () => {
      const secret = JSON.parse(await cluster.kubectl('get', 'secret', `job.${id}`, '-n', 'karvdash', '-o', 'json')) as {
        data: { job: string }
      }
      return /"phase":"(cancelled|finished)"/.test(Buffer.from(secret.data.job, 'base64').toString())
    })
    await until(() => parts().length === 0)
  })
})

test('a replica that is stopped gives its jobs to the other at once', async () => {
  const three = await cluster.backend({ KARVDASH_POD_NAME: 'three' })
  many('handed', 3000)
  const { id } = await start('copy', ['local/handed'], 'shared/', {}, await filesOf(three, alice.at(three)))
  expect(await three.stop()).toBe(0)
  expect(await over(id)).toMatchObject({ phase: 'finished', done: { entries: 3001 } })
  expect(readdirSync(join(shared, 'handed'))).toHaveLength(3000)
})

test('a replica that is killed in the middle of a move: the other finishes it, nothing is lost, nothing half', async () => {
  many('precious', 6000)
  const { id } = await start('move', ['local/precious'], 'shared/')
  await until(
    () =>
      parts().length > 0 &&
      execFileSync('sh', ['-c', `find ${parts()[0]} | wc -l`])
        .toString()
        .trim().length > 3,
  )
  await one.kill()
  expect(readdirSync(shared)).not.toContain('precious')
  expect(readdirSync(join(mine, 'precious'))).toHaveLength(6000)
  const there = await filesOf(two, alice.at(two))
  expect(await over(id, there)).toMatchObject({ phase: 'finished' })
  expect(readdirSync(join(shared, 'precious'))).toHaveLength(6000)
  for (let i = 0; i < 6000; i += 97) expect(readFileSync(join(shared, `precious/file-${i}`), 'utf8')).toBe(`content ${i}`)
  expect(readdirSync(mine)).not.toContain('precious')
  expect(parts()).toEqual([])
}, 90_000)
