import { describe, expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import { contract } from './contract.ts'
import { Problem } from './problem.ts'

const entry = { name: 'a', type: 'file', size: 1, modified: 1, created: 1, etag: '"1"', writable: true }

/** A client of a server that answers so, and what it was sent. */
function clientOf(answer: () => Response) {
  const sent: { url: string; init: RequestInit & { duplex?: string } }[] = []
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    sent.push({ url: String(url), init })
    return answer()
  }
  const client = createClient({
    url: 'https://k',
    headers: () => ({ authorization: 'Bearer t' }),
    fetch: fetch as typeof globalThis.fetch,
  })
  return { client, sent }
}

const params = { domain: 'local' } as const

describe('a client that moves bytes', () => {
  test('names any entry in the query', async () => {
    const { client, sent } = clientOf(() => Response.json(entry))
    await client.call(contract.getEntry, { params, query: { path: 'a b/100%#?&+\u{1F600}' } })
    const url = new URL(sent[0]?.url ?? '')
    expect([url.pathname, url.searchParams.get('path')]).toEqual(['/api/storage/local/entry', 'a b/100%#?&+\u{1F600}'])
  })

  test('asks for a range, and gives the answer as it is', async () => {
    const { client, sent } = clientOf(() => new Response('bc', { status: 206 }))
    const response = await client.download(contract.readFile, { params, query: { path: 'a' } }, { range: { first: 1, last: 2 } })
    expect([response.status, await response.text()]).toEqual([206, 'bc'])
    expect(sent[0]?.init.headers).toMatchObject({ range: 'bytes=1-2', authorization: 'Bearer t' })
  })

  test('a file that did not change is 304', async () => {
    const { client, sent } = clientOf(() => new Response(null, { status: 304 }))
    const { status } = await client.download(contract.readFile, { params, query: { path: 'a' } }, { ifNoneMatch: '"1"' })
    expect([status, sent[0]?.init.headers]).toMatchObject([304, { 'if-none-match': '"1"' }])
  })

  test('uploads bytes with a condition', async () => {
    const { client, sent } = clientOf(() => Response.json(entry))
    const body = new Uint8Array([1, 2])
    expect(await client.upload(contract.writeFile, { params, query: { path: 'a' } }, body, { ifMatch: '"0"' })).toEqual(entry)
    expect(sent[0]?.init).toMatchObject({ method: 'PUT', body, headers: { 'if-match': '"0"' } })
  })

  test('uploads a stream, half duplex', async () => {
    const { client, sent } = clientOf(() => Response.json(entry))
    await client.upload(contract.writeFile, { params, query: { path: 'a' } }, new Blob(['x']).stream())
    expect(sent[0]?.init.duplex).toBe('half')
  })

  test('a conflict is a Problem that tells the etag', async () => {
    const body = { title: 'Changed', status: 412, etag: '"9"', code: 'entry-changed' }
    const { client } = clientOf(() => Response.json(body, { status: 412 }))
    const refused = client.upload(contract.writeFile, { params, query: { path: 'a' } }, 'x', { ifMatch: '"0"' })
    await expect(refused).rejects.toMatchObject({ status: 412, extra: { etag: '"9"', code: 'entry-changed' } })
    await expect(refused).rejects.toBeInstanceOf(Problem)
  })
})
