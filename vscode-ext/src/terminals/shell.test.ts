import { describe, expect, test } from '@jest/globals'
import { Problem, type Terminal } from '@karvdash/common'
import { createShell, type ShellRequest } from './shell.ts'

/** A terminal, and shells behind it that do what the test says. */
function world({ refusal }: { refusal?: Problem } = {}) {
  const requests: ShellRequest[] = []
  const typed: string[] = []
  const sizes: number[] = []
  const exits: number[] = []
  let [shown, closes] = ['', 0]
  const terminal: Terminal = {
    pod: 'hello-1',
    container: 'web',
    type: (text) => void typed.push(String(text)),
    resize: ({ columns }) => void sizes.push(columns),
    close: () => void closes++,
  }
  const shell = createShell({
    async open(request) {
      requests.push(request)
      if (refusal) throw refusal
      return terminal
    },
    write: (text) => (shown += text),
    exit: (code) => void exits.push(code),
    sentenceOf: (failure) => (failure as Error).message,
  })
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  return { shell, requests, typed, sizes, exits, settled, shown: () => shown, closes: () => closes }
}
const size = { columns: 100, rows: 30 }

describe('a terminal', () => {
  test('has a shell of its size, shows what that prints and types into it, also what was typed before it was there', async () => {
    const { shell, requests, typed, sizes, settled, shown } = world()
    shell.begin(size)
    shell.type('l')
    await settled()
    shell.type('s\r')
    shell.resize({ columns: 120, rows: 40 })
    const smile = new TextEncoder().encode('🚀')
    requests[0]?.onOutput(smile.subarray(0, 2))
    requests[0]?.onOutput(smile.subarray(2))
    expect([requests[0]?.size, typed, sizes, shown()]).toEqual([size, ['l', 's\r'], [100, 120], '🚀'])
  })

  test('ends with the code of its program', async () => {
    const { shell, requests, exits, settled, shown } = world()
    shell.begin(size)
    await settled()
    requests[0]?.onEnd({ type: 'exit', code: 3, reason: '' })
    shell.type('x')
    expect([exits, requests.length, shown()]).toEqual([[3], 1, ''])
  })

  test.each(['at-once', 'on-request'] as const)(
    'that broke says so, and opens a new shell when a key is pressed (%s)',
    async (again) => {
      const { shell, requests, typed, settled, shown } = world()
      shell.begin(size)
      await settled()
      requests[0]?.onEnd({ type: 'break', reason: 'The connection was lost.', again })
      expect(shown()).toContain('[The connection was lost. Press any key to open a new shell.]')
      expect(requests.length).toBe(1)
      shell.type('x')
      await settled()
      expect(requests.length).toBe(2)
      // The key that opened it is not typed into it.
      expect(typed).toEqual([])
    },
  )

  test('whose service is gone opens none any more', async () => {
    const { shell, requests, settled, shown } = world()
    shell.begin(size)
    await settled()
    requests[0]?.onEnd({ type: 'break', reason: 'The service was deleted.', again: 'never' })
    shell.type('x')
    await settled()
    expect([requests.length, shown().includes('Press any key')]).toEqual([1, false])
  })

  test('that cannot be opened says why, and can be tried again', async () => {
    const { shell, requests, settled, shown } = world({
      refusal: new Problem(409, 'Conflict', { detail: 'Nothing runs in it.' }),
    })
    shell.begin(size)
    await settled()
    expect(shown()).toContain('[Nothing runs in it. Press any key')
    shell.type('x')
    expect(requests.length).toBe(2)
  })

  test('that is closed while its shell is opened leaves none behind', async () => {
    const { shell, requests, settled, closes, shown } = world()
    shell.begin(size)
    shell.close()
    await settled()
    expect([closes(), requests[0]?.signal.aborted, shown()]).toEqual([1, true, ''])
  })
})
