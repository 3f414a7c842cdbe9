import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Different TCP ports that are free on loopback right now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, openServer))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

async function openServer() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
