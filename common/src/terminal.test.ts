import { describe, expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import { openTerminal, type TerminalOutcome, type TerminalSocket } from './terminal.ts'

type Handlers = Record<'onopen' | 'onmessage' | 'onclose', (event: unknown) => void>

/** A terminal over a socket that does what it is told; at first it is opened, or closed. */
async function setUp(refusals = 0) {
  const sent: (string | Uint8Array)[] = []
  const asked: unknown[] = []
  const outcomes: TerminalOutcome[] = []
  const printed: string[] = []
  const socket: TerminalSocket = {
    ...{ binaryType: '', onopen: null, onmessage: null, onclose: null, onerror: null },
    send: (data) => void sent.push(data),
    close: (code) => void sent.push(`close ${code}`),
  }
  const happens = (what: keyof Handlers, event: object = {}) => (socket as unknown as Handlers)[what](event)
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    asked.push([url, init.body])
    return Response.json({ ticket: `t-${asked.length}`, pod: 'a', container: 'main' })
  }
  const opening = openTerminal(createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch }), {
    ...{ url: 'https://k', service: 'web', pod: 'a', size: { columns: 80, rows: 24 } },
    onOutput: (bytes) => printed.push(new TextDecoder().decode(bytes)),
    onEnd: (outcome) => outcomes.push(outcome),
    wait: async () => undefined,
    connect(url, protocols) {
      asked.push([url, ...protocols])
      queueMicrotask(() => happens(refusals-- > 0 ? 'onclose' : 'onopen', { code: 1006, reason: '' }))
      return socket
    },
  })
  return { terminal: await opening, sent, asked, outcomes, printed, happens }
}

describe('a terminal', () => {
  test('is opened by a ticket in the subprotocol, and says its size first', async () => {
    const { asked, sent, terminal } = await setUp()
    expect(asked).toEqual([
      ['https://k/api/services/web/exec', '{"pod":"a"}'],
      ['wss://k/api/exec', 'karvdash.exec.v1', 'karvdash.ticket.t-1'],
    ])
    expect(terminal).toMatchObject({ pod: 'a', container: 'main' })
    expect(sent).toEqual(['{"type":"resize","columns":80,"rows":24}'])
  })

  test('sends what is typed as bytes, in pieces, and shows what is printed', async () => {
    const { terminal, sent, happens, printed } = await setUp()
    terminal.type('é')
    terminal.type(new Uint8Array(100_000))
    terminal.resize({ columns: 0, rows: 0 })
    expect(sent.slice(1).map((data) => data.length)).toEqual([2, 65_536, 34_464])
    happens('onmessage', { data: new TextEncoder().encode('hello').buffer })
    expect(printed).toEqual(['hello'])
  })

  test('tells its end once, and takes nothing any more', async () => {
    const { terminal, happens, outcomes, sent } = await setUp()
    happens('onmessage', { data: '{"type":"exit","code":3,"reason":""}' })
    happens('onclose', { code: 1000, reason: '' })
    terminal.type('x')
    expect(outcomes).toEqual([{ type: 'exit', code: 3, reason: '' }])
    expect(sent).toHaveLength(1)
  })

  test.each([
    [1006, '', { reason: 'The connection was lost.', again: 'at-once' }],
    [1012, 'It stops.', { reason: 'It stops.', again: 'at-once' }],
    [4002, 'Idle.', { reason: 'Idle.', again: 'on-request' }],
    [4001, 'Sign in.', { reason: 'Sign in.', again: 'never' }],
    [4004, 'Deleted.', { reason: 'Deleted.', again: 'never' }],
  ])('that is closed with %d tells whether opening a new shell helps', async (code, reason, expected) => {
    const { happens, outcomes } = await setUp()
    happens('onclose', { code, reason })
    expect(outcomes).toEqual([{ type: 'break', ...expected }])
  })

  test('that is closed here tells nothing more', async () => {
    const { terminal, happens, outcomes, sent } = await setUp()
    terminal.close()
    happens('onclose', { code: 1000, reason: '' })
    expect([outcomes, sent.at(-1)]).toEqual([[], 'close 1000'])
  })

  test('that is not answered is tried again, each time with another ticket', async () => {
    const { asked } = await setUp(2)
    expect(asked.filter((_, n) => n % 2 === 1)).toEqual(
      ['t-1', 't-3', 't-5'].map((ticket) => ['wss://k/api/exec', 'karvdash.exec.v1', `karvdash.ticket.${ticket}`]),
    )
    await expect(setUp(3)).rejects.toMatchObject({ status: 503 })
  })
})
