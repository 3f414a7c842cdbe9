import { expect, test } from '@jest/globals'
import { pathOf } from './api.ts'

test.each([
  ['v1', 'Namespace', undefined, '/api/v1/namespaces/x'],
  ['v1', 'Secret', 'n', '/api/v1/namespaces/n/secrets/x'],
  ['apps/v1', 'DaemonSet', 'n', '/apis/apps/v1/namespaces/n/daemonsets/x'],
  ['networking.k8s.io/v1', 'IngressClass', undefined, '/apis/networking.k8s.io/v1/ingressclasses/x'],
])('the address of %s %s in %s is %s', (apiVersion, kind, namespace, expected) => {
  expect(pathOf({ apiVersion, kind, metadata: namespace ? { name: 'x', namespace } : { name: 'x' } })).toBe(expected)
})
