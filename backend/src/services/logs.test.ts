import { describe, expect, test } from '@jest/globals'
import type { LogEvent } from '@karvdash/common'
import { KubeError } from '../kubernetes/errors.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { createStore, type Held } from '../kubernetes/store.ts'
import { createLogs } from './logs.ts'
import { type LivePod, readPod } from './status/pod.ts'

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`
const namespace = 'karvdash-alice'

interface PodOptions {
  service?: string
  namespace?: string
  state?: object
  lastState?: object
  id?: string
}

function pod(name: string, options: PodOptions = {}): KubeObject {
  const { service = 'web', state = { running: {} }, lastState = {}, id = `contaainerd://${name}-1` } = options
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, namespace: options.namespace ?? namespace, labels: { 'karvdash.io/service': service } },
    spec: { containers: [{ name: 'main' }] },
    status: { containerStatuses: [{ name: 'main', containerID: id, state, lastState }] },
  }
}

const record: KubeObject = {
  apiVersion: 'karvdash.io/v1',
  kind: 'ServiceRecord',
  metadata: { name: 'web', namespace, uid: 'r', creationTimestamp: at(0) },
  spec: { template: { id: 'hello' } },
}

const live = (object: KubeObject): LivePod => {
  const read = readPod(object)
  if (!read) throw new Error('It is no pod.')
  return read
}

/** What each pod prints, line by line. */
function setUp(pods: KubeObject[], printed: Record<string, string[]>) {
  const kubernetes = fakeKubernetes()
  kubernetes.streamed = async function* (path) {
    const name = path.split('/').at(-2) ?? ''
    if (!printed[name]) throw new KubeError(400, undefined, path)
    for (const line of printed[name]) yield Buffer.from(`${line}\n`)
  }
  const caches = { records: storeOf([record]), pods: storeOf(pods.map(live)) }
  const logs = createLogs({
    kubernetes,
    caches,
    services: { get: async () => ({}) as never, entryOf: () => undefined },
    hold: () => () => undefined,
  })
  const gone = new AbortController()
  const asked = { service: 'web', signal: gone.signal, lastEventId: undefined }
  const all = { previous: false }
  return { kubernetes, caches, logs, gone, asked, all }
}

/** A cache that nothing comes to by itself. */
function storeOf<T extends Held>(objects: T[]) {
  const store = createStore<T>()
  store.become(objects)
  return { ...store, caughtUp: async () => undefined, heardAt: () => 0, stop: () => undefined }
}

