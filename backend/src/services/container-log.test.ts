import { expect, test } from '@jest/globals'
import { KubeError } from '../kubernetes/errors.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { followContainer } from './container-log.ts'

const one = { pod: 'a', podUid: 'u', container: 'main', id: 'x', isRunning: true, isInit: false, hasPrevious: false }
const at = (ns: number) => `2026-01-01T00:00:01.00000000${ns}Z`

/** Each answer is what one connection brings; an error breaks it then. */
function setUp(answers: (string | Error)[][]) {
  const kubernetes = fakeKubernetes()
  const queries: (string | undefined)[] = []
  kubernetes.streamed = async function* (_path, { sinceTime }) {
    queries.push(sinceTime)
    for (const piece of answers.shift() ?? []) {
      if (piece instanceof Error) throw piece
      yield Buffer.from(piece)
    }
  }
  let left = answers.length
  const waits: number[] = []
  const ports = {
    ...{ kubernetes, namespace: 'karvdash-alice', signal: new AbortController().signal },
    isRunning: () => --left > 0,
    wait: async (ms: number) => void waits.push(ms),
  }
  const run = async () => {
    const told: string[] = []
    for await (const items of followContainer(ports, one, {}))
      told.push(...items.map((item) => (item.type === 'line' ? item.text : item.type)))
    return told
  }
  return { run, queries, waits }
}

test('a connection that breaks is taken up again: no line twice, none left out, also where many have one time', async () => {
  const { run, queries } = setUp([
    [`${at(1)} a\n${at(2)} b\n${at(2)} c\n`, `${at(2)} hal`, new Error('cut')],
    [`${at(1)} a\n${at(2)} b\n${at(2)} c\n${at(2)} half\n${at(3)} d\n`],
  ])
  expect(await run()).toEqual(['began', 'a', 'b', 'c', 'half', 'd', 'ended'])
  expect(queries).toEqual([undefined, '2026-01-01T00:00:01Z'])
})

test('one that the API server refuses for ever is not asked for again', async () => {
  const { run, queries } = setUp([[new KubeError(403, undefined, 'log')], [], []])
  expect(await run()).toEqual(['began', 'ended'])
  expect(queries).toHaveLength(1)
})

test('what was printed until it ended is told', async () => {
  const { run } = setUp([[`${at(1)} a\n`], [`${at(1)} a\n${at(2)} the end\n`]])
  expect(await run()).toEqual(['began', 'a', 'the end', 'ended'])
})
