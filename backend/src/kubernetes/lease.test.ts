import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from './fake.ts'
import { type Lease, standForLease } from './lease.ts'
import { resources } from './resources.ts'

const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
}
const path = '/apis/coordination.k8s.io/v1/namespaces/karvdash/leases/reconciler'
const stored = (holderIdentity: string, renewTime?: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'reconciler', namespace: 'karvdash' },
  spec: { holderIdentity, leaseDurationSeconds: 15, ...(renewTime !== undefined && { renewTime }) },
})
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()

async function stand(
  kubernetes: ReturnType<typeof fakeKubernetes>,
  holder: string,
): Promise<{ lease: Lease; held: () => number }> {
  let count = 0
  const onHeld = () => {
    count += 1
  }
  const lease = standForLease({ kubernetes, namespace: 'karvdash', name: 'reconciler', holder, onHeld })
  await turns()
  return { lease, held: () => count }
}

describe('a lease', () => {
  test('that nobody holds is made, and its holder is told', async () => {
    const kubernetes = fakeKubernetes()
    const { lease, held } = await stand(kubernetes, 'one')
    expect([lease.isHeld(), held()]).toEqual([true, 1])
    expect(kubernetes.stored.get(path)?.['spec']).toMatchObject({ holderIdentity: 'one' })
    await lease.release()
  })

  test.each([
    ['that another holds is left to it', stored('other', ago(1000)), false],
    ['that another let run out is taken', stored('other', ago(16_000)), true],
    ['that another gave up is taken', stored('', ago(0)), true],
    ['that is our own from before a restart is taken', stored('one', ago(0)), true],
    ['whose time is missing is taken', stored('other'), true],
    ['whose time cannot be read is taken', stored('other', 'yesterday'), true],
  ])('%s', async (_, before, isTaken) => {
    const { lease, held } = await stand(fakeKubernetes([[resources.leases, before]]), 'one')
    expect([lease.isHeld(), held()]).toEqual(isTaken ? [true, 1] : [false, 0])
    await lease.release()
  })

  test('that two want at the same moment is held by one of them', async () => {
    const kubernetes = fakeKubernetes([[resources.leases, stored('', ago(0))]])
    const both = await Promise.all([stand(kubernetes, 'one'), stand(kubernetes, 'two')])
    expect(both.filter(({ lease }) => lease.isHeld())).toHaveLength(1)
    await Promise.all(both.map(({ lease }) => lease.release()))
  })

  test('that is given up can be taken at once', async () => {
    const kubernetes = fakeKubernetes()
    const { lease } = await stand(kubernetes, 'one')
    await lease.release()
    expect(lease.isHeld()).toBe(false)
    const next = await stand(kubernetes, 'two')
    expect(next.lease.isHeld()).toBe(true)
    await next.lease.release()
  })

  test('is given up without the API server, too', async () => {
    const kubernetes = fakeKubernetes()
    const { lease } = await stand(kubernetes, 'one')
    kubernetes.before = () => {
      throw new Error('away')
    }
    await lease.release()
    expect(lease.isHeld()).toBe(false)
  })

  test('is not held by who could not write it', async () => {
    const kubernetes = fakeKubernetes()
    kubernetes.before = (call) => {
      if (call.startsWith('create')) throw new Error('away')
    }
    const { lease, held } = await stand(kubernetes, 'one')
    expect([lease.isHeld(), held()]).toEqual([false, 0])
    await lease.release()
  })
})
