import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createSigner } from '../../users/signer.ts'
import { externalCredentials } from '../bearer.ts'
import { askedOf } from './asked.ts'
import { createForward, type Forward } from './forward.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let url: string
let answer: Answer
let seen: IncomingMessage[]
let forward: Forward

beforeEach(async () => {
  seen = []
  answer = (_, response) => response.end()
  server = createServer((request, response) => {
    seen.push(request)
    if (request.url === '/v2/') response.end()
    else answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const authorization = externalCredentials({ url, username: 'robot', password: 'secret' })
  forward = createForward({ url, authorization, signer: createSigner(Buffer.alloc(32, 1)) })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

interface Sent {
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

async function pass(line: string, { headers = {}, body = '', signal = new AbortController().signal }: Sent = {}) {
  const [method = '', target = ''] = line.split(' ')
  const [path = '', query = ''] = target.split('?')
  const asked = askedOf(method, path, new URLSearchParams(query))
  if (!asked) throw new Error(`${line} is not understood`)
  const length = body === '' ? {} : { 'content-length': `${body.length}` }
  return forward({ ...asked, method: method as 'GET', headers: { ...headers, ...length }, body: Readable.from([body]), signal })
}
const textOf = async (body: Readable) => Buffer.concat(await body.toArray()).toString()
const redirecting = (status: number, location: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { location }).end()
}

test('the registry sees the platform’s credentials, and of the client nothing that shows who it is', async () => {
  const headers = {
    authorization: 'Bearer of-the-client',
    cookie: 'a=b',
    'x-forwarded-for': '192.0.2.1',
    accept: 'x/y',
    host: 'registry',
  }
  await pass('GET /v2/a/b/manifests/1', { headers })
  const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`
  expect(seen.at(-1)?.headers).toMatchObject({ authorization: basic, accept: 'x/y' })
  for (const name of ['cookie', 'x-forwarded-for']) expect(seen.at(-1)?.headers).not.toHaveProperty(name)
})

test('attack: what the registry sets for browsers, or asks for itself, is not passed on', async () => {
  answer = (_, response) => {
    const headers = {
      'set-cookie': 'a=b',
      'www-authenticate': 'Basic',
      'access-control-allow-origin': '*',
      'x-anything': '1',
      etag: '"1"',
    }
    response.writeHead(403, headers).end('no')
  }
  const { status, headers, body } = await pass('GET /v2/a/b/manifests/1')
  expect({ status, headers, text: await textOf(body) }).toEqual({
    status: 403,
    headers: { etag: '"1"', 'content-type': undefined },
    text: 'no',
  })
})

test('a login that the registry does not take any more is no reason to ask the client for another', async () => {
  answer = (_, response) => response.writeHead(401).end()
  await expect(pass('GET /v2/a/b/manifests/1')).rejects.toMatchObject({ status: 503 })
})

test('layers in a storage beside it are got from there', async () => {
  answer = redirecting(307, 'https://storage.example.org/x?signature=1')
  const { status, headers } = await pass(`GET /v2/a/b/blobs/sha256:${'a'.repeat(64)}`)
  expect({ status, location: headers['location'] }).toEqual({
    status: 307,
    location: 'https://storage.example.org/x?signature=1',
  })
})

test('the next page is at our own address', async () => {
  answer = (_, response) => response.writeHead(200, { link: `<${url}/v2/_catalog?last=a&n=1>; rel="next"` }).end()
  expect((await pass('GET /v2/_catalog?n=1')).headers['link']).toBe('</v2/_catalog?last=a&n=1>; rel="next"')
})

test.each(['/odd/uploads/1?state=x', '/v2/a/b/blobs/uploads/1?state=x'])(
  'an upload goes on at %s, and the client does not see where',
  async (place) => {
    answer = redirecting(202, place)
    const { headers } = await pass('POST /v2/a/b/blobs/uploads/')
    expect(headers['location']).toMatch(/^\/v2\/a\/b\/blobs\/uploads\/[\w-]+$/)
    answer = (request, response) => request.on('end', () => response.writeHead(201).end()).resume()
    const digest = `sha256:${'a'.repeat(64)}`
    expect(await pass(`PUT ${headers['location']}?digest=${digest}`, { body: 'bytes' })).toMatchObject({ status: 201 })
    expect(seen.at(-1)?.url).toBe(`${place}&digest=${encodeURIComponent(digest)}`)
  },
)

test('attack: the credentials follow no upload to another host', async () => {
  answer = redirecting(202, 'http://thief.example.org/uploads')
  const { headers } = await pass('POST /v2/a/b/blobs/uploads/')
  const before = seen.length
  await expect(pass(`PATCH ${headers['location']}`, { body: 'bytes' })).rejects.toMatchObject({ status: 502 })
  expect(seen).toHaveLength(before)
})

test('a client that goes takes its request along', async () => {
  const begun = new Promise<IncomingMessage>((resolve) => {
    answer = (request) => resolve(request)
  })
  const gone = new AbortController()
  const passed = pass('GET /v2/a/b/manifests/1', { signal: gone.signal })
  const request = await begun
  const closed = once(request.socket, 'close')
  gone.abort()
  await expect(passed).rejects.toMatchObject({ status: 503 })
  await closed
})
