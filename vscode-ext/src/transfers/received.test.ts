import { expect, test } from '@jest/globals'
import { createClient, FilePath } from '@karvdash/common'
import { fileBytes } from './received.ts'

const content = '0123456789'

/** A server whose answers break off after so many bytes each, or are a status. */
function setUp(breaks: number[]) {
  const asked: Record<string, string>[] = []
  const fetch = async (_: unknown, { headers }: RequestInit = {}) => {
    const sent = headers as Record<string, string>
    asked.push(sent)
    const first = Number(/\d+/.exec(sent['range'] ?? '0')?.[0])
    const most = breaks.shift() ?? content.length
    if (most >= 400) return new Response('{}', { status: most })
    const text = content.slice(first, first + most)
    return new Response(text, { status: first === 0 ? 200 : 206 })
  }
  const client = createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch })
  const wanted = { domain: 'local' as const, path: FilePath.parse('a'), entry: { etag: '"1"', size: content.length } }
  const read = async (signal = new AbortController().signal) => {
    let text = ''
    for await (const chunk of fileBytes(client, wanted, { signal, wait: async () => undefined }))
      text += new TextDecoder().decode(chunk)
    return text
  }
  return { read, asked }
}

test('what breaks off goes on from where it was, of the same file', async () => {
  const { read, asked } = setUp([4, 503, 3])
  expect(await read()).toBe(content)
  expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=4-', 'bytes=4-', 'bytes=7-'])
  expect(new Set(asked.map((one) => one['if-match']))).toEqual(new Set(['"1"']))
})

test('a file that was changed meanwhile is not put together of both', async () => {
  await expect(setUp([4, 412]).read()).rejects.toMatchObject({ status: 412 })
})

test('what never answers is given up', async () => {
  await expect(setUp(Array<number>(20).fill(503)).read()).rejects.toMatchObject({ status: 503 })
})
