import type { TerminalSocket } from '@karvdash/common'
import * as z from 'zod'

/** Makes a WebSocket to the server part. */
export type Connect = (url: string, protocols?: string[]) => TerminalSocket

/** What the first message tells: how the platform answers. */
const Begin = z.object({ status: z.int().min(200).max(599), type: z.string() })

/**
 * Fetches a stream by WebSocket, as the server part gives it: over HTTP/1.1 a browser makes everything wait once six streams are open.
 *
 * @throws {TypeError} as fetch does, where it does not open; whatever the signal was aborted with
 */
export function socketFetch(connect: Connect, url: string, signal?: AbortSignal | null): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const socket = connect(url)
    socket.binaryType = 'arraybuffer'
    let body: ReadableStreamDefaultController<Uint8Array> | undefined
    const fail = (why: unknown) => (body ? body.error(why) : reject(why))
    const abort = () => end(() => fail(signal?.reason))
    signal?.addEventListener('abort', abort)
    function end(tell: () => void): void {
      signal?.removeEventListener('abort', abort)
      Object.assign(socket, { onmessage: null, onclose: null, onerror: null })
      socket.close()
      tell()
    }
    function begin(text: unknown): void {
      const told = readBegin(text)
      if (!told) return void end(() => fail(new TypeError('The answer was not understood.')))
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          body = controller
        },
        cancel: () => end(() => undefined),
      })
      resolve(new Response(stream, { status: told.status, headers: { 'content-type': told.type } }))
    }
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (body && data instanceof ArrayBuffer) body.enqueue(new Uint8Array(data))
      else if (!body) begin(data)
    }
    socket.onclose = ({ code }: { code: number }) =>
      end(() => (body && code === 1000 ? body.close() : fail(new TypeError('The connection was lost.'))))
    socket.onerror = () => undefined
  })
}

function readBegin(text: unknown): z.infer<typeof Begin> | undefined {
  try {
    return Begin.parse(JSON.parse(String(text)))
  } catch {
    return undefined
  }
}
