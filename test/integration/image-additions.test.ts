import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { dockerEntries, ociEntries, sha256, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import { contract } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { type Adder, adder, type BuiltImage, buildImage, externalRegistry, inspected, pulled, tagsOf } from '../support/images.ts'
import { activate, activeUser, bearer, type Person, signedInAdmin } from '../support/people.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let registry: RunningRegistry
let built: BuiltImage
let folder: string
let admin: Person
let alice: Person
let files: Files
let mine: string
let own: Adder
let bobs: Adder

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-images-'))
  ;[cluster, registry] = await Promise.all([startCluster('image-additions'), startRegistry()])
  backend = await cluster.backend(externalRegistry(registry))
  built = await buildImage(folder, 'localhost/made:1', { random: randomBytes(2_500_000), text: Buffer.alloc(4_000_000, 'text ') })
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  files = await filesOf(backend, alice)
  own = adder(files.client)
  bobs = adder((await filesOf(backend, await activeUser(backend, 'bob', admin))).client)
  mine = join(cluster.domains, 'local/alice')
  await copyFile(built.dockerArchive, join(mine, 'docker.tar'))
  await copyFile(built.ociArchive, join(mine, 'oci.tar'))
}, 90_000)
afterAll(async () => {
  await cluster?.stop()
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

const image = (name: string, words: string[]) => ({ names: [name], layers: words.map((word) => Buffer.from(word)) })
const put = (name: string, content: Buffer, user = 'alice') => writeFile(join(cluster.domains, 'local', user, name), content)
const look = (path: string) => files.client.call(contract.readImageArchive, { body: { domain: 'local', path } as never })

describe('an archive of real tools', () => {
  test('is told of before it is added', async () => {
    const platforms = [{ os: 'linux', architecture: 'amd64' }]
    const names = ['localhost/made:1']
    expect(await look('docker.tar')).toMatchObject({ format: 'docker-archive', images: [{ names, platforms, layers: 2 }] })
    expect(await look('oci.tar')).toMatchObject({ format: 'oci-archive', images: [{ names, platforms }] })
  })

  test('of docker save is the very image in the registry, and comes back as it was', async () => {
    const { phase, names, layers } = await own.added('docker.tar')
    expect([phase, names]).toEqual(['finished', ['alice/made:1']])
    expect(layers.map(({ state, bytes, done }) => [state, bytes - done])).toEqual(layers.map(() => ['sent', 0]))
    expect((await inspected(registry, 'alice/made:1')).configuration).toBe(built.configuration)
    const back = join(folder, 'back.tar')
    await pulled(registry, 'alice/made:1', back)
    const listOf = async (file: string) => JSON.parse(await run('tar', ['xOf', file, 'manifest.json'])) as [{ Layers: string[] }]
    expect((await listOf(back))[0].Layers).toEqual((await listOf(built.dockerArchive))[0].Layers)
  })

  test('of OCI keeps its digest', async () => {
    expect(await own.added('oci.tar', { as: { repository: 'alice/tools/app', tag: 'oci' } })).toMatchObject({ phase: 'finished' })
    expect(await inspected(registry, 'alice/tools/app:oci')).toEqual({ digest: built.digest, configuration: built.configuration })
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('may be packed with %s', async (name, pack) => {
    for (const format of ['docker', 'oci']) {
      await put(`${format}.packed`, Buffer.from(pack(await readFile(join(mine, `${format}.tar`)))))
      const as = { repository: `alice/${name}`, tag: format }
      expect(await own.added(`${format}.packed`, { as })).toMatchObject({ phase: 'finished', names: [`alice/${name}:${format}`] })
      expect((await inspected(registry, `alice/${name}:${format}`)).configuration).toBe(built.configuration)
    }
  })

  test('written by skopeo, whatever it was before', async () => {
    await run('skopeo', [
      'copy',
      `oci-archive:${built.ociArchive}`,
      `docker-archive:${mine}/by-skopeo.tar:example.org/team/app:v2`,
    ])
    expect(await own.added('by-skopeo.tar')).toMatchObject({ phase: 'finished', names: ['alice/team/app:v2'] })
    expect((await inspected(registry, 'alice/team/app:v2')).configuration).toBe(built.configuration)
    await run('skopeo', [
      'copy',
      '--dest-compress-format',
      'zstd',
      '--dest-compress',
      `docker-archive:${built.dockerArchive}`,
      `oci-archive:${mine}/zstd.tar:zstd:1`,
    ])
    expect(await own.added('zstd.tar')).toMatchObject({ phase: 'finished', names: ['alice/zstd:1'] })
    expect((await inspected(registry, 'alice/zstd:1')).configuration).toBe(built.configuration)
  })
})

describe('an archive', () => {
  test('of several images and names adds all of them', async () => {
    const images = [
      image('registry.example.org/one:1', ['a', 'b']),
      { names: ['two:1', 'two:latest'], layers: [Buffer.from('b')] },
    ]
    await put('several.tar', tarOf(dockerEntries(images)))
    const { phase, names, layers } = await own.added('several.tar')
    expect([phase, names, layers.length]).toEqual(['finished', ['alice/one:1', 'alice/two:1', 'alice/two:latest'], 2])
    expect((await tagsOf(registry, 'alice/two')).sort()).toEqual(['1', 'latest'])
    await expect(own.add('several.tar', { as: { repository: 'alice/x', tag: '1' } })).rejects.toMatchObject({ status: 400 })
  })

  test('for several platforms is added for all of them', async () => {
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ layers: [Buffer.from(architecture)], architecture }))
    const entries = ociEntries([{ name: 'wide:1', platforms }])
    await put('wide.tar', tarOf(entries))
    expect(await own.added('wide.tar')).toMatchObject({ phase: 'finished' })
    const { digest } = await inspected(registry, 'alice/wide:1').catch(() => ({ digest: '' }))
    const index = JSON.parse(String(entries.at(-1)?.content)) as { manifests: [{ digest: string }] }
    expect(digest).toBe(index.manifests[0].digest)
    const tags = await files.client.call(contract.listImageTags, { query: { repository: 'alice/wide' } })
    expect(tags.items).toMatchObject([
      { tag: '1', platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }], addedBy: 'alice' },
    ])
  })

  test('that is added again is there already; under another name nothing is sent again', async () => {
    const again = await own.added('docker.tar')
    expect(again).toMatchObject({ phase: 'finished', detail: expect.stringMatching(/there already/) })
    const other = await own.added('docker.tar', { as: { repository: 'alice/other', tag: '1' } })
    expect(other.layers.map(({ state }) => state)).toEqual(other.layers.map(() => 'mounted'))
    expect((await inspected(registry, 'alice/other:1')).digest).toBe((await inspected(registry, 'alice/made:1')).digest)
    const same = await own.added('docker.tar', { as: { repository: 'alice/other', tag: '2' } })
    expect(same.layers.map(({ state }) => state)).toEqual(other.layers.map(() => 'there'))
  })

  test('is removed afterwards where that was wished for, and stays where it was not, or where it failed', async () => {
    await put('gone.tar', tarOf(dockerEntries([image('gone:1', ['x'])])))
    await put('bad.tar', gzipSync(tarOf(dockerEntries([image('gone:1', ['x'])]).slice(1))))
    expect(await own.added('gone.tar', { removeFile: true })).toMatchObject({ phase: 'finished' })
    expect(await own.added('bad.tar', { removeFile: true })).toMatchObject({
      phase: 'failed',
      detail: expect.stringMatching(/missing/),
    })
    expect(['gone.tar', 'bad.tar', 'docker.tar'].map((name) => existsSync(join(mine, name)))).toEqual([false, true, true])
  })

  test('of what is no image is refused at once; nothing is seen of it', async () => {
    await put('text.tar', Buffer.from('hello'))
    const wrong = dockerEntries([image('wrong:1', ['what it is'])]).map((entry) =>
      entry.name.endsWith('.tar') ? { ...entry, content: 'something else' } : entry,
    )
    await put('wrong.tar', tarOf(wrong))
    await expect(own.add('text.tar')).rejects.toMatchObject({ status: 422 })
    await expect(look('text.tar')).rejects.toMatchObject({ status: 422 })
    await expect(own.add('nothing.tar')).rejects.toMatchObject({ status: 404 })
    expect(await own.added('wrong.tar')).toMatchObject({ phase: 'failed', detail: expect.stringMatching(/digest/) })
    expect(await tagsOf(registry, 'alice/wrong')).toEqual([])
  })
})

