import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Followed, follow } from '../support/events.ts'
import { type Files, filesOf } from '../support/files.ts'
import { activate, activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let alice: Person
let files: Files
let folder: string
let run = 0

beforeAll(async () => {
  cluster = await startCluster('storage-watch')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  await activeUser(backend, 'bob', admin)
  files = await filesOf(backend, alice)
}, 60_000)
afterAll(() => cluster?.stop())
beforeEach(() => {
  folder = `f${run++}`
  mkdirSync(here())
})

const here = (name = '') => join(cluster.domains, 'local/alice', folder, name)
const pathOf = (...paths: string[]) =>
  `/api/storage/local/events?${new URLSearchParams(paths.map((path): [string, string] => ['path', path]))}`
const watch = (paths = [folder], headers: Record<string, string> = files.headers) => follow(backend, headers, pathOf(...paths))
const last = ({ events }: Followed) => events.at(-1) as { type: string; id: string }
/** Waits until an event like this came. */
const told = ({ events }: Followed, event: object) =>
  until(() => expect(events).toContainEqual(expect.objectContaining(event)) ?? true)

test('what is made, written, renamed and removed in a folder is told, whoever did it', async () => {
  const stream = await watch()
  await told(stream, { type: 'ready' })
  writeFileSync(here('by hand'), 'x')
  await told(stream, { type: 'changed', path: folder, names: ['by hand'] })
  await files.write(`${folder}/by us`, 'x')
  await told(stream, { type: 'changed', path: folder, names: ['by us'] })
  await files.rename(`${folder}/by us`, `${folder}/renamed`)
  await told(stream, { names: expect.arrayContaining(['by us', 'renamed']) })
  await files.remove(`${folder}/by hand`)
  await until(() => stream.events.filter((event) => JSON.stringify(event).includes('by hand')).length >= 2)
  rmSync(here(), { recursive: true })
  await told(stream, { type: 'gone', path: folder })
  expect(JSON.stringify(stream.events)).not.toContain('karvdash-part')
  stream.end()
})

test('several folders come in one stream, the root too, and none is watched deeper', async () => {
  mkdirSync(here('deep'))
  const stream = await watch(['', folder])
  await told(stream, { type: 'ready' })
  writeFileSync(here('deep/x'), '')
  writeFileSync(here('y'), '')
  await told(stream, { path: folder, names: ['y'] })
  writeFileSync(here('../z'), '')
  await told(stream, { path: '', names: ['z'] })
  expect(JSON.stringify(stream.events)).not.toContain('"x"')
  stream.end()
})

test('who comes back with an id goes on at its replica, and lists again at another', async () => {
  const stream = await watch()
  await told(stream, { type: 'ready' })
  const { id } = last(stream)
  stream.end()
  await files.write(`${folder}/meanwhile`, 'x')
  const back = await watch([folder], { ...files.headers, 'last-event-id': id })
  await told(back, { names: ['meanwhile'] })
  expect(back.events[0]).toEqual({ type: 'ready', id })
  const other = await follow(await cluster.backend(), { ...files.headers, 'last-event-id': id }, pathOf(folder))
  await told(other, { type: 'reset' })
  await files.write(`${folder}/seen there`, 'x')
  await told(other, { names: ['seen there'] })
  for (const one of [back, other]) one.end()
})

test('a stream ends with the token or the user that it is for', async () => {
  const eve = await activeUser(backend, 'eve', admin)
  const hers = await filesOf(backend, eve)
  const [byToken, byCookie] = [await watch([''], hers.headers), await watch([''], eve.headers() as Record<string, string>)]
  await told(byToken, { type: 'ready' })
  await eve.send('DELETE', '/api/session')
  await until(() => byCookie.isOver())
  expect(byToken.isOver()).toBe(false)
  await activate(admin, 'eve', false)
  await until(() => byToken.isOver())
})

test('more folders than 64, what is no folder and what leads out is refused in words', async () => {
  const refused = async (...paths: string[]) => {
    const { status, body } = await send(backend.url + pathOf(...paths), { headers: files.headers })
    return { status, ...(body as { detail: string; code?: string }) }
  }
  const many = Array.from({ length: 65 }, (_, i) => `${folder}/${i}`)
  expect(await refused(...many)).toMatchObject({ status: 400, detail: expect.stringContaining('At most 64 folders') })
  writeFileSync(here('file'), '')
  symlinkSync('../../bob', here('out'))
  expect(await refused(`${folder}/file`)).toMatchObject({ status: 409, code: 'not-a-folder' })
  expect(await refused(`${folder}/out`)).toMatchObject({ status: 404, code: 'link-broken' })
  expect(await refused(folder, `${folder}/out/x`)).toMatchObject({ status: 404, code: 'link-broken' })
  expect(await refused(`${folder}/none`)).toMatchObject({ status: 404, code: 'entry-missing' })
  expect(await refused('../bob')).toMatchObject({ status: 400 })
  expect((await send(backend.url + pathOf(''))).status).toBe(401)
})

test('one user has at most 512 folders watched, and is told so', async () => {
  const names = Array.from({ length: 64 }, (_, i) => `${folder}/${i}`)
  for (const name of names) mkdirSync(join(here('..'), name))
  const streams = await Promise.all(Array.from({ length: 8 }, () => watch(names)))
  for (const stream of streams) await told(stream, { type: 'ready' })
  const { status, body } = await send(backend.url + pathOf(folder), { headers: files.headers })
  expect([status, (body as { detail: string }).detail]).toEqual([429, expect.stringContaining('close a window')])
  for (const stream of streams) stream.end()
  await until(async () => {
    const again = await watch().catch(() => undefined)
    again?.end()
    return again
  })
})

test('attack: a folder that is watched is swapped for a link to a neighbour: it is gone, and nothing of there is ever told', async () => {
  const stream = await watch()
  await told(stream, { type: 'ready' })
  for (let turn = 0; turn < 20; turn++) {
    renameSync(here(), here('../aside'))
    symlinkSync('../bob', here())
    writeFileSync(join(cluster.domains, 'local/bob', `only bobs ${turn}`), '')
    rmSync(here())
    renameSync(here('../aside'), here())
  }
  await until(() => stream.events.length > 1)
  renameSync(here(), here('../aside'))
  symlinkSync('../bob', here())
  writeFileSync(join(cluster.domains, 'local/bob', 'only bobs'), '')
  await told(stream, { type: 'gone', path: folder })
  expect(JSON.stringify(stream.events)).not.toContain('only bobs')
  stream.end()
})
