import { expect, test } from '@jest/globals'
import { isWorkload } from './objects.ts'

test.each([
  ['apps/v1', 'Deployment', true],
  ['apps/v1', 'StatefulSet', true],
  ['batch/v1', 'CronJob', true],
  ['v1', 'Pod', true],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', true],
  ['argoproj.io/v1alpha1', 'Workflow', true],
  ['v1', 'Service', false],
  ['v1', 'Secret', false],
  ['v1', 'PersistentVolumeClaim', false],
  ['networking.k8s.io/v1', 'Ingress', false],
  ['rbac.authorization.k8s.io/v1', 'Role', false],
  ['policy/v1', 'PodDisruptionBudget', false],
])('of a service that is stopped, %s %s goes: %s', (apiVersion, kind, goes) => {
  expect(isWorkload({ apiVersion, kind, metadata: { name: 'x' } })).toBe(goes)
})
