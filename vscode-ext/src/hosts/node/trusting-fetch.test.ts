import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { connectedBy } from '../../connection/connection.ts'
import { troubleOf } from '../../connection/standing.ts'
import { trustingFetch } from './trusting-fetch.ts'

let folder: string
let server: Server
let ca: string
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-trust-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' })
  ca = await readFile(cert, 'utf8')
  server = createServer({ key: await readFile(key), cert: ca }, async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('')
    const status = { '/nothing': 204, '/missing': 404 }[request.url ?? ''] ?? 200
    response.writeHead(status, { etag: '"1"' })
    response.end(JSON.stringify({ method: request.method, body, authorization: request.headers.authorization }))
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  url = `https://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

test('requests and answers are those of fetch', async () => {
  const fetch = trustingFetch([ca])
  const answer = await fetch(`${url}/a`, {
    method: 'PUT',
    headers: { authorization: 'Bearer x' },
    body: new TextEncoder().encode('bytes'),
  })
  expect([answer.status, answer.ok, answer.headers.get('etag')]).toEqual([200, true, '"1"'])
  expect(await answer.json()).toEqual({ method: 'PUT', body: 'bytes', authorization: 'Bearer x' })
  expect((await fetch(`${url}/missing`)).ok).toBe(false)
  expect((await fetch(`${url}/nothing`)).status).toBe(204)
})

test('whoever is not trusted is told apart from who is away', async () => {
  const refused = connectedBy({ server: { id: 'x', url }, token: () => 'x' }, trustingFetch(rootCertificates.slice(0, 1)))
  const failure = await refused.client
    .download({ path: '/a', method: 'GET' } as never, {} as never)
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Problem)
  expect(troubleOf(failure)).toBe('untrusted')
})

test('what is aborted ends', async () => {
  const controller = new AbortController()
  const asked = trustingFetch([ca])(`${url}/a`, { signal: controller.signal })
  controller.abort()
  await expect(asked).rejects.toBeInstanceOf(Error)
})
