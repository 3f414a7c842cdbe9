import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { resourcesOf } from '../users/quotas.ts'
import { createFindMisfit, refuseMisfit } from './fit.ts'

const namespace = 'karvdash-alice'
const bounds = {
  quota: {},
  limits: { default: {}, defaultRequest: {} },
  network: { ingressNamespaces: [], ingressCidrs: [], blockedCidrs: [], allowedCidrs: [] },
}

async function quotas(...parts: { hard: Record<string, string>; used: Record<string, string> }[]) {
  const kubernetes = fakeKubernetes()
  const names = ['karvdash', 'karvdash-objects', 'tight']
  for (const [index, { hard, used }] of parts.entries()) {
    const metadata = { name: names[index] ?? '', namespace }
    await kubernetes.create(resources.quotas, {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata },
      spec: { hard },
      status: { hard, used },
    })
  }
  return kubernetes
}
const pod = (memory: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x' },
  spec: { containers: [{ resources: { limits: { memory } } }] },
})
const asking = async (kubernetes: Awaited<ReturnType<typeof quotas>>, ...objects: KubeObject[]) =>
  createFindMisfit({ kubernetes, config: { bounds } })({ namespace, objects })

describe('a launch that does not fit into the quota', () => {
  test('is refused in words, with the amounts', async () => {
    const kubernetes = await quotas({ hard: { 'limits.memory': '8Gi' }, used: { 'limits.memory': '5Gi' } })
    const misfit = await asking(kubernetes, pod('9Gi'))
    expect(misfit?.detail).toBe('This asks for 9Gi of memory; your quota is 8Gi, of which 3Gi are free.')
    expect(() => refuseMisfit(misfit)).toThrow(
      expect.objectContaining({
        status: 409,
        extra: { code: 'quota', resource: 'memory', asked: '9Gi', limit: '8Gi', free: '3Gi' },
      }),
    )
    expect(await asking(kubernetes, pod('3Gi'))).toBeUndefined()
  })

  test.each([
    [{ pods: '3' }, { pods: '3' }, 'This asks for 1 pod; your quota is 3, of which nothing is free.'],
    [{ 'count/pods': '3' }, { 'count/pods': '3' }, 'This asks for 1 pod; your quota is 3, of which nothing is free.'],
    [{ secrets: '2' }, { secrets: '5' }, 'This asks for 1 Secret; your quota is 2, of which nothing is free.'],
    [
      { 'requests.memory': '1Gi' },
      { 'requests.memory': '1000Mi' },
      'This asks for 2Gi of memory; your quota is 1Gi, of which 24Mi are free.',
    ],
  ])('is told by whatever line it is of: %j', async (hard, used, detail) => {
    expect((await asking(await quotas({ hard, used }), pod('2Gi')))?.detail).toBe(detail)
  })

  test('is let through where it asks for nothing of what is used up, and where nothing was counted yet', async () => {
    expect(await asking(await quotas({ hard: { services: '1' }, used: { services: '1' } }), pod('2Gi'))).toBeUndefined()
    expect(await asking(await quotas({ hard: { pods: '0' }, used: {} }), pod('2Gi'))).toBeUndefined()
  })
})

test('the gauges of a user are what both quotas count, GPUs behind memory', async () => {
  const hard = { 'requests.cpu': '4', 'limits.memory': '8Gi', 'requests.memory': '4Gi', 'requests.nvidia.com/gpu': '2' }
  const used = { 'requests.cpu': '1500m', 'limits.memory': '9Gi', 'requests.memory': '1Gi', 'requests.nvidia.com/gpu': '0' }
  const kubernetes = await quotas({ hard, used }, { hard: { secrets: '1k' }, used: { secrets: '7' } })
  expect(await resourcesOf(kubernetes, namespace)).toEqual([
    { resource: 'cpu', label: 'Processors', used: '1500m', limit: '4', free: '2500m' },
    { resource: 'memory', label: 'Memory', used: '9Gi', limit: '8Gi', free: '0' },
    { resource: 'gpu', label: 'GPUs (nvidia.com/gpu)', used: '0', limit: '2', free: '2' },
    { resource: 'secrets', label: 'Secrets', used: '7', limit: '1000', free: '993' },
  ])
})