async function allOf(events: AsyncIterable<LogEvent>): Promise<LogEvent[]> {
  const all: LogEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

const linesIn = (events: LogEvent[]) =>
  events.flatMap((event) => (event.type === 'lines' ? event.lines.map(({ pod: of, text }) => `${of} ${text}`) : []))

describe('logs', () => {
  test('of all pods of the service come in order of time, with their names', async () => {
    const { logs, asked, all } = setUp([pod('a'), pod('b')], {
      a: [`${at(1)} one`, `${at(3)} three`],
      b: [`${at(2)} two`],
    })
    const events = await allOf(await logs.events('alice', { ...asked, query: { ...all, follow: false } }))
    expect(linesIn(events)).toEqual(['a one', 'b two', 'a three'])
    expect(events.at(-1)).toMatchObject({ type: 'lines', id: at(3) })
  })

  test('are downloaded as lines with time, pod and container', async () => {
    const { logs, asked, all } = setUp([pod('a')], { a: [`${at(1)} one`, `${at(2)} two`] })
    const text = (await (await logs.download('alice', { ...asked, query: all })).toArray()).join('')
    expect(text).toBe(`${at(1)} a/main one\n${at(2)} a/main two\n`)
  })

  test('a download that breaks off fails: nobody takes a part for the whole', async () => {
    const { logs, asked, all, kubernetes } = setUp([pod('a')], {})
    kubernetes.streamed = async function* () {
      yield Buffer.from(`${at(1)} one\n`)
      throw new Error('cut')
    }
    await expect((await logs.download('alice', { ...asked, query: all })).toArray()).rejects.toThrow('cut')
  })

  test('are asked for as they are wanted', async () => {
    const { logs, asked, kubernetes } = setUp([pod('a', { lastState: { terminated: {} } })], { a: [] })
    const query = { previous: true, sinceSeconds: 60, tailLines: 5, pod: 'a', container: 'main', follow: false }
    await allOf(await logs.events('alice', { ...asked, query }))
    expect(kubernetes.calls).toEqual([
      'stream /api/v1/namespaces/karvdash-alice/pods/a/log?container=main&timestamps=true&previous=true&sinceSeconds=60&tailLines=5',
    ])
  })

  test('go on a little before the last event, and refuse what is no id of theirs', async () => {
    const { logs, asked, all, kubernetes } = setUp([pod('a')], { a: [`${at(7)} old`, `${at(9)} new`] })
    const query = { ...all, follow: false }
    const events = await allOf(await logs.events('alice', { ...asked, query, lastEventId: at(10) }))
    expect(kubernetes.calls[0]).toContain('sinceTime=2026-01-01T00:00:08Z')
    expect(events).toMatchObject([{ type: 'lines', id: at(10), lines: [{ text: 'new' }] }])
    for (const lastEventId of ['x', '2026-99-01T00:00:08.000000000Z'])
      await expect(logs.events('alice', { ...asked, query, lastEventId })).rejects.toMatchObject({ status: 400 })
  })

  test('that are followed tell of pods that come and go, and end with the service', async () => {
    const { logs, asked, all, caches, kubernetes } = setUp([pod('a', { state: { terminated: {} } })], {
      a: [`${at(1)} one`],
      b: [],
    })
    const events: LogEvent[] = []
    for await (const event of await logs.events('alice', { ...asked, query: { ...all, follow: true } })) {
      events.push(event)
      if (event.type !== 'ended') continue
      if (event.pod === 'a') caches.pods.put(live(pod('b', { state: { terminated: {} } })))
      else caches.records.drop(record)
    }
    const named = (name: string) => ({ pod: name, container: 'main', run: `ainerd://${name}-1`.slice(-12) })
    expect(events).toEqual([
      { type: 'began', ...named('a') },
      { type: 'lines', id: at(1), lines: [{ pod: 'a', container: 'main', at: at(1), text: 'one' }] },
      { type: 'ended', ...named('a') },
      { type: 'began', ...named('b') },
      { type: 'ended', ...named('b') },
    ])
    expect(kubernetes.calls).toHaveLength(2)
  })

  test('attack: only pods that carry the label of the service, in the own namespace, are read', async () => {
    const pods = [pod('a', { service: 'other' }), pod('b', { namespace: 'karvdash-bob' }), pod('c')]
    const { logs, asked, all, kubernetes } = setUp(pods, { a: [], b: [], c: [] })
    await allOf(await logs.events('alice', { ...asked, query: { ...all, follow: false } }))
    expect(kubernetes.calls).toEqual([expect.stringContaining('/karvdash-alice/pods/c/log')])
    for (const name of ['a', 'b'])
      await expect(logs.download('alice', { ...asked, query: { ...all, pod: name } })).rejects.toMatchObject({ status: 404 })
  })

  test('attack: more streams than anybody needs are refused until one is closed', async () => {
    const { logs, asked, all, gone } = setUp([pod('a')], { a: [] })
    for (let n = 0; n < 16; n++) await logs.download('alice', { ...asked, query: all })
    const another = { ...asked, signal: new AbortController().signal, query: all }
    await expect(logs.download('alice', another)).rejects.toMatchObject({ status: 429 })
    await logs.download('bob', another)
    gone.abort()
    await logs.download('alice', another)
  })

  test('attack: a service of more containers than can be read at once is refused, with what to do', async () => {
    const { logs, asked, all } = setUp(
      Array.from({ length: 51 }, (_, n) => pod(`p${n}`)),
      {},
    )
    await expect(logs.download('alice', { ...asked, query: all })).rejects.toMatchObject({ status: 409 })
  })
})
