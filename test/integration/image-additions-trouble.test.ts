import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dockerEntries, ociEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { filesOf } from '../support/files.ts'
import { type Adder, adder, externalRegistry, pulled, tagsOf } from '../support/images.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let one: Backend
let two: Backend
let registry: RunningRegistry
let folder: string
let alice: Person
let own: Adder

// What does not shrink takes a while to compress.
const layers = [1, 2, 3].map(() => randomBytes(80_000_000))
const put = (name: string, content: Buffer) => writeFile(join(cluster.domains, 'local/alice', name), content)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-images-'))
  ;[cluster, registry] = await Promise.all([startCluster('image-additions-trouble'), startRegistry()])
  const replicas = ['one', 'two'].map((name) => cluster.backend({ KARVDASH_POD_NAME: name, ...externalRegistry(registry) }))
  ;[one, two] = (await Promise.all(replicas)) as [Backend, Backend]
  alice = await activeUser(one, 'alice', await signedInAdmin(one))
  own = adder((await filesOf(one, alice)).client)
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Waits until a layer is in the registry and another is on its way. */
const inTheMiddle = (id: string, at = own) =>
  until(async () => {
    const { layers: now, phase } = await at.get(id)
    expect(phase).not.toBe('finished')
    return now.some(({ state }) => state === 'sent') && now.some(({ state }) => state === 'waiting' || state === 'sending')
  })
/** Layers are sent again, and a replica is missed only after ten seconds: where little of a machine is left for it, half a minute is too short. */
const over = (id: string, at = own) => at.over(id, 60_000)
const archive = (name: string) => tarOf(dockerEntries([{ names: [`${name}:1`, `${name}:latest`], layers }]))

test('a registry that goes in the middle of a layer and comes back gets all of it', async () => {
  await put('restart.tar', archive('restart'))
  const { id } = await own.add('restart.tar')
  await inTheMiddle(id)
  await registry.kill()
  await until(async () => (await own.get(id)).detail?.includes('does not answer'))
  expect(await own.get(id)).toMatchObject({ phase: 'sending' })
  await registry.start()
  expect(await over(id)).toMatchObject({ phase: 'finished' })
  expect((await own.get(id)).detail).toBeUndefined()
  await pulled(registry, 'alice/restart:1', join(folder, 'restart.tar'))
}, 90_000)

test('a packed archive goes on after that, too', async () => {
  await put('packed.tar.gz', gzipSync(tarOf(ociEntries([{ name: 'packed:1', platforms: [{ layers }] }])), { level: 1 }))
  const { id } = await own.add('packed.tar.gz', { as: { repository: 'alice/packed', tag: '1' } })
  await until(async () => (await own.get(id)).layers.some(({ state }) => state === 'sending'))
  await registry.kill()
  await until(async () => (await own.get(id)).detail?.includes('does not answer'))
  await registry.start()
  expect(await over(id)).toMatchObject({ phase: 'finished' })
  await pulled(registry, 'alice/packed:1', join(folder, 'packed.tar'))
}, 90_000)

test('a registry that is away is told at once, and nothing is recorded', async () => {
  await registry.kill()
  await expect(own.add('restart.tar')).rejects.toMatchObject({ status: 503, detail: expect.stringMatching(/registry/) })
  await registry.start()
})

test('a registry that is full, or takes nothing, is told in words, and nothing is seen', async () => {
  const storage = join(folder, 'full')
  execFileSync('sh', ['-c', `mkdir ${storage} && mount -t tmpfs -o size=30m tmpfs ${storage}`])
  const others = await Promise.all([startRegistry({ storage }), startRegistry({ isReadOnly: true })])
  try {
    const told = await Promise.all(
      others.map(async (other, i) => {
        // Replicas of their own cluster would take over what is not theirs.
        const backend = await cluster.backend({ KARVDASH_POD_NAME: `other-${i}`, ...externalRegistry(other) })
        return backend
      }),
    )
    for (const [i, backend] of told.entries()) {
      const theirs = adder((await filesOf(backend, alice.at(backend))).client)
      const { phase, detail } = await theirs.added('restart.tar', { as: { repository: 'alice/no-room', tag: '1' } })
      expect([phase, detail]).toEqual(['failed', expect.stringMatching(i === 0 ? /full/ : /read-only/)])
      expect(await tagsOf(others[i] as RunningRegistry, 'alice/no-room')).toEqual([])
    }
    await Promise.all(told.map((backend) => backend.stop()))
  } finally {
    await Promise.all(others.map((other) => other.stop()))
    execFileSync('umount', [storage])
  }
}, 90_000)

test('a replica that is killed in the middle: the other goes on with what is missing, and no half image was seen', async () => {
  await put(
    'killed.tar',
    tarOf(dockerEntries([{ names: ['killed:1'], layers: layers.map((layer) => Buffer.from(layer).reverse()) }])),
  )
  const { id } = await own.add('killed.tar')
  await inTheMiddle(id)
  await one.kill()
  expect(await tagsOf(registry, 'alice/killed')).toEqual([])
  const there = adder((await filesOf(two, alice.at(two))).client)
  const { phase, layers: ended } = await over(id, there)
  expect(phase).toBe('finished')
  expect(ended.map(({ state }) => state)).toEqual(['there', expect.stringMatching(/there|sent/), 'sent'])
  await pulled(registry, 'alice/killed:1', join(folder, 'killed.tar'))
}, 90_000)
