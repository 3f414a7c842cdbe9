import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { NewImage, Problem } from '@karvdash/common'
import { breakGround, type Ground } from '../../filesystem/root-ground.ts'
import { holdJob } from '../../jobs/hold.ts'
import type { JobStore } from '../../jobs/store.ts'
import { KubeError } from '../../kubernetes/errors.ts'
import type { OpenDomain } from '../../storage/jobs/site.ts'
import { dockerEntries, ociEntries, sha256, tarOf } from '../archive/make-archive.ts'
import { type MemoryRegistry, memoryRegistry } from './memory-registry.ts'
import { type AdditionRecord, newRecord } from './record.ts'
import { tallyOf } from './tally.ts'
import { createCraft } from './work.ts'

let ground: Ground
let registry: MemoryRegistry
let role: 'user' | 'admin'
let waits: number

beforeEach(async () => {
  ground = await breakGround()
  registry = memoryRegistry()
  role = 'admin'
  waits = 0
})
afterEach(() => ground.remove())

const open: OpenDomain = async () => ({ root: ground.root, mayBring: async () => undefined, owner: { uid: 20_001, gid: 20_001 } })
const put = (content: Buffer) => writeFileSync(join(ground.inside, 'image.tar'), content)
const layers = ['one', 'two', 'three'].map((word) => Buffer.from(word.repeat(1000)))
const docker = tarOf(dockerEntries([{ names: ['app:1', 'app:latest'], layers }]))
const oci = tarOf(ociEntries([{ name: 'app:1', platforms: [{ layers }, { layers: layers.slice(1), architecture: 'arm64' }] }]))

type Draft = Partial<Parameters<typeof NewImage.parse>[0] & object>

function recordOf(draft: Draft = {}, who: Partial<AdditionRecord> = {}): AdditionRecord {
  const about = {
    id: 'f'.repeat(20),
    user: 'alice',
    createdAt: new Date(0).toISOString(),
    holder: 'one',
    heldUntil: '',
    isCancelled: false,
  }
  const image = NewImage.parse({ from: { domain: 'local', path: 'image.tar' }, ...draft })
  return { ...newRecord(image, { user: 'alice', role: 'user', asked: { id: '', address: '' } }, about), ...who }
}

/** A store in memory, of one addition; its writes fail from the given one on. */
function storeOf(record: AdditionRecord, failsFrom = Number.POSITIVE_INFINITY) {
  let version = 0
  let writes = 0
  const store: JobStore<AdditionRecord> & { now: AdditionRecord; failsFrom: number } = {
    now: structuredClone(record),
    failsFrom,
    all: () => [],
    get: async () => ({ record: structuredClone(store.now), version: String(version) }),
    create: async () => ({ record, version: '0' }),
    async replace({ record: next, version: from }) {
      if (writes++ >= store.failsFrom) throw new Error('dead')
      if (from !== String(version)) throw new KubeError(409, undefined, 'replace')
      store.now = structuredClone(next)
      version += 1
      return { record: next, version: String(version) }
    },
    remove: async () => undefined,
    onChange: () => () => undefined,
  }
  return store
}

