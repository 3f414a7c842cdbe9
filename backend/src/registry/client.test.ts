import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { ownTokens } from './authorization.ts'
import { createRegistry } from './client.ts'
import { json, type Odd, startOdd } from './odd-registry.ts'
import { createTransport } from './transport.ts'

const ending: (() => void)[] = []
afterAll(() => {
  for (const end of ending) end()
})

const open = async (answer: Odd, patienceMs = 20_000) => {
  const url = await startOdd(answer, ending)
  return createRegistry(createTransport({ url, authorization: ownTokens(undefined), patienceMs }))
}
const sha256 = (content: string) => `sha256:${createHash('sha256').update(content).digest('hex')}`
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `alice/n${String(from + at).padStart(5, '0')}`)
/** Pages of 100 after `last`, told the next page as a test has it. */
const paged = (all: string[], link: (last: string) => Record<string, string>): Odd => {
  return ({ url = '' }, response) => {
    const last = new URL(url, 'http://x').searchParams.get('last') ?? ''
    const page = all.filter((name) => name > last).slice(0, 100)
    json(response, { repositories: page }, page.length < 100 ? {} : link(page.at(-1) ?? ''))
  }
}

describe('the catalogue is read as a whole', () => {
  test.each<[string, (last: string) => Record<string, string>]>([
    ['a Link that is relative', (last) => ({ link: `</v2/_catalog?last=${encodeURIComponent(last)}&n=100>; rel="next"` })],
    [
      'a Link that is absolute, to a host that only it knows',
      (last) => ({ link: `<http://inside.invalid/v2/_catalog?last=${last}>; rel=next` }),
    ],
    ['a Link that is a query alone', (last) => ({ link: `<?last=${last}&n=100>; rel="next"` })],
    ['no Link at all', () => ({})],
  ])('with %s', async (_, link) => {
    const all = names(0, 250)
    expect(await (await open(paged(all, link))).repositories()).toEqual(all)
  })

  test('once, where the registry tells the same page for ever', async () => {
    const all = names(0, 100)
    const same: Odd = (_, response) => json(response, { repositories: all }, { link: '</v2/_catalog?last=x>; rel="next"' })
    expect(await (await open(same)).repositories()).toEqual(all)
  })

  test('attack: names that lead elsewhere are none, and no more than 100,000 are read', async () => {
    let page = 0
    const endless: Odd = (_, response) => {
      const from = page++ * 10_000
      const some = ['../../etc', 'a/../b', 'A/b', 7, null, ...names(from, from + 10_000)]
      json(response, { repositories: some }, { link: '</v2/_catalog?last=x>; rel="next"' })
    }
    const read = (await (await open(endless)).repositories()) ?? []
    expect(read.length).toBeLessThanOrEqual(100_000)
    expect(read.slice(0, 2)).toEqual(names(0, 2))
  })

  test.each([401, 403, 404, 405])('or told to nobody (%i)', async (status) => {
    expect(await (await open((_, response) => json(response, { errors: [] }, {}, status))).repositories()).toBeUndefined()
  })

  test('attack: what is no list is refused', async () => {
    const registry = await open((_, response) => json(response, { repositories: 'alice/app' }))
    await expect(registry.repositories()).rejects.toMatchObject({ status: 502 })
  })
})

test.each([null, undefined, []])('a repository without tags (%j) has none', async (tags) => {
  expect(await (await open((_, response) => json(response, { name: 'alice/app', tags }))).tags('alice/app')).toEqual([])
})

test.each(['../secret', 'alice/../bob', '/alice', 'alice//app', 'alice/app?x', 'Alice/app', ''])(
  'attack: %j is asked of no registry',
  async (repository) => {
    const registry = await open(() => {
      throw new Error('It was asked')
    })
    await expect(registry.tags(repository)).rejects.toMatchObject({ status: 422 })
    await expect(registry.manifest('alice/app', repository)).rejects.toMatchObject({ status: 422 })
  },
)

