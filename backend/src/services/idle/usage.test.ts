import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../../kubernetes/fake.ts'
import { createMeasured, rateBetween, sampleOf } from './usage.ts'

test('metrics.k8s.io is read as it is aggregated, and where it is not there nothing is', async () => {
  const items = [
    {
      metadata: { name: 'lab-1' },
      containers: [{ name: 'a', usage: { cpu: '12345678n', memory: '1Ki' } }, { usage: { cpu: '3m' } }],
    },
  ]
  const read = async (path: string) =>
    path === '/apis/metrics.k8s.io/v1beta1/namespaces/karvdash-alice/pods' ? { kind: 'PodMetricsList', items } : undefined
  const measured = createMeasured({ warn: () => undefined })
  expect(await measured({ ...fakeKubernetes(), read }, 'karvdash-alice')).toEqual(new Map([['lab-1', 15_345_678]]))
  expect(await measured(fakeKubernetes(), 'karvdash-alice')).toBeUndefined()
})

test('metrics.k8s.io that does not answer, or strangely, tells of no pod, and the log says so once', async () => {
  const told: unknown[] = []
  const measured = createMeasured({ warn: (...words: unknown[]) => void told.push(words) })
  const away = { ...fakeKubernetes(), read: () => Promise.reject(new Error('503')) }
  const strange = { ...fakeKubernetes(), read: async () => ({ items: 'none' }) }
  for (const one of [away, strange, away]) expect(await measured(one, 'karvdash-alice')).toEqual(new Map())
  expect(told).toHaveLength(1)
  await measured(fakeKubernetes(), 'karvdash-alice')
  await measured(away, 'karvdash-alice')
  expect(told).toHaveLength(2)
})

test('what containers used is told by two looks', () => {
  expect(sampleOf('usage_usec 5000\nuser_usec 1\n', 10)).toEqual({ usedUs: 5000, at: 10 })
  expect(sampleOf('cat: cpu.stat: No such file or directory\n5000000\n', 10)).toEqual({ usedUs: 5000, at: 10 })
  expect(sampleOf('cat: /sys/fs/cgroup/cpu.stat: No such file or directory', 10)).toBeUndefined()
  const [before, now] = [sampleOf('usage_usec 1000', 0), sampleOf('usage_usec 51000', 1000)]
  if (!before || !now) throw new Error('no samples')
  // 50 ms of a processor in a second are 50m.
  expect(rateBetween(new Map([['a', before]]), new Map([['a', now]]))).toBe(50_000_000)
  expect(rateBetween(new Map(), new Map([['a', now]]))).toBeUndefined()
})
