import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createUseOnce, sweepUsed } from './once.ts'

test('of many who use one thing at the same moment, on whichever replica, just one may', async () => {
  const kubernetes = fakeKubernetes()
  const replicas = [1, 2, 3].map(() => createUseOnce({ kubernetes, namespace: 'karvdash' }))
  const outcomes = await Promise.all(replicas.flatMap((use) => [use('a'), use('a')]))
  expect(outcomes.filter((isFirst) => isFirst)).toHaveLength(1)
  expect(await replicas[0]?.('b')).toBe(true)
})

test('what was used once is forgotten when a replay is refused by its age anyhow, and not before', async () => {
  const kubernetes = fakeKubernetes()
  const write = async (name: string, createdAt: number) => {
    const labels = { 'karvdash.io/holds': 'once' }
    const metadata = { name, namespace: 'karvdash', labels, creationTimestamp: new Date(createdAt).toISOString() }
    await kubernetes.create(resources.secrets, { apiVersion: 'v1', kind: 'Secret', metadata })
  }
  await write('once.old', 0)
  await write('once.young', 1_000)
  await sweepUsed(kubernetes, 'karvdash', () => 600_001)
  expect([...kubernetes.stored.values()].map(({ metadata }) => metadata.name)).toEqual(['once.young'])
})