describe('a tag that exists', () => {
  test('names another image only where that was said', async () => {
    await put('v1.tar', tarOf(dockerEntries([image('v:1', ['first'])])))
    await put('v2.tar', tarOf(dockerEntries([image('v:1', ['second'])])))
    await put('v2.tar.gz', gzipSync(tarOf(dockerEntries([image('v:1', ['second'])]))))
    await own.added('v1.tar')
    const first = await inspected(registry, 'alice/v:1')
    await expect(own.add('v2.tar')).rejects.toMatchObject({
      status: 409,
      detail: expect.stringMatching(/alice\/v:1 names another image/),
    })
    expect(await own.added('v2.tar.gz')).toMatchObject({ phase: 'failed', detail: expect.stringMatching(/names another image/) })
    expect(await inspected(registry, 'alice/v:1')).toEqual(first)
    expect(await own.added('v2.tar', { overwrite: true })).toMatchObject({ phase: 'finished' })
    expect(await inspected(registry, 'alice/v:1')).not.toEqual(first)
  })
})

describe('who may', () => {
  const as = (name: string) => ({ as: { repository: name, tag: '1' }, overwrite: true })

  test('attack: a user adds to another’s, to the platform’s own, and to what is shared already', async () => {
    await put('evil.tar', tarOf(dockerEntries([image('evil:1', ['evil'])])), 'bob')
    expect(await bobs.added('evil.tar', as('library/new'))).toMatchObject({ phase: 'finished' })
    for (const name of ['alice/made', 'karvdash/backend', 'library/new', 'apache/spark'])
      await expect(bobs.add('evil.tar', as(name))).rejects.toMatchObject({ status: 403 })
    expect(await tagsOf(registry, 'apache/spark')).toEqual([])
  })

  test('attack: somebody else’s additions and files', async () => {
    const { id } = await own.added('docker.tar', as('alice/private'))
    await expect(bobs.get(id)).rejects.toMatchObject({ status: 404 })
    await expect(bobs.add('docker.tar')).rejects.toMatchObject({ status: 404 })
    await expect(bobs.add('../alice/docker.tar')).rejects.toMatchObject({ status: 400 })
  })

  test('an admin may add to what is shared, but not by a token without the scope', async () => {
    await writeFile(join(cluster.domains, 'local/admin/shared.tar'), tarOf(dockerEntries([image('x:1', ['shared'])])))
    const from = { domain: 'local', path: 'shared.tar' }
    const body = { from, ...as('library/new') }
    const token = async (scopes: string[]) => {
      const { body } = await admin.send('POST', '/api/account/tokens', { name: scopes.join(), scopes })
      return bearer((body as { secret: string }).secret)
    }
    const post = async (scopes: string[]) =>
      (await send(`${backend.url}/api/images/additions`, { method: 'POST', body, headers: await token(scopes) })).status
    expect([
      await post(['images', 'files']),
      await post(['images', 'admin']),
      await post(['files']),
      await post(['images', 'files', 'read-only']),
    ]).toEqual([403, 403, 403, 403])
    expect((await admin.send('POST', '/api/images/additions', body)).status).toBe(202)
  })
})

