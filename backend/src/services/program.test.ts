import { describe, expect, test } from '@jest/globals'
import type { ExecEnd, ExecTarget, Shell } from '../kubernetes/exec.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { startProgram } from './program.ts'

const place = { namespace: 'karvdash-alice', pod: 'a', container: 'main' }
const fine: ExecEnd = { code: 0, message: '', isBroken: false }
const missing: ExecEnd = { code: undefined, message: 'exec: "x": stat x: no such file or directory', isBroken: false }

/** A cluster where each program that is started prints these pieces and ends so. */
function setUp(...programs: { prints: string[]; end: ExecEnd }[]) {
  const kubernetes = fakeKubernetes()
  const started: ExecTarget[] = []
  const sizes: number[] = []
  kubernetes.shell = (target): Shell => {
    started.push(target)
    const { prints, end } = programs.shift() ?? { prints: [], end: fine }
    return {
      output: (async function* () {
        for (const piece of prints) yield Buffer.from(piece)
      })(),
      write: async () => undefined,
      resize: async ({ columns }) => void sizes.push(columns),
      end: () => end,
      close: () => undefined,
    }
  }
  return { kubernetes, started, sizes }
}

async function textOf({ output }: Shell): Promise<string> {
  let text = ''
  for await (const piece of output) text += piece
  return text
}

describe('a program', () => {
  test('has its output told without the line that announces it', async () => {
    for (const prints of [['12\r\nhello'], ['1', '2\r', '\nhel', 'lo']]) {
      const { kubernetes } = setUp({ prints, end: fine })
      expect(await textOf(await startProgram(kubernetes, { ...place, command: undefined }))).toBe('hello')
    }
  })

  test('is hung up on when its terminal is closed, and not when it ended by itself', async () => {
    const { kubernetes, started } = setUp({ prints: ['12\r\n', 'more'], end: fine }, { prints: ['34\r\n'], end: fine })
    const open = await startProgram(kubernetes, { ...place, command: undefined })
    for await (const _ of open.output) break
    open.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(started.at(-1)?.command).toEqual(['/bin/sh', '-c', 'kill -HUP "$0"', '12'])
    const ended = await startProgram(kubernetes, { ...place, command: undefined })
    await textOf(ended)
    ended.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(started).toHaveLength(3)
  })

  test('is started without a shell where the container has none, as large as the terminal is by then', async () => {
    const { kubernetes, started, sizes } = setUp({ prints: [], end: missing }, { prints: ['as it is\n'], end: fine })
    const program = await startProgram(kubernetes, { ...place, command: ['tool', 'a b'] })
    await program.resize({ columns: 100, rows: 30 })
    expect(await textOf(program)).toBe('as it is\n')
    expect(started.map(({ command }) => command)).toEqual([
      ['/bin/sh', '-c', 'echo $$; exec "$@"', '/bin/sh', 'tool', 'a b'],
      ['tool', 'a b'],
    ])
    expect(sizes).toEqual([100, 100])
  })

  test.each([
    ['a shell that is not there', undefined, 'This container has no shell. Give a command that is in its image.'],
    ['a program that is not there', ['x\u001b[2J'], 'There is no program "x [2J" in this container.'],
  ])('says what to do about %s', async (_, command, message) => {
    const { kubernetes } = setUp({ prints: [], end: missing }, { prints: [], end: missing })
    const program = await startProgram(kubernetes, { ...place, command })
    expect(await textOf(program)).toBe('')
    expect(program.end()).toMatchObject({ code: undefined, message })
  })

  test('attack: a shell of the tenant’s own that announces nothing, or something else, shows what it prints', async () => {
    for (const prints of ['x'.repeat(100), '-1\n', '1; rm -rf /\n', '99999999999\n', '\n']) {
      const { kubernetes, started } = setUp({ prints: [prints], end: { ...fine, isBroken: true } })
      const program = await startProgram(kubernetes, { ...place, command: undefined })
      await textOf(program)
      program.close()
      expect(started).toHaveLength(1)
    }
  })
})
