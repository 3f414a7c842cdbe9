import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Below the ports that systems give to outgoing connections, and below those of Kubernetes' node ports. */
const [lowest, above] = [10_000, 30_000]

/** Different TCP ports that are free on loopback right now, and that no outgoing connection takes before somebody listens there. */
export async function freePorts(count: number): Promise<number[]> {
  const taken = new Map<number, Server>()
  while (taken.size < count) {
    const port = randomInt(lowest, above)
    const server = await listener(port)
    if (server) taken.set(port, server)
  }
  await Promise.all([...taken.values()].map((server) => new Promise((closed) => server.close(closed))))
  return [...taken.keys()]
}

/** Undefined: the port is taken. */
async function listener(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return server
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw failure
  }
}
