import { describe, expect, test } from '@jest/globals'
import type { ServerConnection } from '@jupyterlab/services'
import { Problem, type Terminal, type TerminalOutcome, type TerminalSize } from '@karvdash/common'
import { type OpenShell, ServiceTerminal } from './service-terminal.ts'

interface Opened {
  size: TerminalSize
  typed: string[]
  sizes: TerminalSize[]
  isClosed: boolean
  print(bytes: number[] | string): void
  end(outcome: TerminalOutcome): void
}

/** A terminal over shells that do what the test says. */
function begun(open?: OpenShell) {
  const shells: Opened[] = []
  const openShell: OpenShell = async (size, { onOutput, onEnd }) => {
    const bytesOf = (text: number[] | string) =>
      typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text)
    const shell: Opened = {
      size,
      typed: [],
      sizes: [],
      isClosed: false,
      print: (bytes) => onOutput(bytesOf(bytes)),
      end: onEnd,
    }
    shells.push(shell)
    const terminal: Terminal = {
      pod: 'hello-0',
      container: 'web',
      type: (text) => void shell.typed.push(String(text)),
      resize: (to) => void shell.sizes.push(to),
      close() {
        shell.isClosed = true
      },
    }
    return terminal
  }
  const terminal = new ServiceTerminal({
    open: open ?? openShell,
    sentenceOf: (failure) => (failure instanceof Problem ? (failure.detail ?? failure.title) : 'Something went wrong.'),
    serverSettings: {} as ServerConnection.ISettings,
  })
  let printed = ''
  terminal.messageReceived.connect((_, { content = [] }) => {
    printed += String(content[0])
  })
  const statuses: string[] = []
  terminal.connectionStatusChanged.connect((_, status) => void statuses.push(status))
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
  const sized = async (rows = 24, columns = 80) => {
    terminal.send({ type: 'set_size', content: [rows, columns, 0, 0] })
    await settled()
  }
  return { terminal, shells, statuses, sized, settled, printed: () => printed }
}

describe('a terminal in a service', () => {
  test('opens a shell once it is known how large it is, and no other when it is sized again', async () => {
    const { shells, sized, statuses } = begun()
    await sized(0, 0)
    expect(shells).toHaveLength(0)
    await sized(24, 80)
    await sized(30, 100)
    expect(shells.map(({ size, sizes }) => [size, sizes.at(-1)])).toEqual([
      [
        { rows: 24, columns: 80 },
        { rows: 30, columns: 100 },
      ],
    ])
    expect(statuses).toEqual(['connected'])
  })

  test('prints characters whose bytes come apart, and types what is typed', async () => {
    const { terminal, shells, sized, printed } = begun()
    await sized()
    const [first, second] = [
      [0xf0, 0x9f],
      [0x98, 0x80, 0x0a],
    ]
    shells[0]?.print(first)
    shells[0]?.print(second)
    terminal.send({ type: 'stdin', content: ['ls\r'] })
    expect([printed(), shells[0]?.typed]).toEqual(['😀\n', ['ls\r']])
  })

  test('tells the exit code, and opens a new shell only when Enter is pressed', async () => {
    const { terminal, shells, sized, settled, printed, statuses } = begun()
    await sized()
    shells[0]?.end({ type: 'exit', code: 3, reason: '' })
    await settled()
    expect(printed()).toContain('[It ended with exit code 3. Press Enter to open a new shell.]')
    terminal.send({ type: 'stdin', content: ['x'] })
    await settled()
    expect(shells).toHaveLength(1)
    terminal.send({ type: 'stdin', content: ['\r'] })
    await settled()
    expect([shells.length, shells[1]?.size]).toEqual([2, { rows: 24, columns: 80 }])
    expect(statuses).toEqual(['connected', 'disconnected', 'connecting', 'connected'])
  })

  test('what is typed while a shell opens is for that one', async () => {
    const { terminal, shells, settled } = begun()
    terminal.send({ type: 'set_size', content: [24, 80, 0, 0] })
    for (const content of ['l', 's', '\r']) terminal.send({ type: 'stdin', content: [content] })
    await settled()
    expect(shells.map(({ typed }) => typed)).toEqual([['ls\r']])
  })

  test('says that the connection was lost, and the shell with it', async () => {
    const { shells, sized, settled, printed } = begun()
    await sized()
    shells[0]?.end({ type: 'break', reason: 'The connection was lost.', again: 'at-once' })
    await settled()
    expect(printed()).toContain('[The connection was lost, and the shell with it. Press Enter to open a new shell.]')
    expect(shells).toHaveLength(1)
  })

  test('does not offer a new shell where there will be none', async () => {
    const { terminal, shells, sized, settled, printed } = begun()
    await sized()
    shells[0]?.end({ type: 'break', reason: 'The service was deleted.', again: 'never' })
    await settled()
    expect(printed()).toContain('The service was deleted.]')
    await terminal.reconnect()
    expect(shells).toHaveLength(1)
  })

  test('says why it does not open', async () => {
    const { sized, printed, statuses } = begun(async () => {
      throw new Problem(409, 'Conflict', { detail: 'Nothing of it runs.' })
    })
    await sized()
    expect(printed()).toContain('[It did not open. Nothing of it runs. Press Enter to open a new shell.]')
    expect(statuses).toEqual(['disconnected'])
  })

  test('hangs up when its tab is closed, also while it opens', async () => {
    const { terminal, shells, sized, settled } = begun()
    await sized()
    terminal.dispose()
    expect(shells[0]?.isClosed).toBe(true)
    const slow = begun()
    slow.terminal.send({ type: 'set_size', content: [24, 80, 0, 0] })
    slow.terminal.dispose()
    await settled()
    expect(slow.shells[0]?.isClosed).toBe(true)
  })

  test('attack: why it ended moves no cursor', async () => {
    const { shells, sized, settled, printed } = begun()
    await sized()
    shells[0]?.end({ type: 'exit', code: null, reason: 'no\u001b[2Jsuch\u0007 command' })
    await settled()
    expect(printed()).toContain('[It ended. nosuch‹U+0007› command')
  })
})