describe('an addition', () => {
  const large = () => tarOf(dockerEntries([{ names: ['large:1'], layers: [randomBytes(60_000_000), randomBytes(60_000_000)] }]))

  test('that is cancelled leaves nothing that can be seen', async () => {
    await put('large.tar', large())
    const { id } = await own.add('large.tar')
    await until(async () => (await own.get(id)).phase === 'sending')
    registry.hold()
    await files.client.call(contract.endAddition, { params: { addition: id } })
    expect(await own.over(id)).toMatchObject({ phase: 'cancelled' })
    registry.go()
    expect(await tagsOf(registry, 'alice/large')).toEqual([])
    await files.client.call(contract.endAddition, { params: { addition: id } })
    await expect(own.get(id)).rejects.toMatchObject({ status: 404 })
  })

  test('of a user who is not active any more ends, and is not seen', async () => {
    const carol = await activeUser(backend, 'carol', admin)
    const hers = adder((await filesOf(backend, carol)).client)
    await put('large.tar', large(), 'carol')
    const { id } = await hers.add('large.tar')
    await until(async () => (await hers.get(id)).phase === 'sending')
    registry.hold()
    await activate(admin, 'carol', false)
    await until(async () => {
      const all = await cluster.kubectl(
        'get',
        'secrets',
        '-n',
        'karvdash',
        '-l',
        'karvdash.io/user=carol,karvdash.io/holds=addition',
        '-o',
        'json',
      )
      const [secret] = (JSON.parse(all) as { items: { data: { addition: string } }[] }).items
      return Buffer.from(secret?.data.addition ?? '', 'base64')
        .toString()
        .includes('"phase":"cancelled"')
    })
    registry.go()
    expect(await tagsOf(registry, 'carol/large')).toEqual([])
  })

  test('is in the audit log, when it was asked for and when it was done', async () => {
    const { items } = (await admin.send('GET', '/api/audit?user=alice')).body as {
      items: { operation: string; target: string; status: number }[]
    }
    const lines = items
      .filter(({ operation }) => operation === 'POST /api/images/additions')
      .map(({ target, status }) => `${status} ${target}`)
    expect(lines).toContain('202 local:/oci.tar alice/tools/app:oci')
    expect(lines).toContain('201 alice/tools/app:oci')
  })

  test('twenty at once are all done, and share what they have in common', async () => {
    const base = randomBytes(3_000_000)
    const all = Array.from({ length: 20 }, (_, i) => ({ names: [`at-once-${i}:1`], layers: [base, Buffer.from(`own ${i}`)] }))
    await Promise.all(all.map((one, i) => put(`at-once-${i}.tar`, tarOf(dockerEntries([one])))))
    const begun = await Promise.all(all.map((_, i) => own.add(`at-once-${i}.tar`)))
    const ends = await Promise.all(begun.map(({ id }) => own.over(id, 60_000)))
    expect(ends.map(({ phase, detail }) => detail ?? phase)).toEqual(all.map(() => 'finished'))
    for (const i of [0, 7, 19]) await pulled(registry, `alice/at-once-${i}:1`, join(folder, `at-once-${i}.tar`))
    expect(
      ends.filter(({ layers }) => layers.find(({ digest }) => digest === sha256(base))?.state === 'mounted').length,
    ).toBeGreaterThan(10)
  }, 90_000)
})
