import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../../kubernetes/fake.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { resources } from '../../kubernetes/resources.ts'
import { createRoom } from './room.ts'

const node = (name: string, allocatable: object, unschedulable = false): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { unschedulable }, status: { allocatable } },
})
const pod = (name: string, memory: string, phase = 'Running'): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'x' }, status: { phase } },
  spec: { nodeName: 'a', containers: [{ resources: { requests: { memory } } }] },
})

test('what is free is what the roomiest open node has left, counted when somebody asks and at most once a minute', async () => {
  const kubernetes = fakeKubernetes([
    [resources.nodes, node('a', { memory: '16Gi', cpu: '4' })],
    [resources.nodes, node('b', { memory: '8Gi', cpu: '8' })],
    [resources.nodes, node('closed', { memory: '64Gi' }, true)],
  ])
  const pods = [pod('p', '4Gi'), pod('q', '1536Mi'), pod('done', '9Gi', 'Succeeded')]
  const { pages } = kubernetes
  kubernetes.pages = (resource, ...rest) =>
    resource === resources.pods
      ? (async function* () {
          yield { items: pods, resourceVersion: '1' }
        })()
      : pages(resource, ...rest)
  let now = 0
  const room = createRoom({ kubernetes, onError: () => undefined, clock: () => now })
  const counted = () =>
    new Promise<string>((resolve) => {
      const end = room.onChange(({ namespace }) => {
        end()
        resolve(namespace)
      })
    })
  const first = counted()
  expect(room.free('karvdash-alice', 'memory')).toBeUndefined()
  expect(await first).toBe('karvdash-alice')
  expect(room.free('karvdash-alice', 'memory')).toBe('10.5Gi')
  expect(room.free('karvdash-bob', 'cpu')).toBe('8')
  const calls = kubernetes.calls.length
  now = 59_000
  room.free('karvdash-alice', 'memory')
  expect(kubernetes.calls).toHaveLength(calls)
  now = 61_000
  const second = counted()
  room.free('karvdash-bob', 'memory')
  expect(await second).toBe('karvdash-bob')
})
