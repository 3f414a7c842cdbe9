import type { Row } from '../sign.ts'
import { schedulingWords } from './scheduling.ts'

/** What keeps pods from nodes, from their volumes and from their network, and what nodes do to pods. */
export const nodeRows: readonly Row[] = [
  {
    ...{ cause: 'config', seen: 'scheduling', message: /persistentvolumeclaim "(?<name>[^"]*)" not found/, state: 'Failed' },
    words: (_, { name }) => `There is no volume claim "${name}", which it needs. Create it, and the service goes on by itself.`,
  },
  {
    ...{ cause: 'mount', seen: 'scheduling', message: /unbound immediate PersistentVolumeClaims/, state: 'Queued' },
    words: () =>
      'It waits for its volume, which is not there yet. If it stays so, ask an administrator whether the cluster can make volumes.',
  },
  { cause: 'unschedulable', seen: 'scheduling', state: 'Queued', words: schedulingWords },
  {
    ...{ cause: 'config', seen: 'mount', message: /(?<kind>configmap|secret) "(?<name>[^"]*)" not found/i, state: 'Failed' },
    words: (_, { kind = '', name }) =>
      `There is no ${kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'} "${name}", which it mounts. Create it, and the service goes on by itself.`,
  },
  {
    ...{
      cause: 'config',
      seen: 'mount',
      message: /references non-existent (?<kind>config|secret) key: (?<key>\S+)/i,
      state: 'Failed',
    },
    words: (_, { kind, key }) =>
      `The ${kind === 'secret' ? 'Secret' : 'ConfigMap'} that it mounts has no "${key}". Add it, and the service goes on by itself.`,
  },
  {
    ...{ cause: 'mount', seen: 'mount', message: /volume "(?<volume>[^"]*)" : (?<why>.*)$/, state: 'Failed' },
    words: (_, { volume, why }) => `Its volume "${volume}" cannot be mounted: ${why}`,
  },
  { cause: 'mount', seen: 'mount', state: 'Failed', words: ({ message }) => `Its volumes cannot be mounted: ${message}` },
  {
    ...{ cause: 'node-lost', seen: 'node', reason: ['NodeNotReady', 'NodeLost'], state: 'Failed' },
    words: () =>
      'The node that it ran on does not answer any more. It is started on another one after some minutes, where it has a Deployment or StatefulSet; if not, restart it.',
  },
  {
    ...{ cause: 'network', seen: 'node', reason: ['FailedCreatePodSandBox', 'NetworkNotReady'], state: 'Failed' },
    words: ({ message }) =>
      `Its node cannot give it a network. It is tried again by itself; if it stays so, tell an administrator: ${message}`,
  },
  {
    ...{
      cause: 'evicted',
      seen: 'pod',
      reason: ['Evicted'],
      message: /ephemeral[- ](?:local )?storage|EmptyDir volume/i,
      state: 'Failed',
    },
    words: ({ message }) =>
      `It wrote more into its container than it may, and was ended (${trimmed(message)}). Write to /local instead, or launch it with more ephemeral storage.`,
  },
  {
    ...{ cause: 'evicted', seen: 'pod', reason: ['Evicted'], state: 'Failed' },
    words: ({ message }) =>
      `Its node ended it, to help itself: ${trimmed(message)}. Launch it again; if it comes again, ask for as much as it needs.`,
  },
  {
    ...{
      cause: 'evicted',
      seen: 'pod',
      reason: ['Preempting', 'Preempted', 'TerminationByKubelet', 'NodeShutdown', 'Terminated', 'Shutdown'],
      state: 'Failed',
    },
    words: ({ message }) =>
      `It had to leave its node: ${trimmed(message) || 'something more important needs the place'}. Restart it.`,
  },
  {
    ...{ cause: 'deadline', seen: 'pod', reason: ['DeadlineExceeded'], state: 'Failed' },
    words: () => 'It ran for as long as it may (activeDeadlineSeconds), and was ended. Launch it with more time.',
  },
  {
    ...{ cause: 'node-lost', seen: 'pod', reason: ['NodeLost'], state: 'Failed' },
    words: () => 'The node that it ran on is lost. Restart it.',
  },
  {
    ...{
      cause: 'unschedulable',
      seen: 'pod',
      reason: ['OutOfcpu', 'OutOfmemory', 'OutOfpods', 'OutOfephemeral-storage', 'NodeAffinity', 'UnexpectedAdmissionError'],
      state: 'Failed',
    },
    words: ({ message }) => `Its node did not take it after all: ${message}. Restart it.`,
  },
  {
    ...{ cause: 'deadline', seen: 'giving up', reason: ['DeadlineExceeded'], state: 'Failed' },
    words: () => 'Its job ran for as long as it may (activeDeadlineSeconds), and was ended. Launch it with more time.',
  },
  {
    ...{ cause: 'deadline', seen: 'giving up', reason: ['ProgressDeadlineExceeded'], state: 'Failed' },
    words: () => 'It did not get ready in the time that it is given. Its log may tell why.',
  },
  {
    ...{ cause: 'job-failed', seen: 'giving up', state: 'Failed' },
    words: ({ message }) => `Its job failed and is not tried again: ${message}. Its log tells why.`,
  },
]

function trimmed(message: string): string {
  return message.replace(/[\s.]+$/, '')
}
