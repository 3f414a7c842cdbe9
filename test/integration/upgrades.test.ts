import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'

let cluster: Cluster
let backend: Backend

beforeAll(async () => {
  cluster = await startCluster('upgrades')
  backend = await cluster.backend()
}, 60_000)
afterAll(() => cluster?.stop())

const webSocket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==',
]
const ports: ['http' | 'https'][] = [['http'], ['https']]

function dial(port: 'http' | 'https'): Socket {
  if (port === 'http') return connect(Number(new URL(backend.url).port), '127.0.0.1')
  return connectTls({ host: '127.0.0.1', port: backend.httpsPort, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
}

/** What is answered to lines as they are. */
async function answerTo(port: 'http' | 'https', ...lines: string[]): Promise<{ status: number; text: string }> {
  const socket = dial(port)
  socket.write([...lines, 'Host: karvdash.test', '', ''].join('\r\n'))
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  const text = bytes.toString('latin1')
  return { text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) }
}

describe.each(ports)('attack: at the port of %s an upgrade', (port) => {
  test.each([
    ['without a ticket', 'GET /api/exec HTTP/1.1', [], 401],
    [
      'with a ticket that is none',
      'GET /api/exec HTTP/1.1',
      ['Sec-WebSocket-Protocol: karvdash.exec.v1, karvdash.ticket.x'],
      403,
    ],
    ['with a ticket and not our protocol', 'GET /api/exec HTTP/1.1', ['Sec-WebSocket-Protocol: karvdash.ticket.x'], 401],
    ['of another address', 'GET /api/services/events HTTP/1.1', [], 404],
    ['of a path that only leads there', 'GET /x/../api/exec HTTP/1.1', [], 404],
    ['of an address that is none', 'GET //[ HTTP/1.1', [], 404],
    ['with large headers', 'GET /api/exec HTTP/1.1', [`Cookie: ${'x'.repeat(40_000)}`], 431],
    ['with many headers', 'GET /api/exec HTTP/1.1', Array.from({ length: 120 }, (_, n) => `X-${n}: 1`), 431],
  ])('%s is refused', async (_, line, headers, status) => {
    const answer = await answerTo(port, line, ...webSocket, ...headers)
    expect(answer.status).toBe(status)
    // Node itself answers headers that are larger than it reads, with nothing more.
    if (status !== 431) expect(answer.text).toMatch(/Content-Type: application\/problem\+json.*"detail"/s)
  })

  test('to something else than a WebSocket is answered as if it asked for none', async () => {
    const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']
    expect(await answerTo(port, 'GET /api/version HTTP/1.1', ...h2c)).toMatchObject({ status: 200 })
  })

  test('that is left in the middle does no harm', async () => {
    for (let n = 0; n < 50; n++) {
      const socket = dial(port)
      socket.write(['GET /api/exec HTTP/1.1', 'Host: karvdash.test', ...webSocket, '', ''].join('\r\n'), () => socket.destroy())
      socket.on('error', () => undefined)
    }
    expect(await answerTo(port, 'GET /api/version HTTP/1.1')).toMatchObject({ status: 200 })
  })
})

test('whoever asks for it without upgrading is told to', async () => {
  const answer = await fetch(`${backend.url}/api/exec`)
  expect(answer.status).toBe(426)
  expect(answer.headers.get('upgrade')).toBe('websocket')
})
