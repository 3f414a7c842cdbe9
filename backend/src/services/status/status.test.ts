import { describe, expect, test } from '@jest/globals'
import { readPod } from './pod.ts'
import { applied, event, live, pod, podObject, time, way, workload } from './samples.ts'
import { statusOf } from './status.ts'
import { isUnanswered } from './ways.ts'

const container = (state: object, more: object = {}) => ({ containerStatuses: [{ name: 'main', state, ...more }] })
const scheduled = { conditions: [{ type: 'PodScheduled', status: 'True' }] }
const ready = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  ...container({ running: { startedAt: time(4) } }, { ready: true }),
}
const creating = { phase: 'Pending', ...scheduled, ...container({ waiting: { reason: 'ContainerCreating' } }) }
const running = pod(ready)
const one = workload('Deployment')

describe('before there are pods, a service', () => {
  test.each([
    ['whose record says that it failed', { phase: 'Failed' as const, message: 'It did not work.' }, 'Failed', 'It did not work.'],
    ['that is being launched', { phase: 'Recorded' as const }, 'Queued', 'Its objects are being created.'],
    ['that is being deleted', { isDeleting: true, phase: 'Failed' as const }, 'Deleting', 'Everything of it is being removed.'],
    ['that is to be deleted', { isRemoved: true }, 'Deleting', 'Everything of it is being removed.'],
    ['that is stopped', { phase: 'Stopped' as const, isStopped: true }, 'Stopped', ''],
    ['that goes on again', { phase: 'Stopped' as const }, 'Queued', 'Its objects are being created.'],
    ['that was applied', {}, 'Queued', 'Waiting for its pods to be created.'],
  ])('%s is %#', (_, record, state, reason) => {
    expect(statusOf({ ...applied, ...record }, live({ workloads: [one] }))).toEqual({ state, reason })
  })

  test('that was applied a moment ago, before its workloads are known, waits', () => {
    expect(statusOf(applied, live({ workloads: [] })).state).toBe('Queued')
  })

  test.each([
    [['v1 ConfigMap'], 'It has no pods of its own.'],
    [['v1 ConfigMap', 'batch/v1 CronJob'], 'It runs at set times, and waits for the next one.'],
  ])('of %j needs none', (kinds, reason) => {
    expect(statusOf({ ...applied, kinds }, live({ workloads: [] }))).toEqual({ state: 'Running', reason })
    expect(statusOf({ ...applied, kinds: [...kinds, 'apps/v1 Deployment'] }, live({ workloads: [] })).state).toBe('Queued')
  })

  test('that is to have none runs, and says so', () => {
    const none = workload('Deployment', { spec: { replicas: 0 } })
    expect(statusOf(applied, live({ workloads: [none] }))).toEqual({
      state: 'Running',
      reason: expect.stringContaining('no pods'),
    })
  })
})

test('a service that is being stopped says that its pods are ending', () => {
  expect(statusOf({ ...applied, isStopped: true }, live({ pods: [running] }))).toEqual({
    state: 'Stopped',
    reason: 'Its pods are ending.',
  })
})

describe('the pods of a service that are refused', () => {
  const message = `pods "x" is forbidden: exceeded quota: karvdash, requested: requests.memory=9Gi, used: requests.memory=5Gi, limited: requests.memory=8Gi`
  const told = { state: 'Failed', cause: 'quota', reason: expect.stringContaining('of which 3Gi are free') }

  test('are told from what a Deployment says of itself', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }]
    expect(statusOf(applied, live({ workloads: [workload('Deployment', { status: { conditions } })] }))).toEqual(told)
  })

  test.each(['StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet'])('are told from the events of a %s, until one is made', (kind) => {
    const about: [string, string] = [kind, `d-${kind}`]
    const workloads = [workload(kind, { status: { desiredNumberScheduled: 1 } })]
    const failed = event('FailedCreate', `Error creating: ${message}`, { about })
    expect(statusOf(applied, live({ workloads, events: [failed] }))).toEqual(told)
    const events = [failed, event('SuccessfulCreate', 'Created pod', { about, second: 6 })]
    expect(statusOf(applied, live({ workloads, events })).state).toBe('Queued')
  })

  test('for a reason that nobody knows are told in the words of the cluster', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'the moon is full' }]
    expect(statusOf(applied, live({ workloads: [workload('Deployment', { status: { conditions } })] }))).toEqual({
      state: 'Failed',
      reason: 'Its pods are refused: the moon is full',
    })
  })
})

describe('the status of a pod', () => {
  test.each([
    ['not scheduled yet', {}, 'Queued', /Waiting for a node/],
    ['held by a gate', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }, 'Queued', /gate/],
    ['creating', creating, 'Starting', /prepares it/],
    ['initializing', { ...scheduled, ...container({ waiting: { reason: 'PodInitializing' } }) }, 'Starting', /prepares it/],
    ['not ready', { ...scheduled, phase: 'Running', ...container({ running: {} }) }, 'Starting', /not ready yet/],
    ['that failed without a word', { phase: 'Failed' }, 'Failed', /its program failed/],
  ])('%s is told in plain words', (_, status, state, reason) => {
    expect(statusOf(applied, live({ pods: [pod(status)] }))).toEqual({ state, reason: expect.stringMatching(reason) })
  })

  test('ready is running, without a word', () => {
    expect(statusOf(applied, live({ pods: [running] }))).toEqual({ state: 'Running', reason: '' })
  })

  test('pulls while its node says so, however long, and prepares when the image is there', () => {
    const events = [event('Pulling', 'Pulling image "example.org/lab:1"', { container: 'main' })]
    const pods = [pod(creating)]
    expect(statusOf(applied, live({ pods, events }))).toEqual({
      state: 'Pulling',
      reason: expect.stringContaining('example.org/lab:1'),
    })
    events.push(event('Pulled', 'Successfully pulled', { container: 'main', second: 9 }))
    expect(statusOf(applied, live({ pods, events })).state).toBe('Starting')
  })

  test.each([
    ['a spec of another form', { ...podObject(ready), spec: 'x' }],
    ['a status of another form', podObject({ conditions: 'x', containerStatuses: 7 })],
    ['conditions of another form', podObject({ conditions: [{ type: 1 }] })],
    ['nothing', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }],
  ])('attack: with %s is no fault', (_, forged) => {
    const read = readPod(forged)
    expect(read).toBeDefined()
    expect(statusOf(applied, live({ pods: read ? [read] : [] })).state).not.toBe('Deleting')
  })
})

