import { expect, test } from '@jest/globals'
import { applied, event, live, pod, time, way, workload } from './samples.ts'
import { stepsOf } from './steps.ts'

const scheduledAt = (second: number) => ({ type: 'PodScheduled', status: 'True', lastTransitionTime: time(second) })
const readyAt = (second: number) => ({ type: 'Ready', status: 'True', lastTransitionTime: time(second) })
const runs = (second: number) => [{ name: 'main', ready: true, state: { running: { startedAt: time(second) } } }]
const ready = (name: string, second: number) =>
  pod({ conditions: [scheduledAt(3), readyAt(second)], containerStatuses: runs(second - 1) }, { metadata: { name, uid: name } })

test('a service that was launched a moment ago is recorded, and no more', () => {
  expect(stepsOf({ ...applied, phase: 'Recorded' }, live({}))).toEqual([{ step: 'Recorded', at: time(0) }])
})

test('one that runs and can be reached came all the way, and says when', () => {
  const events = [event('Pulled', 'Successfully pulled', { container: 'main', second: 5 })]
  expect(stepsOf({ ...applied, path: '/' }, { ...live({ pods: [ready('p', 8)], events }), ...way(true) })).toEqual([
    { step: 'Recorded', at: time(0) },
    { step: 'Applied', at: time(1) },
    { step: 'Scheduled', at: time(3) },
    { step: 'Pulling', at: time(5) },
    { step: 'Starting', at: time(7) },
    { step: 'Ready', at: time(8) },
    { step: 'Reachable', at: time(8) },
  ])
})

test('one of several pods says how many are so far', () => {
  const pulling = pod(
    { conditions: [scheduledAt(4)], containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }] },
    { metadata: { name: 'q', uid: 'q' } },
  )
  const workloads = [workload('Deployment', { spec: { replicas: 3 } })]
  expect(stepsOf(applied, live({ pods: [ready('p', 8), pulling], workloads }))).toEqual([
    { step: 'Recorded', at: time(0) },
    { step: 'Applied', at: time(1) },
    { step: 'Scheduled', detail: '2 of 3' },
    { step: 'Pulling', detail: '1 of 3' },
    { step: 'Starting', detail: '1 of 3' },
    { step: 'Ready', detail: '1 of 3' },
  ])
})

test('one that is stopped, deleted or failed at the launch has no way before it', () => {
  for (const record of [{ isStopped: true }, { isDeleting: true }, { phase: 'Failed' as const }])
    expect(stepsOf({ ...applied, ...record }, live({ pods: [ready('p', 8)] }))).toHaveLength(1)
})
