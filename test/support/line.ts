import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The network between an editor and a backend, which can be slow, and cut. */
export interface Line {
  url: string
  /** How many bytes went to the backend so far. */
  sent(): number
  /** Lets no more than so many bytes go to the backend from now on, until it is let go. */
  hold(bytes: number): void
  letGo(): void
  /** Breaks all connections, and takes none. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

/** Lays one. */
export async function startLine(backend: { url: string }): Promise<Line> {
  const { hostname, port } = new URL(backend.url)
  const sockets = new Set<Socket>()
  const held = new Set<() => void>()
  let isCut = false
  let sent = 0
  let most = Number.POSITIVE_INFINITY
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    far.pipe(near)
    near.on('data', (chunk) => {
      sent += chunk.length
      const isFree = far.write(chunk)
      // Small requests go through: who only asks is not slow.
      if (sent >= most && chunk.length > 4096) {
        near.pause()
        held.add(() => near.resume())
      } else if (!isFree) {
        near.pause()
        far.once('drain', () => near.resume())
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const breakOff = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    hold(bytes) {
      most = sent + bytes
    },
    letGo() {
      most = Number.POSITIVE_INFINITY
      for (const resume of held) resume()
      held.clear()
    },
    cut() {
      isCut = true
      breakOff()
    },
    mend() {
      isCut = false
    },
    async stop() {
      breakOff()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
