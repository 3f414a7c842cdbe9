import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { WebSocketServer } from 'ws'
import { trustingSocket } from './trusting-socket.ts'

let folder: string
let server: Server
let ca: string
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-socket-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' })
  ca = await readFile(cert, 'utf8')
  server = createServer({ key: await readFile(key), cert: ca })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })))
  await new Promise<void>((resolve) => server.listen(0, resolve))
  url = `wss://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

/** What came back of a byte; undefined where it was not opened. */
function echo(trusted: string[]): Promise<unknown> {
  const socket = trustingSocket(trusted)(url, ['karvdash.exec.v1', 'karvdash.ticket.x'])
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve) => {
    socket.onopen = () => socket.send(new Uint8Array([7]))
    socket.onerror = () => resolve(undefined)
    socket.onmessage = ({ data }: { data: unknown }) => {
      resolve(data)
      socket.close(1000)
    }
  })
}

test('a socket is opened to whom the institute vouches for, and brings bytes as a terminal reads them', async () => {
  expect(new Uint8Array((await echo([ca])) as ArrayBuffer)).toEqual(new Uint8Array([7]))
})

test('attack: a server that nobody vouches for gets nothing', async () => {
  expect(await echo(rootCertificates.slice(0, 1))).toBeUndefined()
})
