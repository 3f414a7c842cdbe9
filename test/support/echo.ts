import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service that tells what it is shown: as JSON, and in a WebSocket's answer by accepting it. */
export interface Echo {
  port: number
  /** What it was shown so far. */
  seen: Shown[]
  stop(): void
}

/** A request as the service sees it. */
export interface Shown {
  method: string
  url: string
  headers: IncomingHttpHeaders
}

/** Starts one. */
export async function startEcho(): Promise<Echo> {
  const seen: Shown[] = []
  const shown = ({ method = '', url = '', headers }: Shown) => {
    seen.push({ method, url, headers })
    return JSON.stringify(seen.at(-1))
  }
  const server = createServer((request, response) => response.end(shown(request as Shown)))
  server.on('upgrade', (request, socket) => {
    shown(request as Shown)
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.on('data', (chunk: Buffer) => socket.write(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    seen,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
