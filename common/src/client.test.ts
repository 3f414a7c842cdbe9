import { describe, expect, test } from '@jest/globals'
import { createClient, pathOf } from './client.ts'
import { contract } from './contract.ts'

/** A server that always answers so, and what it was sent. */
function server(status: number, body?: unknown) {
  const sent: { url: string; init: RequestInit | undefined }[] = []
  const fetch = async (url: Parameters<typeof globalThis.fetch>[0], init?: RequestInit) => {
    sent.push({ url: String(url), init })
    return new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status })
  }
  return { sent, client: createClient({ url: 'https://k.org', headers: () => ({ authorization: 'Bearer x' }), fetch }) }
}

describe('a call', () => {
  test('sends what the operation takes, each where it belongs', async () => {
    const { client, sent } = server(200, { items: [] })
    await client.call(contract.listUsers, { query: { limit: 5, cursor: 'a&b' } })
    expect(sent[0]).toMatchObject({
      url: 'https://k.org/api/users?limit=5&cursor=a%26b',
      init: { method: 'GET', headers: { authorization: 'Bearer x' } },
    })
    expect(sent[0]?.init?.body).toBeUndefined()
  })

  test('sends a body as JSON, and gives nothing where nothing is answered', async () => {
    const { client, sent } = server(204)
    expect(await client.call(contract.changePassword, { body: { current: 'a', next: 'b' } })).toBeUndefined()
    expect(sent[0]?.init).toMatchObject({
      method: 'PUT',
      body: '{"current":"a","next":"b"}',
      headers: { 'content-type': 'application/json' },
    })
  })

  test('throws the Problem that the server tells', async () => {
    const { client } = server(409, { title: 'Conflict', status: 409, detail: 'taken', service: 'lab' })
    await expect(client.call(contract.getVersion)).rejects.toMatchObject({
      name: 'Problem',
      status: 409,
      detail: 'taken',
      extra: { service: 'lab' },
    })
  })

  test.each([
    ['JSON of another form', { product: 5 }],
    ['a page of something in between', '<html>Sign in to the Wi-Fi</html>'],
    ['nothing', ''],
  ])('throws a Problem for %s', async (_, body) => {
    await expect(server(200, body).client.call(contract.getVersion)).rejects.toMatchObject({ status: 502 })
  })

  test('throws a Problem where nobody answers, and what it was told where the caller gave up', async () => {
    const failing = createClient({ url: '', fetch: () => Promise.reject(new TypeError('fetch failed')) })
    await expect(failing.call(contract.getVersion)).rejects.toMatchObject({ status: 503, cause: expect.any(TypeError) })
    await expect(failing.call(contract.getVersion, {}, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(TypeError)
  })
})

describe('the path of an operation', () => {
  test('has each parameter as one segment', () => {
    expect(pathOf(contract.getService, { service: 'a/b?c#d e' })).toBe('/api/services/a%2Fb%3Fc%23d%20e')
  })

  test.each(['', '.', '..'])('cannot be had with the parameter %j, which would call another operation', (service) => {
    expect(() => pathOf(contract.deleteService, { service })).toThrow(expect.objectContaining({ status: 400 }))
  })
})

test('every operation has a path and method of its own', () => {
  const all = Object.values(contract).map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
  expect(new Set(all).size).toBe(all.length)
})
