import type { TerminalSocket } from '@karvdash/common'

/** A WebSocket for tests, that says what it is told to. */
export interface ToldSocket extends TerminalSocket {
  url: string
  protocols: string[] | undefined
  sent: (string | Uint8Array)[]
  closed: number | undefined | 'never'
  open(): void
  message(data: unknown): void
  end(code: number, reason?: string): void
}

/** Makes one. */
export function toldSocket(url: string, protocols?: string[]): ToldSocket {
  const tell = (listener: ((event: never) => void) | null, event: unknown) => listener?.(event as never)
  const socket: ToldSocket = {
    url,
    protocols,
    sent: [],
    closed: 'never',
    binaryType: '',
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (data) => void socket.sent.push(data),
    close(code) {
      socket.closed = code
    },
    open: () => tell(socket.onopen, {}),
    message: (data) => tell(socket.onmessage, { data }),
    end: (code, reason = '') => tell(socket.onclose, { code, reason }),
  }
  return socket
}
