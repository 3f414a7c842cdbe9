import { describe, expect, test } from '@jest/globals'
import { createDescribe } from './describe.ts'
import { createDescriptions } from './descriptions.ts'
import { fakeRegistry } from './fake.ts'
import { digestOf } from './manifest-answer.ts'

const layer = (name: string, size: number) => ({ digest: digestOf(Buffer.from(name)), size })
const linux = (more: object = {}) => ({ os: 'linux', architecture: 'amd64', ...more })
const bytesOf = (value: object) => JSON.stringify(value).length

describe('an image of one platform', () => {
  const registry = fakeRegistry()
  const configuration = linux({
    created: '2026-03-01T10:00:00.5+02:00',
    config: { Labels: { title: 'A tool' } },
    rootfs: { diff_ids: [digestOf(Buffer.from('A')), digestOf(Buffer.from('B'))] },
  })
  const digest = registry.put('alice/app', '1', { configuration, layers: [layer('a', 1000), layer('b', 500)] })

  test('is described by its configuration and its layers', async () => {
    const description = await createDescribe(registry)('alice/app', digest)
    const bytes = 1500 + bytesOf(configuration)
    expect(description).toMatchObject({
      platforms: [{ os: 'linux', architecture: 'amd64', digest, bytes }],
      storedBytes: bytes + (registry.manifests.get(`alice/app@${digest}`)?.content.length ?? 0),
      createdAt: '2026-03-01T08:00:00.500Z',
      labels: { title: 'A tool' },
      children: [],
    })
  })

  test('is asked for once, and its layers are known by what they unpack to', async () => {
    const { describe: known, layer: layerOf } = createDescriptions(createDescribe(registry))
    await known('alice/app', digest)
    registry.calls.length = 0
    expect(await known('alice/app', digest)).toMatchObject({ labels: { title: 'A tool' } })
    expect(registry.calls).toEqual([])
    expect(layerOf(digestOf(Buffer.from('B')))).toMatchObject({
      digest: layer('b', 500).digest,
      bytes: 500,
      repository: 'alice/app',
    })
  })
})

test('an image for several platforms counts what they share once, and leaves out what is no image', async () => {
  const registry = fakeRegistry()
  const base = layer('base', 1000)
  const one = registry.put('alice/app', undefined, { configuration: linux(), layers: [base, layer('x', 10)] })
  const two = registry.put('alice/app', undefined, {
    configuration: linux({ architecture: 'arm64' }),
    layers: [base, layer('y', 20)],
  })
  const statement = registry.put('alice/app', undefined, { layers: [layer('s', 5)] })
  const digest = registry.putIndex('alice/app', '1', [
    { digest: one, platform: linux() },
    { digest: two, platform: linux({ architecture: 'arm64', variant: 'v8' }) },
    { digest: statement, platform: { os: 'unknown', architecture: 'unknown' } },
  ])
  const description = await createDescribe(registry)('alice/app', digest)
  expect(description?.platforms).toMatchObject([
    { architecture: 'amd64', digest: one, bytes: 1010 + bytesOf(linux()) },
    { architecture: 'arm64', variant: 'v8', digest: two },
  ])
  expect(description?.children).toEqual([one, two, statement])
  const manifests = [digest, one, two].map((each) => registry.manifests.get(`alice/app@${each}`)?.content.length ?? 0)
  const configurations = bytesOf(linux()) + bytesOf(linux({ architecture: 'arm64' }))
  expect(description?.storedBytes).toBe(1030 + configurations + manifests.reduce((a, b) => a + b))
})

test('what is no image, such as a chart, has no platform but a size', async () => {
  const registry = fakeRegistry()
  const digest = registry.put('alice/chart', '1', {
    layers: [layer('c', 77)],
    configurationType: 'application/vnd.cncf.helm.config.v1+json',
  })
  expect(await createDescribe(registry)('alice/chart', digest)).toMatchObject({ platforms: [] })
})

test('attack: what a configuration says is bounded, and no part of it is shown that cannot be', async () => {
  const registry = fakeRegistry()
  const labels = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`l${at}\u202e`, 'x'.repeat(1100)]))
  const configuration = linux({ created: 'yesterday', os: 'l'.repeat(5000), config: { Labels: labels } })
  const description = await createDescribe(registry)('alice/app', registry.put('alice/app', '1', { configuration }))
  expect(description?.createdAt).toBeUndefined()
  expect(JSON.stringify(description).length).toBeLessThan(130_000)
  expect(Object.keys(description?.labels ?? {})[0]).toBe('l0')
  expect(description?.platforms[0]?.os).toHaveLength(100)
})

test('attack: a configuration of megabytes is not read', async () => {
  const registry = fakeRegistry()
  const digest = registry.put('alice/app', '1', { configuration: linux({ history: 'x'.repeat(600_000) }) })
  expect(await createDescribe(registry)('alice/app', digest)).toMatchObject({ platforms: [{ os: '', digest }], labels: {} })
  expect(registry.calls.filter((call) => call.startsWith('blob'))).toEqual([])
})

test.each([
  { layers: 'none' },
  { config: { digest: '../../x', size: 1 }, layers: [] },
  { config: { digest: digestOf(Buffer.alloc(0)), size: -1 }, layers: [] },
  [],
  'text',
])('attack: a manifest that is none (%j) is refused', async (value) => {
  const registry = fakeRegistry()
  const content = Buffer.from(JSON.stringify(value))
  await registry.putManifest('alice/app', '1', { mediaType: 'application/vnd.oci.image.manifest.v1+json', content })
  await expect(createDescribe(registry)('alice/app', digestOf(content))).rejects.toMatchObject({ status: 502 })
})

test('attack: what is remembered of images stays within its bytes, the latest used stays', async () => {
  const registry = fakeRegistry()
  const { describe: known } = createDescriptions(createDescribe(registry), 20_000)
  const digests = Array.from({ length: 50 }, (_, at) =>
    registry.put('alice/app', `t${at}`, { configuration: linux({ config: { Labels: { at: String(at).padEnd(500) } } }) }),
  )
  const [first = ''] = digests
  for (const digest of digests) {
    await known('alice/app', digest)
    await known('alice/app', first)
  }
  registry.calls.length = 0
  await known('alice/app', first)
  expect(registry.calls).toEqual([])
  await known('alice/app', digests[1] ?? '')
  expect(registry.calls).not.toEqual([])
})
