import { describe, expect, test } from '@jest/globals'
import { ConnectionError, KubeError } from '../kubernetes/errors.ts'
import { type FakeKubernetes, fakeKubernetes } from '../kubernetes/fake.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { createFinisher, StillLaunching } from './reconcile.ts'
import { recordObject } from './recorded.ts'
import { secretsObject } from './secrets.ts'

const namespace = 'karvdash-alice'
const at = (name: string, kind: string): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name, namespace } })
const objects = [at('d', 'Deployment'), at('c', 'ConfigMap'), at('s', 'Secret')]
const draft = { name: 'lab', namespace, template: 'lab', digest: 'd', values: {}, path: undefined, objects }
const record = recordObject(draft)
const secret = secretsObject(
  { ...record, metadata: { ...record.metadata, uid: 'u' } },
  { ...draft, secret: 'x', passwords: {}, authorization: undefined },
)
const recordSpec = record['spec'] as object
const path = `/apis/karvdash.io/v1/namespaces/${namespace}/servicerecords/lab`

/** A record that was written at the beginning of time, and what came of it. */
function setUp({ isWhole = true, now = 3_000, change = {} }: { isWhole?: boolean; now?: number; change?: object } = {}) {
  const kubernetes = fakeKubernetes([[resources.serviceRecords, { ...record, ...change }]])
  if (isWhole) void kubernetes.create(resources.secrets, secret)
  const discover = async (apiVersion: string, kind: string) => ({
    apiVersion,
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  })
  const { reconcile } = createFinisher({
    ...{ kubernetes, discover, clock: () => now },
    statusOf: () => ({ state: 'Running', reason: '' }),
  })
  return { kubernetes, reconcile: () => reconcile(`${namespace}/lab`) }
}
const statusIn = (kubernetes: FakeKubernetes) => kubernetes.stored.get(path)?.['status']
const applied = (kubernetes: FakeKubernetes) =>
  kubernetes.calls.filter((call) => call.startsWith('apply')).map((call) => call.split('/').at(-1))

describe('a launch that was recorded', () => {
  test('is applied as the user, in the name of the launch, what makes pods last', async () => {
    const { kubernetes, reconcile } = setUp()
    await reconcile()
    expect(applied(kubernetes)).toEqual(['s', 'c', 'd'])
    expect(kubernetes.identities).toEqual(Array(3).fill({ namespace, launch: 'lab' }))
    expect(statusIn(kubernetes)).toEqual({ phase: 'Applied', message: '', revision: 1 })
    for (const [, object] of kubernetes.stored)
      if (object.metadata.name === 'c') expect(object.metadata.ownerReferences).toHaveLength(1)
  })

  test('is not applied twice', async () => {
    const { kubernetes, reconcile } = setUp()
    await reconcile()
    await reconcile()
    expect(applied(kubernetes)).toHaveLength(3)
  })

  test('moments ago is left to the replica that recorded it', async () => {
    const { kubernetes, reconcile } = setUp({ now: 2_999 })
    await expect(reconcile()).rejects.toThrow(StillLaunching)
    expect(applied(kubernetes)).toEqual([])
  })

  test('without its Secret is given half a minute, and is then said to have been interrupted', async () => {
    const early = setUp({ isWhole: false, now: 29_999 })
    await expect(early.reconcile()).rejects.toThrow(StillLaunching)
    expect(statusIn(early.kubernetes)).toBeUndefined()
    const late = setUp({ isWhole: false, now: 30_000 })
    await late.reconcile()
    expect(statusIn(late.kubernetes)).toEqual({
      phase: 'Failed',
      message: expect.stringMatching(/interrupted.*launch it again/),
      revision: 1,
    })
    expect(applied(late.kubernetes)).toEqual([])
  })

  test('that the cluster refuses failed, with its words', async () => {
    const { kubernetes, reconcile } = setUp()
    kubernetes.before = (call) => {
      if (call.endsWith('/c') && call.startsWith('apply'))
        throw new KubeError(403, { message: 'configmaps "c" is forbidden' }, 'PATCH')
    }
    await reconcile()
    expect(statusIn(kubernetes)).toEqual({
      phase: 'Failed',
      message: 'The cluster refuses it: configmaps "c" is forbidden',
      revision: 1,
    })
    expect(applied(kubernetes)).not.toContain('d')
  })

  test('is tried again when the API server was away, at whatever step, and did not fail', async () => {
    for (const step of ['get', 'apply', 'patch']) {
      const { kubernetes, reconcile } = setUp()
      kubernetes.before = (call) => {
        if (call.startsWith(step)) throw new ConnectionError(call, new Error('refused'))
      }
      await expect(reconcile()).rejects.toThrow('no answer')
      expect(statusIn(kubernetes)).toBeUndefined()
      kubernetes.before = () => undefined
      await reconcile()
      expect(statusIn(kubernetes)).toEqual({ phase: 'Applied', message: '', revision: 1 })
    }
  })

  test('that was deleted meanwhile is nobody’s business any more', async () => {
    const { kubernetes, reconcile } = setUp()
    kubernetes.before = (call) => {
      if (call.startsWith('patch')) kubernetes.stored.delete(path)
    }
    await reconcile()
    await reconcile()
  })

  test.each([
    ['is being deleted', { metadata: { ...record.metadata, deletionTimestamp: 'now' } }],
    ['was applied', { status: { phase: 'Applied' } }],
    ['failed', { status: { phase: 'Failed' } }],
    ['is no record', { spec: {} }],
  ])('and %s is left alone', async (_, change) => {
    const { kubernetes, reconcile } = setUp({ change })
    await reconcile()
    expect(kubernetes.calls.filter((call) => !/^(get|create)/.test(call))).toEqual([])
  })

  test('and is to be stopped loses what makes pods, as the user, and keeps the rest; resumed, it is applied again', async () => {
    const { kubernetes, reconcile } = setUp()
    await reconcile()
    await kubernetes.patch(resources.serviceRecords, { namespace, name: 'lab' }, { spec: { ...recordSpec, stopped: true } })
    await reconcile()
    const names = [...kubernetes.stored.values()].map(({ metadata: { name } }) => name)
    expect(names).toEqual(expect.arrayContaining(['s', 'c']))
    expect(names).not.toContain('d')
    expect(statusIn(kubernetes)).toEqual({ phase: 'Stopped', message: '' })
    const calls = kubernetes.calls.length
    await reconcile()
    expect(kubernetes.calls.slice(calls).filter((call) => !call.startsWith('get'))).toEqual([])
    await kubernetes.patch(resources.serviceRecords, { namespace, name: 'lab' }, { spec: { ...recordSpec, stopped: false } })
    await reconcile()
    expect(statusIn(kubernetes)).toEqual({ phase: 'Applied', message: '', revision: 1 })
    expect([...kubernetes.stored.values()].map(({ metadata: { name } }) => name)).toContain('d')
  })

  test('and holds what the platform did not write failed', async () => {
    const { kubernetes, reconcile } = setUp({ change: { spec: { template: { id: 'lab' }, manifest: 'x' } } })
    await reconcile()
    expect(statusIn(kubernetes)).toMatchObject({ phase: 'Failed', message: expect.stringContaining('cannot be read') })
  })
})