describe('a service of many pods', () => {
  const starting = pod({ ...scheduled, phase: 'Running', ...container({ running: {} }) })
  const broken = pod({ ...scheduled, ...container({ waiting: { reason: 'ErrImagePull' } }) })

  test('is as well as its worst pod', () => {
    expect(statusOf(applied, live({ pods: [running, starting] })).state).toBe('Starting')
    expect(statusOf(applied, live({ pods: [running, starting, broken] })).state).toBe('Failed')
  })

  test('is not running while one is missing, and says how many are there', () => {
    const workloads = [workload('StatefulSet', { spec: { replicas: 2 } })]
    expect(statusOf(applied, live({ pods: [running], workloads }))).toEqual({
      state: 'Queued',
      reason: expect.stringContaining('1 of 2'),
    })
  })

  test('does not count a pod that is on its way out', () => {
    const leaving = pod(
      { ...scheduled, ...container({ waiting: { reason: 'ErrImagePull' } }) },
      { metadata: { deletionTimestamp: 'now' } },
    )
    expect(statusOf(applied, live({ pods: [running, leaving], workloads: [one] })).state).toBe('Running')
  })

  test('runs when an evicted pod has a successor, and says what happened', () => {
    const evicted = pod(
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      { metadata: { uid: 'old', creationTimestamp: time(1) } },
    )
    expect(statusOf(applied, live({ pods: [evicted, running], workloads: [one] }))).toEqual({
      state: 'Running',
      cause: 'evicted',
      reason: expect.stringContaining('low on resource: memory'),
    })
  })

  test('runs when a container was started again, and says how it ended', () => {
    const lastState = { terminated: { exitCode: 3, reason: 'Error', finishedAt: time(3) } }
    const again = pod({
      ...ready,
      ...container({ running: { startedAt: time(4) } }, { ready: true, restartCount: 2, lastState }),
    })
    expect(statusOf(applied, live({ pods: [again] }))).toEqual({
      state: 'Running',
      cause: 'crash-loop',
      reason: 'The container "main" ended with code 3 at 2026-01-01 09:00 UTC; it runs again, started anew 2 times.',
    })
  })
})

describe('a service of jobs', () => {
  const job = (type: string, reason = '') =>
    workload('Job', { status: { conditions: [{ type, status: 'True', reason, message: 'Job gave up' }] } })
  const done = pod({ phase: 'Succeeded', ...container({ terminated: { exitCode: 0 } }) })

  test.each([
    ['with its pod', [done]],
    ['whose pods are gone', []],
  ])('%s that ended well runs no longer, and says so', (_, pods) => {
    expect(statusOf(applied, live({ pods, workloads: [job('Complete')] }))).toEqual({
      state: 'Stopped',
      cause: 'finished',
      reason: 'It ran to its end. Restart it to run it again.',
    })
  })

  test('and of pods that go on runs', () => {
    expect(statusOf(applied, live({ pods: [done, running], workloads: [job('Complete'), one] })).state).toBe('Running')
  })

  test.each([
    ['BackoffLimitExceeded', 'job-failed', /not tried again: Job gave up/],
    ['DeadlineExceeded', 'deadline', /as long as it may/],
  ])('that failed by %s says so', (reason, cause, words) => {
    expect(statusOf(applied, live({ workloads: [job('Failed', reason)] }))).toEqual({
      state: 'Failed',
      cause,
      reason: expect.stringMatching(words),
    })
  })

  test('whose pod failed tells its code, and whose log explains it', () => {
    const failed = pod({ phase: 'Failed', ...container({ terminated: { exitCode: 5, reason: 'Error' } }) })
    expect(statusOf(applied, live({ pods: [failed], workloads: [job('Failed', 'BackoffLimitExceeded')] }))).toMatchObject({
      state: 'Failed',
      cause: 'job-failed',
      reason: expect.stringContaining('code 5'),
      crashed: { pod: 'p', container: 'main', isPrevious: false },
    })
  })
})

describe('the address of a service', () => {
  const exposed = { ...applied, path: '/' }
  test('is on its way while nobody answers behind it', () => {
    expect(statusOf(exposed, { ...live({ pods: [running] }), ...way(false) })).toMatchObject({
      state: 'Starting',
      reason: expect.stringContaining('address'),
    })
    expect(statusOf(exposed, { ...live({ pods: [running] }), ...way(true) })).toEqual({ state: 'Running', reason: '' })
  })

  test('has nobody who answers only where all that it leads to is known', () => {
    expect(isUnanswered(live(way(false)))).toBe(true)
    expect(isUnanswered(live(way(true)))).toBe(false)
    expect(isUnanswered(live({ ...way(false), slices: [] }))).toBe(false)
    expect(isUnanswered(live({}))).toBe(false)
  })

  test('that lost its Ingress is told', () => {
    expect(statusOf(exposed, live({ pods: [running] }))).toMatchObject({ state: 'Running', cause: 'unreachable' })
  })
})
