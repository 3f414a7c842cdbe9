import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type Authority, authority, issue } from '@karvdash/local/certificates'

/** What stands before a backend as an ingress controller does: TLS, with a certificate that only its own authority vouches for. */
export interface Front {
  url: string
  /** The authority's certificate. */
  caFile: string
  /** Lets nobody through any more, as when the network is gone; open streams break. */
  leave(): void
  comeBack(): void
  /** Lets so many more bytes of bodies through; then it leaves, or is there and takes no more of them. Resolves when that is so. */
  stopAfter(bytes: number, how: 'leave' | 'hold'): Promise<void>
  /** How many bytes of bodies came so far. */
  received(): number
  /** Is from now on what people do not expect: who shows a certificate that nobody vouches for, or a server that was upgraded too far. */
  wear(mask: Mask): void
  /** How often somebody connected so far, let through or not. */
  knocks(): number
  stop(): Promise<void>
}

/** What a front may pass itself off as. */
export type Mask = 'none' | 'stranger' | 'other version'

interface Stop {
  at: number
  how: 'leave' | 'hold'
  reached: () => void
}

const otherVersion = { product: '9.0.0', contract: '9.0', oldestClient: '9.0' }

/** Starts one for a backend. */
export async function startFront(backend: { url: string }): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-front-'))
  const ca = await authority(folder, 'Karvdash tests')
  const own = await contextBy(ca)
  const strange = await contextBy(await authority(join(folder, 'stranger'), 'Nobody'))
  const { hostname, port } = new URL(backend.url)
  const sockets = new Set<Duplex>()
  let isHere = true
  let mask: Mask = 'none'
  let knocks = 0
  let received = 0
  let stop: Stop | undefined
  const server = createServer(own, (asked, answer) => {
    const { method, url: path, headers } = asked
    if (mask === 'other version' && path === '/api/version') {
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(otherVersion))
      return
    }
    const forwarded = { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' }
    const passed = request({ hostname, port, method, path, headers: forwarded }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.on('data', ({ length }: Buffer) => {
      received += length
      if (!stop || received < stop.at) return
      if (stop.how === 'leave') leave()
      else asked.unpipe(passed).pause()
      stop.reached()
      stop = undefined
    })
    asked.pipe(passed)
  })
  server.on('connection', (socket) => {
    knocks += 1
    if (!isHere) socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const breakOff = () => {
    for (const socket of sockets) socket.destroy()
  }
  const leave = () => {
    isHere = false
    breakOff()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    caFile: ca.file,
    leave,
    comeBack() {
      isHere = true
    },
    stopAfter: (bytes, how) => new Promise((reached) => (stop = { at: received + bytes, how, reached })),
    received: () => received,
    wear(next) {
      mask = next
      server.setSecureContext(next === 'stranger' ? strange : own)
      breakOff()
    },
    knocks: () => knocks,
    async stop() {
      breakOff()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function contextBy(ca: Authority): Promise<{ cert: Buffer; key: Buffer }> {
  const { file, key } = await issue(ca, 'front', { commonName: 'localhost', names: ['localhost', '127.0.0.1'] })
  return { cert: await readFile(file), key: await readFile(key) }
}
