import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { externalCredentials } from './bearer.ts'
import { createRegistry } from './client.ts'
import { json, type Odd, startOdd } from './odd-registry.ts'
import { createTransport } from './transport.ts'

const ending: (() => void)[] = []
afterAll(() => {
  for (const end of ending) end()
})
const sha256 = (content: string) => `sha256:${createHash('sha256').update(content).digest('hex')}`

describe('an external registry is shown', () => {
  const external = async (answer: Odd, clock?: () => number) => {
    const url = await startOdd(answer, ending)
    const credentials = { url, username: 'robot', password: 'secret' }
    return createRegistry(
      createTransport({ url, authorization: externalCredentials({ ...credentials, ...(clock && { clock }) }) }),
    )
  }
  const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`

  test('its credentials by HTTP Basic', async () => {
    const registry = await external(({ headers }, response) =>
      headers.authorization === basic
        ? json(response, { tags: ['1'] })
        : json(response, {}, { 'www-authenticate': 'Basic realm="r"' }, 401),
    )
    expect(await registry.tags('alice/app')).toEqual(['1'])
  })

  test('a token of its token service, until that expires', async () => {
    let now = 0
    const asked: (string | null)[] = []
    const registry = await external(
      ({ url = '', headers }, response) => {
        const { pathname, searchParams } = new URL(url, 'http://x')
        if (pathname === '/token') {
          expect(headers.authorization).toBe(basic)
          asked.push(`${searchParams.get('service')} ${searchParams.get('scope')}`)
          return json(response, { access_token: `for-${searchParams.get('scope')}`, expires_in: 100 })
        }
        if (headers.authorization === 'Bearer for-repository:alice/app:pull') return json(response, { tags: ['1'] })
        const challenge = `Bearer realm="http://${headers.host}/token",service="r",scope="whatever"`
        json(response, {}, { 'www-authenticate': challenge }, 401)
      },
      () => now,
    )
    for (now of [0, 1000, 80_000, 95_000, 96_000]) expect(await registry.tags('alice/app')).toEqual(['1'])
    expect(asked).toEqual(['r repository:alice/app:pull', 'r repository:alice/app:pull'])
  })

  test.each(['http://elsewhere.invalid/token', '/token', 'file:///etc/passwd', ''])(
    'attack: no credentials to a token service at %j',
    async (realm) => {
      const registry = await external((_, response) => json(response, {}, { 'www-authenticate': `Bearer realm="${realm}"` }, 401))
      await expect(registry.tags('alice/app')).rejects.toMatchObject({ status: 502 })
    },
  )

  test('attack: no credentials where it redirects to, and no more than five redirects', async () => {
    const shown: (string | undefined)[] = []
    const storage = await startOdd(({ headers }, response) => {
      shown.push(headers.authorization)
      response.end('{}')
    }, ending)
    const registry = await external(({ url = '' }, response) => {
      const to = url.includes(sha256('{}')) ? `${storage}/signed?by=registry` : url
      response.writeHead(307, { location: to }).end()
    })
    expect((await registry.blob('alice/app', sha256('{}')))?.toString()).toBe('{}')
    expect(shown).toEqual([undefined])
    await expect(registry.blob('alice/app', sha256('x'))).rejects.toMatchObject({ status: 502 })
  })
})