describe('what is not what it should be is refused:', () => {
  const wrong = { 'docker-content-digest': sha256('something else') }

  test('attack: a manifest of another digest than its own, or than was asked for', async () => {
    const registry = await open((_, response) => json(response, {}, wrong))
    await expect(registry.manifest('alice/app', '1')).rejects.toMatchObject({ status: 502 })
    await expect(registry.manifest('alice/app', sha256('other'))).rejects.toMatchObject({ status: 502 })
  })

  test('attack: a blob of another digest', async () => {
    const registry = await open((_, response) => json(response, {}))
    await expect(registry.blob('alice/app', sha256('other'))).rejects.toMatchObject({ status: 502 })
    expect((await registry.blob('alice/app', sha256('{}')))?.toString()).toBe('{}')
  })

  test('attack: one of more bytes than whoever asks can use', async () => {
    const registry = await open((_, response) => json(response, { long: 'x'.repeat(1000) }))
    await expect(registry.manifest('alice/app', '1', 500)).rejects.toMatchObject({ status: 502 })
    await expect(registry.blob('alice/app', sha256('x'), 500)).rejects.toMatchObject({ status: 502 })
    expect(await registry.manifest('alice/app', '1', 2000)).toBeDefined()
  })

  test('attack: a manifest of 100 MB is not read', async () => {
    let sent = 0
    const registry = await open((_, response) => {
      const part = Buffer.alloc(1024 * 1024, ' ')
      const more = () => {
        while (sent < 100 && !response.destroyed) {
          sent++
          if (!response.write(part)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    await expect(registry.manifest('alice/app', '1')).rejects.toMatchObject({ status: 502 })
    expect(sent).toBeLessThan(50)
  })
})

test('a registry that tells no digest is asked for the manifest itself', async () => {
  const registry = await open(({ method }, response) => json(response, method === 'HEAD' ? '' : { schemaVersion: 2 }))
  expect(await registry.head('alice/app', '1')).toMatchObject({ digest: sha256('{"schemaVersion":2}'), bytes: 19 })
})

describe('a registry that does not do as asked is told of in words:', () => {
  const errors = (code: string, message = '', detail?: object) => ({ errors: [{ code, message, detail }] })

  test.each<[string, number, object, number, RegExp]>([
    ['it is full', 500, errors('UNKNOWN', 'unknown error', { Op: 'mkdir', Err: 28 }), 507, /full/],
    [
      'a quota is used up',
      403,
      errors(
        'DENIED',
        'adding 1 GiB, which when updated to current usage of 9 GiB will exceed the configured upper limit of 9 GiB',
      ),
      507,
      /full/,
    ],
    ['it is read-only', 405, errors('UNSUPPORTED', 'The operation is unsupported.'), 403, /read-only/],
    ['it forbids', 403, errors('DENIED', 'requested access to the resource is denied'), 403, /denied/],
    ['its credentials are not valid', 401, errors('UNAUTHORIZED'), 403, /credentials/],
    ['it is overloaded', 429, errors('TOOMANYREQUESTS'), 503, /does not answer/],
    ['it is broken', 502, {}, 503, /does not answer/],
    ['it takes no such manifest', 400, errors('MANIFEST_INVALID', 'manifest invalid\u001b[31m'), 422, /manifest invalid \[31m/],
  ])('%s', async (_, status, body, expected, words) => {
    const registry = await open((_, response) => json(response, body, {}, status))
    const put = registry.putManifest('alice/app', '1', { mediaType: 'application/json', content: Buffer.from('{}') })
    await expect(put).rejects.toMatchObject({ status: expected, detail: expect.stringMatching(words) })
  })

  test('it is down', async () => {
    const registry = createRegistry(createTransport({ url: 'http://127.0.0.1:1', authorization: ownTokens(undefined) }))
    await expect(registry.tags('alice/app')).rejects.toMatchObject({ status: 503 })
  })

  test('it hangs', async () => {
    const registry = await open(() => undefined, 50)
    await expect(registry.tags('alice/app')).rejects.toMatchObject({ status: 503 })
  })

  test('it breaks off', async () => {
    const registry = await open(
      (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
    )
    await expect(registry.tags('alice/app')).rejects.toMatchObject({ status: 503 })
  })
})

describe('a blob is sent', () => {
  const place = '/v2/alice/app/blobs/uploads/1?_state=a%2Fb%3D'
  async function* content() {
    yield Buffer.from('some ')
    yield Buffer.from('bytes')
  }
  const signal = new AbortController().signal

  test('to where the registry says it goes on, at this registry alone', async () => {
    const seen: string[] = []
    const registry = await open(async (request, response) => {
      const body = (await request.toArray()).join('')
      seen.push(`${request.method} ${request.url} ${body}`)
      const status = { POST: 202, PATCH: 202, PUT: 201 }[request.method ?? ''] ?? 500
      response.writeHead(status, { location: `https://elsewhere.invalid${place}` }).end()
    })
    await registry.putBlob('alice/app', content(), { digest: () => sha256('some bytes'), signal })
    expect(seen).toEqual([
      'POST /v2/alice/app/blobs/uploads/ ',
      `PATCH ${place} some bytes`,
      `PUT ${place}&digest=${encodeURIComponent(sha256('some bytes'))} `,
    ])
  })

  test('and taken back where its content breaks off, whose own error is told', async () => {
    const gone = Promise.withResolvers<string | undefined>()
    const registry = await open((request, response) => {
      if (request.method === 'DELETE') gone.resolve(request.url)
      request.resume()
      if (request.method !== 'PATCH') response.writeHead(202, { location: place }).end()
    })
    async function* broken() {
      yield* content()
      throw new RangeError('The archive ends here')
    }
    await expect(registry.putBlob('alice/app', broken(), { digest: () => '', signal })).rejects.toThrow('The archive ends here')
    expect(await gone.promise).toBe(place)
  })

  test('until its signal ends it, for the signal’s reason', async () => {
    const ender = new AbortController()
    const registry = await open((request, response) => {
      request.resume()
      if (request.method === 'PATCH') ender.abort(new Error('Cancelled'))
      else response.writeHead(202, { location: place }).end()
    })
    const sent = registry.putBlob('alice/app', content(), { digest: () => '', signal: ender.signal })
    await expect(sent).rejects.toThrow('Cancelled')
  })
})