/** As a replica does it. */
async function carryOut(store: ReturnType<typeof storeOf>, holder = 'one', records: AdditionRecord[] = []): Promise<void> {
  store.now = { ...store.now, holder }
  const kept = await store.get('')
  if (!kept) return
  const hold = holdJob(kept, { store, holder, clock: Date.now })
  const craft = createCraft({
    ...{ registry, open, roleOf: () => role, records: () => records },
    wait: async () => void waits++,
    onAdded: async () => undefined,
  })
  await craft.work(hold, tallyOf(hold.record))
}
const outcome = (promise: Promise<void>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.detail}` : Promise.reject(error)),
  )

describe.each([
  ['docker save', docker, ['1', 'latest']],
  ['an OCI layout', oci, ['1']],
] as const)('what %s wrote', (_, archive, tags) => {
  test.each([0, 1, 2, 3, 4, 5, 6])(
    'is added by another replica where the first dies at its write number %i',
    async (failsFrom) => {
      put(archive)
      const store = storeOf(recordOf({ removeFile: true }), failsFrom)
      await carryOut(store).catch((error: unknown) => expect(String(error)).toMatch(/renewed|dead/))
      const before = Object.keys(registry.named('alice/app'))
      // Either none or all: there is no write between two tags.
      expect([[], tags]).toContainEqual(before)
      store.failsFrom = Number.POSITIVE_INFINITY
      if (store.now.phase !== 'finished') await carryOut(store, 'two')
      expect(store.now).toMatchObject({ phase: 'finished', endedAt: expect.any(String) })
      expect(Object.keys(registry.named('alice/app'))).toEqual(tags)
      // What was compressed for nothing gives the same bytes again.
      expect(new Set(registry.sent).size).toBe(archive === docker ? 4 : 5)
    },
  )

  test('is added though the registry is away at each request', async () => {
    put(archive)
    for (let at = 0; at < 30; at++) {
      registry = memoryRegistry()
      let count = 0
      registry.before = () => {
        if (count++ === at) throw new Problem(503, 'Not available')
      }
      const store = storeOf(recordOf())
      await carryOut(store)
      expect([store.now.phase, store.now.detail, Object.keys(registry.named('alice/app'))]).toEqual(['finished', undefined, tags])
    }
    expect(waits).toBeGreaterThan(20)
  })
})

test('a layer that two images have is sent once, and taken over where it is needed too', async () => {
  put(
    tarOf(
      dockerEntries([
        { names: ['a:1'], layers },
        { names: ['b:1', 'c:1'], layers: layers.slice(0, 2) },
      ]),
    ),
  )
  await carryOut(storeOf(recordOf()))
  // Three layers; each image's configuration goes to each of its repositories.
  expect(registry.sent).toHaveLength(3 + 3)
})

test('where the registry takes nothing over, it is sent to each repository', async () => {
  put(tarOf(dockerEntries([{ names: ['a:1', 'b:1', 'c:1'], layers }])))
  registry.mountBlob = async () => false
  await carryOut(storeOf(recordOf()))
  expect(['a', 'b', 'c'].map((name) => Object.keys(registry.named(`alice/${name}`)))).toEqual([['1'], ['1'], ['1']])
})

test('layers of an image that a user’s own repository has are known, whoever compressed them', async () => {
  put(docker)
  await carryOut(storeOf(recordOf()))
  const first = registry.sent.length
  put(tarOf(dockerEntries([{ names: ['app:2'], layers: [...layers, Buffer.from('more')] }])))
  await carryOut(storeOf(recordOf()))
  expect(registry.sent.slice(first)).toHaveLength(2)
})

test('attack: what another user’s image says of its layers is not believed', async () => {
  // Mallory pushes an image that says to have alice's layers, and has others.
  const evil = Buffer.from('evil')
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: layers.map(sha256) } }))
  for (const blob of [evil, config]) registry.blobs.set(`library/app@${sha256(blob)}`, blob)
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: sha256(evil), size: evil.length }
  const manifest = { config: { digest: sha256(config) }, layers: layers.map(() => layer) }
  await registry.putManifest('library/app', 'evil', { mediaType: 'x', content: Buffer.from(JSON.stringify(manifest)) })
  put(docker)
  await carryOut(storeOf(recordOf({ as: { repository: 'library/app', tag: '1' } }, { role: 'admin' })))
  const made = await registry.manifest('library/app', '1')
  expect(made?.content.toString()).not.toContain(sha256(evil))
})

describe('right before the tags it is asked again', () => {
  /** Does something when the first blob has been sent. */
  const meanwhile = (act: () => void) => {
    const { putBlob } = registry
    registry.putBlob = async (...args) => {
      await putBlob(...args)
      act()
    }
  }

  test('whether the user still may: an admin who is none any more', async () => {
    put(docker)
    await registry.putManifest('library/app', 'old', { mediaType: 'x', content: Buffer.from('{}') })
    meanwhile(() => {
      role = 'user'
    })
    const store = storeOf(recordOf({ as: { repository: 'library/app', tag: '1' } }, { role: 'admin' }))
    expect(await outcome(carryOut(store))).toMatch(/^403/)
    expect(Object.keys(registry.named('library/app'))).toEqual(['old'])
  })

  test('whether a shared name is still free', async () => {
    put(docker)
    meanwhile(() => void registry.putManifest('library/app', 'theirs', { mediaType: 'x', content: Buffer.from('{}') }))
    const store = storeOf(recordOf({ as: { repository: 'library/app', tag: '1' } }))
    expect(await outcome(carryOut(store))).toMatch(/^403 .*already/)
    expect(Object.keys(registry.named('library/app'))).toEqual(['theirs'])
  })

  test('whether the tag still names nothing else', async () => {
    put(docker)
    meanwhile(() => void registry.putManifest('alice/app', 'latest', { mediaType: 'x', content: Buffer.from('{}') }))
    expect(await outcome(carryOut(storeOf(recordOf())))).toMatch(/^409 alice\/app:latest names another/)
    expect(Object.keys(registry.named('alice/app'))).toEqual(['latest'])
  })
})

test('a file that changed since it was read first is not gone on with', async () => {
  put(docker)
  const store = storeOf(recordOf(), 2)
  await carryOut(store).catch(() => undefined)
  store.failsFrom = Number.POSITIVE_INFINITY
  put(oci)
  expect(await outcome(carryOut(store, 'two'))).toMatch(/^409 .*changed/)
  expect(registry.named('alice/app')).toEqual({})
})

test('one that is cancelled before its turn does nothing', async () => {
  put(docker)
  const store = storeOf(recordOf())
  const hold = holdJob({ record: store.now, version: '0' }, { store, holder: 'one', clock: Date.now })
  hold.cancel('Cancelled')
  const ports = {
    registry,
    open,
    roleOf: () => role,
    records: () => [],
    wait: async () => undefined,
    onAdded: async () => undefined,
  }
  await expect(createCraft(ports).work(hold, tallyOf(store.now))).rejects.toThrow('Cancelled')
  expect(registry.sent).toEqual([])
})
