import { describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { createDescribe } from './describe.ts'
import { fakeRegistry } from './fake.ts'
import { removeImage } from './removal.ts'

const platform = (architecture: string) => ({ os: 'linux', architecture })
const image = (architecture: string) => ({ configuration: platform(architecture) })
const setUp = () => {
  const registry = fakeRegistry()
  const forgotten: string[] = []
  const book = { forget: async (repository: string, digest: string) => void forgotten.push(`${repository}@${digest}`) }
  const remove = (tag: string, digest: string) =>
    removeImage({ registry, describe: createDescribe(registry), book }, { repository: 'alice/app', tag, digest })
  const push = (architecture: string, tag?: string) => registry.put('alice/app', tag, image(architecture))
  const index = (tag: string, ...digests: string[]) =>
    registry.putIndex(
      'alice/app',
      tag,
      digests.map((digest) => ({ digest, platform: platform('any') })),
    )
  return { registry, forgotten, remove, push, index }
}

test('an image is deleted with all its tags, and what was noted of them', async () => {
  const { registry, forgotten, remove, push } = setUp()
  const digest = push('amd64', '1')
  push('amd64', 'latest')
  push('arm64', '2')
  await remove('1', digest)
  expect(await registry.tags('alice/app')).toEqual(['2'])
  expect(forgotten).toEqual([`alice/app@${digest}`])
})

test('attack: what a tag names by now is not deleted for what it named when it was looked at', async () => {
  const { registry, remove, push } = setUp()
  const before = push('amd64', '1')
  push('arm64', '1')
  await expect(remove('1', before)).rejects.toMatchObject({ status: 409 })
  await expect(remove('2', before)).rejects.toMatchObject({ status: 404 })
  expect(registry.calls.filter((call) => call.startsWith('delete'))).toEqual([])
})

describe('of an index', () => {
  test('the platforms go that nothing else names', async () => {
    const { registry, remove, push, index } = setUp()
    const [alone, tagged, shared] = [push('a'), push('b', 'b'), push('c')]
    const digest = index('1', alone, tagged, shared)
    index('2', shared, push('d'))
    await remove('1', digest)
    const isThere = (one: string) => registry.manifests.has(`alice/app@${one}`)
    expect([digest, alone, tagged, shared].map(isThere)).toEqual([false, false, true, true])
  })

  test('a platform that somebody names meanwhile is put back', async () => {
    const { registry, remove, push, index } = setUp()
    const child = push('a')
    const digest = index('1', child, push('b'))
    registry.before = (call) => {
      if (call !== `deleteManifest alice/app@${child}`) return
      registry.before = () => undefined
      index('2', child)
    }
    await remove('1', digest)
    expect(registry.manifests.has(`alice/app@${child}`)).toBe(true)
  })

  test('none goes where what else there is cannot be read', async () => {
    const { registry, remove, push, index } = setUp()
    const child = push('a')
    const digest = index('1', child)
    const other = index('2', child, push('b'))
    registry.before = (call) => {
      if (call === `manifest alice/app:${other}`) throw new Problem(502, 'The registry answers wrongly')
    }
    await remove('1', digest)
    expect(await registry.tags('alice/app')).toEqual(['2'])
    expect(registry.manifests.has(`alice/app@${child}`)).toBe(true)
  })
})
