import { describe, expect, test } from '@jest/globals'
import { roughQuantity } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
import { askedOf, asksOf, shownAsks } from './asks.ts'

const limits = {
  default: { memory: '2Gi', 'ephemeral-storage': '10Gi' },
  defaultRequest: { cpu: '50m', memory: '128Mi', 'ephemeral-storage': '100Mi' },
}
const object = (kind: string, spec: unknown): KubeObject => ({ apiVersion: 'x/v1', kind, metadata: { name: 'x' }, spec })
const podTemplate = (resources?: unknown, initContainers: unknown[] = []) => ({
  spec: { containers: [{ name: 'a', ...(resources !== undefined && { resources }) }], initContainers },
})
/** What some lines of a quota are asked for, in whole ones. */
function asked(objects: KubeObject[], ...lines: string[]): (number | string)[] {
  const asks = asksOf(objects, limits)
  return lines.map((line) => roughQuantity(askedOf(asks, line), /memory|storage/.test(line) ? 'bytes' : 'count'))
}

describe('what a launch asks of a quota', () => {
  test('is each container’s, times its pods; what is not stated is the namespace’s', () => {
    const deployment = object('Deployment', { replicas: 3, template: podTemplate({ limits: { memory: '1Gi', cpu: 2 } }) })
    expect(asked([deployment], 'limits.memory', 'requests.memory', 'limits.cpu', 'requests.cpu', 'pods')).toEqual([
      '3Gi',
      '3Gi',
      '6',
      '6',
      '3',
    ])
    const bare = object('Deployment', { template: podTemplate() })
    expect(asked([bare], 'limits.memory', 'requests.memory', 'limits.cpu', 'cpu', 'count/pods')).toEqual([
      '2Gi',
      '128Mi',
      '0',
      '0.05',
      '1',
    ])
  })

  test('counts what initializes as far as it is more than what runs', () => {
    const initial = [{ resources: { limits: { memory: '8Gi' } } }, { resources: { limits: { memory: '1Gi' } } }]
    expect(asked([object('Pod', podTemplate({ limits: { memory: '3Gi' } }, initial).spec)], 'limits.memory')).toEqual(['8Gi'])
  })

  test('counts volumes, GPUs and objects', () => {
    const claim = (storage: string) => ({ spec: { resources: { requests: { storage } } } })
    const set = object('StatefulSet', {
      replicas: 2,
      template: podTemplate({ limits: { 'nvidia.com/gpu': 1 } }),
      volumeClaimTemplates: [claim('5Gi'), claim('1Gi')],
    })
    const objects = [set, object('PersistentVolumeClaim', claim('3Gi').spec), object('Secret', {}), object('Ingress', {})]
    const lines = ['requests.nvidia.com/gpu', 'persistentvolumeclaims', 'requests.storage', 'secrets', 'count/statefulsets.apps']
    expect(asked(objects, ...lines)).toEqual(['2', '5', '15Gi', '2', '1'])
    expect(asked(objects, 'count/ingresses.networking.k8s.io', 'count/servicerecords.karvdash.io', 'configmaps')).toEqual([
      '1',
      '1',
      '0',
    ])
  })

  test.each([
    ['Job', { parallelism: 4, completions: 2 }, '2'],
    ['Job', { suspend: true }, '0'],
    ['CronJob', { template: undefined, jobTemplate: { spec: { template: podTemplate() } } }, '0'],
    ['DaemonSet', {}, '1'],
    ['Deployment', { replicas: 0 }, '0'],
    ['Widget', {}, '0'],
  ])('of a %s %j is %s pods', (kind, spec, pods) => {
    expect(asked([object(kind, { template: podTemplate(), ...spec })], 'pods')).toEqual([pods])
  })

  test.each([
    ['words for amounts', podTemplate({ limits: { memory: 'much' } })],
    ['a list for amounts', podTemplate({ limits: [] })],
    ['no containers', { spec: { containers: 'none' } }],
    ['no spec', {}],
    ['nothing', null],
  ])('attack: %s asks for what is certain, and breaks nothing', (_, template) => {
    expect(() => asksOf([object('Deployment', { replicas: -1, template })], limits)).not.toThrow()
  })

  test('is shown by the names of the gauges of the quota', () => {
    const quota = { 'requests.cpu': '8', 'limits.memory': '8Gi', pods: '10', 'requests.nvidia.com/gpu': '1' }
    const deployment = object('Deployment', { template: podTemplate({ limits: { memory: '1536Mi' } }) })
    expect(shownAsks(asksOf([deployment], limits), quota)).toEqual({ cpu: '50m', memory: '1536Mi', gpu: '0', pods: '1' })
  })
})
