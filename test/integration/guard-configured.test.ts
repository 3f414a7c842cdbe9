import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { at, create, home, object, patch } from '../support/attacks/asks.ts'
import { openSender, type Sender } from '../support/attacks/attack.ts'
import { gatedIngress } from '../support/attacks/routes.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { until } from '../support/until.ts'

const group = 'argoproj.io'
const workflow = object(`${group}/v1alpha1`, 'Workflow', 'mine')
const workflows = at(`${group}/v1alpha1`, 'workflows')
let cluster: Cluster
let sender: Sender

beforeAll(async () => {
  cluster = await startCluster('guard-configured', {
    // Services answer beside the dashboard, whose name could be one of theirs.
    domain: 'portal-mallory.example.test',
    serviceDomain: 'example.test',
    guard: {
      apiGroups: [group],
      storageClasses: ['fast'],
      serviceTypes: ['NodePort'],
      serviceAnnotations: ['metallb.universe.tf/loadBalancerIPs'],
      ingressAnnotations: ['haproxy.org/rate-limit-requests'],
    },
  })
  // A user's namespace as far as the guard is concerned.
  await cluster.kubectl('create', 'namespace', home)
  const owner = [`--serviceaccount=${home}:default`, '--clusterrole=cluster-admin', '-n', home]
  await cluster.kubectl('create', 'rolebinding', 'owner', ...owner)
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const versions = [{ name: 'v1alpha1', served: true, storage: true, schema, subresources: { status: {} } }]
  const names = { kind: 'Workflow', plural: 'workflows', singular: 'workflow' }
  const spec = { group, scope: 'Namespaced', names, versions }
  await cluster.create(object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `workflows.${group}`, { spec }))
  await cluster.kubectl('wait', '--for=condition=Established', `crd/workflows.${group}`)
  await cluster.create({ ...workflow, metadata: { name: 'mine', namespace: home } })
  sender = await openSender(cluster.plane.kubeconfig, cluster.domains)
  await until(async () => (await sender.dryRun(claim('slow'))).message.includes('karvdash-claims'))
}, 60_000)
afterAll(async () => {
  await sender?.close()
  await cluster?.stop()
})

const service = (spec: object, annotations = {}) =>
  create(
    at('v1', 'services'),
    object('v1', 'Service', 'db', {
      metadata: { annotations },
      spec: { selector: { app: 'db' }, ports: [{ port: 5432 }], ...spec },
    }),
  )
const claim = (storageClassName: string) =>
  create(
    at('v1', 'persistentvolumeclaims'),
    object('v1', 'PersistentVolumeClaim', 'data', {
      spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
    }),
  )
const other = object(`${group}/v1alpha1`, 'Workflow', 'other')
const finished = patch(`${workflows}/mine/status`, { status: { phase: 'Succeeded' } })

describe('what an administrator lists is users’', () => {
  test.each([
    ['a kind of a listed group', create(workflows, other)],
    ['the status of such a kind', finished],
    ['a claim of a listed class', claim('fast')],
    ['a Service of a listed type', service({ type: 'NodePort' })],
    ['a Service with a listed annotation', service({}, { 'metallb.universe.tf/loadBalancerIPs': '10.0.0.1' })],
    [
      'an Ingress with a listed annotation',
      gatedIngress('wiki-mallory.example.test', { 'haproxy.org/rate-limit-requests': '9' }),
    ],
  ])('%s', async (_, ask) => {
    expect(await sender.dryRun(ask)).toMatchObject({ message: '', status: expect.any(Number) })
  })
})

describe('and nothing beside it', () => {
  test.each([
    ['a claim of another class', claim('slow'), 'not for users'],
    ['a Service of another type', service({ type: 'LoadBalancer' }), 'type LoadBalancer'],
    ['a Service with another annotation', service({}, { 'metallb.universe.tf/x': '' }), 'guard.serviceAnnotations'],
    [
      'an Ingress with another annotation',
      gatedIngress('wiki-mallory.example.test', { 'haproxy.org/x': '' }),
      'guard.ingressAnnotations',
    ],
    [
      'an Ingress for the dashboard’s host, by a service of its name',
      gatedIngress('portal-mallory.example.test'),
      'the dashboard',
    ],
  ])('attack: %s', async (_, ask, refusal) => {
    const { status, message } = await sender.dryRun(ask)
    expect({ status, message }).toEqual({ status: expect.any(Number), message: expect.stringContaining(refusal) })
    expect(status).toBeGreaterThanOrEqual(400)
  })
})
