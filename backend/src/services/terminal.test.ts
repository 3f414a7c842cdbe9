import { describe, expect, test } from '@jest/globals'
import type { ExecEnd } from '../kubernetes/exec.ts'
import type { Screen } from './screen.ts'
import { type Objection, runTerminal, type Ticker } from './terminal.ts'

/** Something that is given piece by piece, and ends. */
function pipe<T>() {
  const held: T[] = []
  let isOver = false
  let wake: () => void = () => undefined
  const stir = () => wake()
  return {
    give(piece: T) {
      held.push(piece)
      stir()
    },
    end() {
      isOver = true
      stir()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = held.shift()
        if (next !== undefined) yield next
        else if (isOver) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function setUp() {
  const [typed, printed] = [pipe<{ data: Buffer; isBinary: boolean }>(), pipe<Buffer>()]
  const log: string[] = []
  const state: { now: number; objection: Objection | undefined; end: ExecEnd; tick: () => void } = {
    now: 0,
    objection: undefined,
    end: { code: 0, message: '', isBroken: false },
    tick: () => undefined,
  }
  const ticker: Ticker = {
    now: () => state.now,
    every(_, act) {
      state.tick = act
      return () => log.push('no more checks')
    },
  }
  const screen: Screen = {
    frames: typed,
    whenClosed: () => undefined,
    send: async (data) => void log.push(`screen ${data}`),
    close(code, reason) {
      log.push(`closed ${code} ${reason}`)
      typed.end()
    },
  }
  const shell = {
    output: printed,
    write: async (bytes: Buffer) => void log.push(`typed ${bytes}`),
    resize: async ({ columns, rows }: { columns: number; rows: number }) => void log.push(`size ${columns}x${rows}`),
    end: () => state.end,
    close() {
      log.push('hung up')
      printed.end()
    },
  }
  const bounds = { idleMs: 1_800_000, mostMs: 43_200_000, objection: async () => state.objection, ticker }
  const later = async (ms: number) => {
    state.now += ms
    state.tick()
    await settled()
  }
  return { typed, printed, log, state, later, run: () => runTerminal(screen, shell, bounds) }
}

const text = (value: unknown) => ({ data: Buffer.from(JSON.stringify(value)), isBinary: false })

describe('a terminal', () => {
  test('passes on what is typed and printed, and tells how its program ended', async () => {
    const { run, typed, printed, log, state } = setUp()
    const running = run()
    typed.give(text({ type: 'resize', columns: 80, rows: 24 }))
    typed.give({ data: Buffer.from('exit 3\r'), isBinary: true })
    printed.give(Buffer.from('bye'))
    await settled()
    state.end = { code: 3, message: '', isBroken: false }
    printed.end()
    await running
    expect(log.filter((line) => line !== 'hung up')).toEqual([
      'size 80x24',
      'screen bye',
      'typed exit 3\r',
      'screen {"type":"exit","code":3,"reason":""}',
      'closed 1000 The program ended.',
      'no more checks',
    ])
  })

  test('hangs up when whoever looks at it goes', async () => {
    const { run, typed, log } = setUp()
    const running = run()
    typed.end()
    await running
    expect(log).toContain('hung up')
  })

  test('ends when nothing is typed or printed for too long, and not before', async () => {
    const { run, typed, printed, log, later } = setUp()
    const running = run()
    await later(1_799_999)
    typed.give({ data: Buffer.from('x'), isBinary: true })
    await settled()
    await later(1_799_999)
    printed.give(Buffer.from('y'))
    await settled()
    await later(1_799_999)
    expect(log).not.toContain('hung up')
    await later(1)
    await running
    expect(log).toContain('closed 4002 Nothing happened in it for 30 min.')
  })

  test('ends after its longest time, however much it is used', async () => {
    const { run, printed, log, later } = setUp()
    const running = run()
    for (let hour = 0; hour < 48; hour++) {
      printed.give(Buffer.from('.'))
      await settled()
      await later(900_000)
    }
    await running
    expect(log).toContain('closed 4003 A terminal is open for 12 h at most.')
  })

  test('ends when a right does', async () => {
    const { run, log, later, state } = setUp()
    const running = run()
    await later(1000)
    expect(log).toEqual([])
    state.objection = { code: 4001, reason: 'Sign in again.' }
    await later(1000)
    await running
    expect(log).toContain('closed 4001 Sign in again.')
  })

  test('tells where the connection to the container broke, since its program may run still', async () => {
    const { run, printed, log, state } = setUp()
    const running = run()
    state.end = { code: undefined, message: 'It broke.', isBroken: true }
    printed.end()
    await running
    expect(log).toContain('closed 4005 It broke.')
  })

  test.each([
    ['no JSON', '{'],
    ['another command', '{"type":"exec"}'],
    ['no size', '{"type":"resize","columns":0,"rows":24}'],
    ['too much', '{"type":"resize","columns":80,"rows":24,"more":1}'],
  ])('attack: a text that is %s closes it', async (_, data) => {
    const { run, typed, log } = setUp()
    const running = run()
    typed.give({ data: Buffer.from(data), isBinary: false })
    await running
    expect(log.some((line) => line.startsWith('closed 1007'))).toBe(true)
  })
})
