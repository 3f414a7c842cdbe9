import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { authority, issue } from '@karvdash/local/certificates'

/** What stands before a backend as an ingress controller does: TLS, with a certificate that only its own authority vouches for. */
export interface Front {
  url: string
  /** The authority's certificate. */
  caFile: string
  /** Lets nobody through any more, as when the network is gone; open streams break. */
  leave(): void
  comeBack(): void
  stop(): Promise<void>
}

/** Starts one for a backend. */
export async function startFront(backend: { url: string }): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-front-'))
  const ca = await authority(folder, 'Karvdash tests')
  const { file, key } = await issue(ca, 'front', { commonName: 'localhost', names: ['localhost', '127.0.0.1'] })
  const { hostname, port } = new URL(backend.url)
  const sockets = new Set<Duplex>()
  let isHere = true
  const server = createServer({ cert: await readFile(file), key: await readFile(key) }, (asked, answer) => {
    const { method, url: path, headers } = asked
    const forwarded = { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' }
    const passed = request({ hostname, port, method, path, headers: forwarded }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  server.on('connection', (socket) => {
    if (!isHere) socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const breakOff = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    caFile: ca.file,
    leave() {
      isHere = false
      breakOff()
    },
    comeBack() {
      isHere = true
    },
    async stop() {
      breakOff()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
