import { describe, expect, test } from '@jest/globals'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { ServiceRecord } from './record.ts'
import { type Live, statusOf } from './status.ts'

const applied: ServiceRecord = {
  ...{ name: 'lab', namespace: 'karvdash-alice', uid: 'u', template: 'lab', createdAt: '', path: undefined, sharedWith: [] },
  ...{ phase: 'Applied', message: '', isDeleting: false, isStopped: false },
}

function pod(status: object, more: object = {}): KubeObject {
  const metadata = { name: 'p', ...more }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'main', image: 'example.org/lab:1' }] }, status }
}
function deployment(replicas: number, conditions: object[] = []): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas }, status: { conditions } }
}
const container = (state: object, more: object = {}) => ({ containerStatuses: [{ name: 'main', state, ...more }] })
const scheduled = { conditions: [{ type: 'PodScheduled', status: 'True' }] }
const running = pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...container({ running: {} }) })
const live = (pods: KubeObject[], deployments: KubeObject[] = [deployment(pods.length)]): Live => ({ pods, deployments })

describe('before there are pods, a service', () => {
  test.each([
    [
      'whose record says that it failed',
      { phase: 'Failed' as const, message: 'The cluster refuses it.' },
      'Failed',
      'The cluster refuses it.',
    ],
    ['that is being launched', { phase: 'Recorded' as const }, 'Queued', 'Its objects are being created.'],
    ['that is being deleted', { isDeleting: true, phase: 'Failed' as const }, 'Deleting', 'Everything of it is being removed.'],
    ['that is stopped', { phase: 'Stopped' as const, isStopped: true }, 'Stopped', ''],
    ['that goes on again', { phase: 'Stopped' as const }, 'Queued', 'Its objects are being created.'],
    ['that was applied', {}, 'Queued', 'Waiting for its pods to be created.'],
  ])('%s is %#', (_, record, state, reason) => {
    expect(statusOf({ ...applied, ...record }, live([], [deployment(1)]))).toEqual({ state, reason })
  })

  test('whose pods are refused says by what', () => {
    const message = 'pods "x" is forbidden: exceeded quota: small'
    const refused = deployment(1, [{ type: 'ReplicaFailure', status: 'True', message }])
    expect(statusOf(applied, live([], [refused]))).toEqual({ state: 'Failed', reason: `Its pods are refused: ${message}` })
  })
})

test('a service that is being stopped says that its pods are ending', () => {
  expect(statusOf({ ...applied, isStopped: true }, live([running]))).toEqual({ state: 'Stopped', reason: 'Its pods are ending.' })
})

describe('the status of a pod', () => {
  test.each([
    [
      'not scheduled',
      { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes: Insufficient memory.' }] },
      'Queued',
      /No node.*Insufficient memory/,
    ],
    ['scheduled and not begun', scheduled, 'Queued', /Waiting for a node/],
    ['creating', { ...scheduled, ...container({ waiting: { reason: 'ContainerCreating' } }) }, 'Pulling', /example.org\/lab:1/],
    ['initializing', { ...scheduled, ...container({ waiting: { reason: 'PodInitializing' } }) }, 'Pulling', /Pulling/],
    [
      'not pulled',
      { ...scheduled, ...container({ waiting: { reason: 'ErrImagePull', message: 'not found' } }) },
      'Failed',
      /"example.org\/lab:1" cannot be pulled.*not found/,
    ],
    [
      'not pulled again',
      { ...scheduled, ...container({ waiting: { reason: 'ImagePullBackOff' } }) },
      'Failed',
      /cannot be pulled\. Check its name and tag\.$/,
    ],
    [
      'of a bad name',
      { ...scheduled, ...container({ waiting: { reason: 'InvalidImageName' } }) },
      'Failed',
      /is not the name of an image/,
    ],
    [
      'without its Secret',
      { ...scheduled, ...container({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } }) },
      'Failed',
      /"main" cannot be created: secret "x" not found/,
    ],
    [
      'crashing',
      { ...scheduled, ...container({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: { exitCode: 3 } } }) },
      'Failed',
      /crashes again and again \(it ended with code 3\)/,
    ],
    [
      'out of memory',
      { ...scheduled, ...container({ terminated: { exitCode: 137, reason: 'OOMKilled' } }) },
      'Failed',
      /ran out of memory/,
    ],
    [
      'evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' },
      'Failed',
      /The node was low on memory/,
    ],
    ['not ready', { ...scheduled, phase: 'Running', ...container({ running: {} }) }, 'Starting', /not ready yet/],
    ['that ended well', { phase: 'Succeeded' }, 'Running', /ran to its end/],
    [
      'that crashed in an init container',
      { ...scheduled, initContainerStatuses: [{ name: 'init', state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      'Failed',
      /"init" crashes/,
    ],
  ])('%s is told in plain words', (_, status, state, reason) => {
    expect(statusOf(applied, live([pod(status)]))).toEqual({ state, reason: expect.stringMatching(reason) })
  })

  test('ready is running, without a word', () => {
    expect(statusOf(applied, live([running]))).toEqual({ state: 'Running', reason: '' })
  })

  test.each([
    ['a spec of another form', { ...running, spec: 'x' }],
    ['a status of another form', { ...running, status: { conditions: 'x' } }],
    ['nothing', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }],
  ])('with %s, as a tenant may forge one, is no fault', (_, forged) => {
    expect(statusOf(applied, live([forged])).state).toBe('Queued')
  })
})

describe('a service of many pods', () => {
  const starting = pod({ ...scheduled, phase: 'Running', ...container({ running: {} }) })
  const broken = pod({ ...scheduled, ...container({ waiting: { reason: 'ErrImagePull' } }) })

  test('is as well as its worst pod', () => {
    expect(statusOf(applied, live([running, starting])).state).toBe('Starting')
    expect(statusOf(applied, live([running, starting, broken])).state).toBe('Failed')
  })

  test('is not running while one is missing', () => {
    expect(statusOf(applied, live([running], [deployment(2)]))).toMatchObject({ state: 'Queued' })
  })

  test('does not count a pod that is on its way out', () => {
    const leaving = pod({ ...scheduled, ...container({ waiting: { reason: 'ErrImagePull' } }) }, { deletionTimestamp: 'now' })
    expect(statusOf(applied, live([running, leaving], [deployment(1)])).state).toBe('Running')
  })
})
