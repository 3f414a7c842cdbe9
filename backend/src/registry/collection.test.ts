import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { collectionAnnotation, freeSpace, registryDeployment } from './collection.ts'

const namespace = 'karvdash'
const deployment = (status: object) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: registryDeployment, namespace, generation: 2 } },
  ...{ spec: { replicas: 1 }, status },
})
const ready = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 }
const ports = (status?: object) => {
  const kubernetes = fakeKubernetes(status ? [[resources.deployments, deployment(status)]] : [])
  return { kubernetes, namespace, kind: 'in-cluster' as const, clock: () => 0 }
}

test('the cluster’s own registry is started anew, to free its space', async () => {
  const told = ports(ready)
  await freeSpace(told)
  const stored = await told.kubernetes.get(resources.deployments, { namespace, name: registryDeployment })
  const annotations = { [collectionAnnotation]: '1970-01-01T00:00:00.000Z' }
  expect(stored?.['spec']).toMatchObject({ template: { metadata: { annotations } } })
})

test.each([
  ['is not there', undefined],
  ['is starting', { ...ready, observedGeneration: 1 }],
  ['is not ready', { ...ready, readyReplicas: 0 }],
])('a registry that %s is left alone', async (_, status) => {
  await expect(freeSpace(ports(status))).rejects.toMatchObject({ status: 409 })
})

test('an external registry sees to its own space', async () => {
  await expect(freeSpace({ ...ports(ready), kind: 'external' })).rejects.toMatchObject({ status: 403 })
})
