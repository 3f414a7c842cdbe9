import { describe, expect, test } from '@jest/globals'
import { KubeError } from '../../kubernetes/errors.ts'
import { fakeKubernetes } from '../../kubernetes/fake.ts'
import { createCrashLogs, tidied } from './crash-logs.ts'

const crashed = { pod: 'p', uid: 'u', container: 'main', restarts: 2, isPrevious: true }
const namespace = 'karvdash-alice'

function setUp(clock = { now: 0 }) {
  const kubernetes = fakeKubernetes()
  kubernetes.streamed = async function* () {
    yield Buffer.from('one\ntwo\n')
  }
  const logs = createCrashLogs({ kubernetes, clock: () => clock.now })
  const heard: string[] = []
  logs.onChange(({ namespace: where }) => heard.push(where))
  return { kubernetes, logs, heard, clock }
}

describe('the last lines of a container that crashed', () => {
  test('are read when somebody looks, once for each time that it ended, and whoever listens is told', async () => {
    const { kubernetes, logs, heard } = setUp()
    expect(logs.linesOf(namespace, crashed)).toBeUndefined()
    expect(logs.linesOf(namespace, crashed)).toBeUndefined()
    expect(await logs.read(namespace, crashed)).toEqual(['one', 'two'])
    expect(logs.linesOf(namespace, crashed)).toEqual(['one', 'two'])
    // It is the same end, seen before it waited to be started again.
    expect(logs.linesOf(namespace, { ...crashed, isPrevious: false })).toEqual(['one', 'two'])
    expect(heard).toEqual([namespace])
    expect(kubernetes.calls).toEqual([
      'stream /api/v1/namespaces/karvdash-alice/pods/p/log?container=main&tailLines=20&limitBytes=65536&previous=true',
    ])
    await logs.read(namespace, { ...crashed, restarts: 3 })
    expect(kubernetes.calls).toHaveLength(2)
  })

  test.each([
    ['cannot be read', () => Promise.reject(new KubeError(500, undefined, 'the log'))],
    ['are not there yet', async function* () {}],
  ])('that %s are none, and are asked for again after ten seconds', async (_, streamed) => {
    const { kubernetes, logs, clock } = setUp()
    const before = kubernetes.readStream
    kubernetes.readStream = async () => streamed()
    expect(await logs.read(namespace, crashed)).toEqual([])
    kubernetes.readStream = before
    clock.now = 9_999
    expect(logs.linesOf(namespace, crashed)).toEqual([])
    clock.now = 10_000
    expect(await logs.read(namespace, crashed)).toEqual(['one', 'two'])
  })

  test.each([
    ['nothing', '', []],
    ['lines', 'a\n\tb\n\nc\n', ['a', '\tb', '', 'c']],
    ['colours and bells', '\u001b[31mred\u0007\r\n', ['[31mred']],
    ['many lines', Array.from({ length: 100 }, (_, n) => `${n}`).join('\n'), Array.from({ length: 20 }, (_, n) => `${n + 80}`)],
  ])('of %s are tidied', (_, printed, lines) => {
    expect(tidied(Buffer.from(printed))).toEqual(lines)
  })

  test('attack: a line of a megabyte is cut to its last 4 KiB', () => {
    expect(tidied(Buffer.alloc(1_000_000, 'x')).join('\n').length).toBeLessThanOrEqual(4096)
  })
})
