import type { RawData, WebSocket } from 'ws'

/** A message of a WebSocket. */
export interface Frame {
  data: Buffer
  isBinary: boolean
}

const mostHeldBytes = 256 * 1024

/** The messages of a socket from now on until it closes; whoever takes them slowly slows the other side down. */
export function framesOf(socket: WebSocket): AsyncGenerator<Frame> {
  const held: Frame[] = []
  let heldBytes = 0
  let isClosed = false
  let wake: () => void = () => undefined
  socket.on('message', (data, isBinary) => {
    const frame = { data: bytesOf(data), isBinary }
    held.push(frame)
    heldBytes += frame.data.length
    if (heldBytes > mostHeldBytes) socket.pause()
    wake()
  })
  socket.once('close', () => {
    isClosed = true
    wake()
  })
  async function* frames(): AsyncGenerator<Frame> {
    for (;;) {
      const frame = held.shift()
      if (frame) {
        heldBytes -= frame.data.length
        if (socket.isPaused && heldBytes <= mostHeldBytes / 2) socket.resume()
        yield frame
      } else if (isClosed) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return frames()
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}

/** Sends one message; resolves when there is room for another. @throws where the socket closed. */
export function sendFrame(socket: WebSocket, data: Buffer | string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(data, { binary: typeof data !== 'string' }, (error) => (error ? reject(error) : resolve()))
  })
}

const pingMs = 20_000
const mostUnanswered = 3

/** Pings the other side: one that is gone without a word is noticed within a minute. */
export function keepAlive(socket: WebSocket): void {
  let unanswered = 0
  const timer = setInterval(() => {
    // Nothing is read of one that is paused, and so no answer; that nobody is there any more, writing tells.
    if (!socket.isPaused && unanswered++ >= mostUnanswered) return socket.terminate()
    socket.ping()
  }, pingMs)
  const heard = () => {
    unanswered = 0
  }
  socket.on('pong', heard)
  socket.on('message', heard)
  socket.once('close', () => clearInterval(timer))
}
