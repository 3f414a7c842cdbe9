import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Registry } from '@karvdash/backend/registry/client'
import { openRegistry } from '@karvdash/backend/registry/open'
import { pushImage, pushIndex } from '../support/push.ts'
import { type RegistryOptions, type RunningRegistry, startRegistry } from '../support/registry.ts'

const running: RunningRegistry[] = []
afterAll(() => Promise.all(running.map((one) => one.stop())))

async function start(options: RegistryOptions = {}, credentials = { username: '', password: '' }) {
  const server = await startRegistry(options)
  running.push(server)
  return { server, registry: openRegistry({ kind: 'external', host: server.host, url: server.url, ...credentials }) }
}
const signal = new AbortController().signal
const sha256 = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`
async function* parts(...all: string[]) {
  for (const part of all) yield Buffer.from(part)
}

describe('a real registry', () => {
  let server: RunningRegistry
  let registry: Registry
  beforeAll(async () => {
    ;({ server, registry } = await start())
  })

  test('tells names, tags and what they name', async () => {
    const { digest, size } = await pushImage(server.url, 'alice/app:1')
    await pushImage(server.url, 'alice/app:latest')
    expect(await registry.repositories()).toContain('alice/app')
    expect((await registry.tags('alice/app')).sort()).toEqual(['1', 'latest'])
    expect(await registry.tags('alice/nothing')).toEqual([])
    expect(await registry.head('alice/app', '1')).toMatchObject({ digest, bytes: size })
    expect(await registry.manifest('alice/app', digest)).toMatchObject({ digest })
    expect(await registry.manifest('alice/app', '2')).toBeUndefined()
    expect(await registry.head('alice/nothing', '1')).toBeUndefined()
  })

  test('tells thousands of names in its pages', async () => {
    const names = Array.from({ length: 1050 }, (_, at) => `many/n${String(at).padStart(4, '0')}`)
    await pushImage(server.url, 'many/of:1')
    await server.copy('many/of', names)
    const told = (await registry.repositories()) ?? []
    expect(told.filter((name) => name.startsWith('many/n')).sort()).toEqual(names)
  })

  test('takes blobs as streams, whole or not at all', async () => {
    const digest = sha256('some bytes')
    await registry.putBlob('alice/blobs', parts('some ', 'bytes'), { digest: () => digest, signal })
    expect(await registry.hasBlob('alice/blobs', digest)).toBe(10)
    expect((await registry.blob('alice/blobs', digest))?.toString()).toBe('some bytes')
    const wrong = registry.putBlob('alice/blobs', parts('other bytes'), { digest: () => sha256('what it is not'), signal })
    await expect(wrong).rejects.toMatchObject({ status: 422, detail: expect.stringContaining('digest') })
    expect(await registry.hasBlob('alice/blobs', sha256('other bytes'))).toBeUndefined()
    await registry.putBlob('alice/blobs', parts(), { digest: () => sha256(''), signal })
    expect(await registry.hasBlob('alice/blobs', sha256(''))).toBe(0)
  })

  test('takes blobs over from another repository, where that has them', async () => {
    const digest = sha256('to be shared')
    await registry.putBlob('alice/from', parts('to be shared'), { digest: () => digest, signal })
    expect(await registry.mountBlob('bob/to', digest, 'alice/from')).toBe(true)
    expect(await registry.hasBlob('bob/to', digest)).toBe(12)
    expect(await registry.mountBlob('bob/to', sha256('nowhere'), 'alice/from')).toBe(false)
  })

  test('takes manifests by tag and digest, and refuses those whose blobs it has not', async () => {
    await pushImage(server.url, 'alice/source:1')
    const manifest = await registry.manifest('alice/source', '1')
    if (!manifest) throw new Error('There is none')
    await registry.putManifest('alice/source', '2', manifest)
    expect(await registry.head('alice/source', '2')).toMatchObject({ digest: manifest.digest })
    await expect(registry.putManifest('alice/empty', '1', manifest)).rejects.toMatchObject({ status: 422 })
    expect(await registry.tags('alice/empty')).toEqual([])
  })

  test('deletes an image with all its tags', async () => {
    const { digest } = await pushIndex(server.url, 'alice/gone:1', [{ architecture: 'amd64' }, { architecture: 'arm64' }])
    await registry.putManifest(
      'alice/gone',
      '2',
      (await registry.manifest('alice/gone', '1')) ?? { mediaType: '', content: Buffer.alloc(0) },
    )
    expect(await registry.deleteManifest('alice/gone', digest)).toBe(true)
    expect(await registry.tags('alice/gone')).toEqual([])
    expect(await registry.deleteManifest('alice/gone', digest)).toBe(false)
  })
})

test('a registry that is set up without deletion says so in words', async () => {
  const { server, registry } = await start({ delete: false })
  const { digest } = await pushImage(server.url, 'alice/app:1')
  await expect(registry.deleteManifest('alice/app', digest)).rejects.toMatchObject({
    status: 403,
    detail: expect.stringContaining('not set up for it'),
  })
  expect(await registry.tags('alice/app')).toEqual(['1'])
})

test('a registry that is read-only is read, and says so', async () => {
  const { registry } = await start({ isReadOnly: true })
  expect(await registry.repositories()).toEqual([])
  const sent = registry.putBlob('alice/app', parts('bytes'), { digest: () => sha256('bytes'), signal })
  await expect(sent).rejects.toMatchObject({ status: 403, detail: expect.stringContaining('read-only') })
})

test('a registry that wants credentials takes the right ones alone', async () => {
  // Of "robot" and "secret".
  const htpasswd = 'robot:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'
  const { server, registry } = await start({ htpasswd }, { username: 'robot', password: 'secret' })
  expect(await registry.repositories()).toEqual([])
  await registry.putBlob('alice/app', parts('bytes'), { digest: () => sha256('bytes'), signal })
  const wrong = openRegistry({ kind: 'external', host: server.host, url: server.url, username: 'robot', password: 'wrong' })
  await expect(wrong.tags('alice/app')).rejects.toMatchObject({ status: 403, detail: expect.stringContaining('credentials') })
})

test('a registry that goes away in the middle of a blob is told as such, and keeps nothing of it', async () => {
  const { server, registry } = await start()
  const began = Promise.withResolvers<void>()
  async function* endless() {
    for (;;) {
      yield Buffer.alloc(1024 * 1024)
      began.resolve()
    }
  }
  const sent = registry.putBlob('alice/app', endless(), { digest: () => sha256(''), signal })
  await began.promise
  const [answer] = await Promise.allSettled([sent, server.kill()])
  expect(answer).toMatchObject({ status: 'rejected', reason: { status: 503 } })
  await expect(registry.tags('alice/app')).rejects.toMatchObject({ status: 503 })
  await server.start()
  expect(await registry.tags('alice/app')).toEqual([])
  await registry.putBlob('alice/app', parts('bytes'), { digest: () => sha256('bytes'), signal })
})
