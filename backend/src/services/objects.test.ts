import { describe, expect, test } from '@jest/globals'
import type { KubeObject } from '../kubernetes/objects.ts'
import { isOpen, makesPods, ownedObject, taggedObjects } from './objects.ts'

const tags = { service: 'lab', namespace: 'karvdash-alice', template: 'jupyter', identity: false }
const ours = { 'app.kubernetes.io/managed-by': 'karvdash', 'karvdash.io/service': 'lab', 'karvdash.io/template': 'jupyter' }
const podTemplate = { metadata: { labels: { app: 'x' } }, spec: { containers: [] } }

const of = (kind: string, spec?: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', labels: { a: 'b' } },
  ...(spec && { spec }),
})
const tagged = (object: KubeObject, identity = false) => taggedObjects([object], { ...tags, identity })[0]

describe('the objects of a service', () => {
  test('are in the user’s namespace, wherever the template put them, and labelled besides their own labels', () => {
    const elsewhere = {
      ...of('ConfigMap'),
      metadata: { name: 'x', namespace: 'kube-system', labels: { a: 'b', 'karvdash.io/service': 'forged' } },
    }
    expect(tagged(elsewhere)?.metadata).toMatchObject({ namespace: 'karvdash-alice', labels: { a: 'b', ...ours } })
  })

  test.each([
    ['Deployment', of('Deployment', { template: podTemplate }), ['spec', 'template']],
    ['Job', of('Job', { template: podTemplate }), ['spec', 'template']],
    ['CronJob', of('CronJob', { jobTemplate: { spec: { template: podTemplate } } }), ['spec', 'jobTemplate', 'spec', 'template']],
  ])('label the pods of a %s, and keep what selects them', (_, object, path) => {
    expect(tagged(object)).toHaveProperty([...path, 'metadata', 'labels'], { app: 'x', ...ours })
  })

  test('label a pod, and the claims of a StatefulSet, which nobody else would find again', () => {
    expect(tagged(of('Pod', { containers: [] }))?.metadata.labels).toMatchObject(ours)
    const set = of('StatefulSet', { template: podTemplate, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] })
    expect(tagged(set)).toMatchObject({
      spec: {
        volumeClaimTemplates: [{ metadata: { name: 'data', labels: ours }, spec: {} }],
        template: { metadata: { labels: ours } },
      },
    })
  })

  test('ask for an identity in their pods where the template does, and nowhere else', () => {
    const asks = { annotations: { 'karvdash.io/identity': 'true' } }
    expect(tagged(of('Deployment', { template: podTemplate }), true)).toMatchObject({ spec: { template: { metadata: asks } } })
    expect(tagged(of('Pod', {}), true)).toMatchObject({ metadata: asks })
    expect(JSON.stringify(tagged(of('Deployment', { template: podTemplate })))).not.toContain('identity')
  })

  test.each([
    of('ConfigMap'),
    of('Service', { ports: [] }),
    of('Custom', { template: 'a text' }),
    of('Custom', { jobTemplate: {} }),
  ])('that have no pods keep their spec: %j', (object) => {
    expect(tagged(object)?.['spec']).toEqual(object['spec'])
  })

  test('are owned by the record alone', () => {
    const owner = { apiVersion: 'karvdash.io/v1', kind: 'ServiceRecord', name: 'lab', uid: 'u' }
    expect(ownedObject(of('ConfigMap'), owner).metadata.ownerReferences).toEqual([owner])
  })

  test('that make pods come last, and Secrets are not open', () => {
    expect(['Deployment', 'StatefulSet', 'Job', 'Pod', 'ConfigMap', 'Secret'].map((kind) => makesPods(of(kind)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ])
    expect([isOpen(of('Secret')), isOpen(of('ConfigMap'))]).toEqual([false, true])
  })
})
