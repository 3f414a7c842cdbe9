import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { clusterAdmin } from '../support/attacks/attack.ts'
import { type Ground, startGround } from '../support/attacks/ground.ts'
import { container, type Part, pod, podsPath, withVolume } from '../support/attacks/pod.ts'
import { podAttacks } from '../support/attacks/pods.ts'
import { enforce, policiesOf } from '../support/attacks/policies.ts'
import { expectAdmission, testAttacks } from '../support/attacks/run.ts'
import { signIn, visitor } from '../support/people.ts'
import { launch, objectsIn } from '../support/services.ts'
import { until } from '../support/until.ts'

let ground: Ground

beforeAll(async () => {
  ground = await startGround('guard-pods')
}, 60_000)
afterAll(() => ground?.stop())

testAttacks(podAttacks, () => ground.sender)

test('the rules name only what pods have: the API server finds no fault with their expressions', async () => {
  const policies = await until(async () => {
    const found = await policiesOf(ground.cluster)
    return found.every(({ status }) => status.typeChecking) ? found : undefined
  })
  expect(
    policies.flatMap(({ metadata, status }) => status.typeChecking?.expressionWarnings.map((one) => [metadata.name, one])),
  ).toEqual([])
})

test('an administrator’s pods outside users’ namespaces are no matter of the guard’s', async () => {
  const { body = {} } = pod({ hostNetwork: true, hostPID: true, volumes: [{ name: 'root', hostPath: { path: '/' } }] })
  await expectAdmission(ground.sender, { as: clusterAdmin, verb: 'create', path: '/api/v1/namespaces/kube-system/pods', body })
})

describe('what controllers make of a user’s objects', () => {
  const labels = { app: 'evil' }
  const template = (spec: Part = {}) => ({
    metadata: { labels },
    spec: { containers: [{ ...container, securityContext: { privileged: true } }], ...spec },
  })
  const selector = { matchLabels: labels }
  const job = { template: template({ restartPolicy: 'Never' }) }

  test.each([
    ['Deployment', 'apps/v1', { selector, template: template() }, 'ReplicaSet'],
    ['StatefulSet', 'apps/v1', { selector, serviceName: 'evil', template: template() }, 'StatefulSet'],
    ['ReplicaSet', 'apps/v1', { selector, template: template() }, 'ReplicaSet'],
    ['ReplicationController', 'v1', { selector: labels, template: template() }, 'ReplicationController'],
    ['Job', 'batch/v1', job, 'Job'],
  ])('attack: a privileged pod by way of a %s', async (kind, apiVersion, spec, maker) => {
    const name = `evil-${kind.toLowerCase()}`
    await ground.cluster.create({ apiVersion, kind, metadata: { name, namespace: 'karvdash-mallory' }, spec })
    const refusal = await until(() => eventOf(maker, name))
    expect(refusal).toContain('No container is privileged')
    await ground.cluster.kubectl('delete', `${kind}/${name}`, '-n', 'karvdash-mallory')
  })

  /** Why a controller could not make a pod. */
  async function eventOf(kind: string, name: string): Promise<string | undefined> {
    const events = await objectsIn(ground.cluster, 'karvdash-mallory', 'events', '--field-selector=reason=FailedCreate')
    const ours = events.map((event) => event as unknown as { message: string; involvedObject: { kind: string; name: string } })
    return ours.find(({ involvedObject: of }) => of.kind === kind && of.name.startsWith(name))?.message
  }
})

test.each(['hello', 'jupyterlab', 'vscode'])('the pods of the template %s are let in', async (template) => {
  const mallory = await signIn(visitor(ground.backend, 'mallory'))
  const { name } = await launch(mallory, { template })
  await until(async () => {
    const pods = await objectsIn(ground.cluster, 'karvdash-mallory', 'pods', '-l', `karvdash.io/service=${name}`)
    return pods.length > 0
  })
})

describe('a pod that came in under other rules', () => {
  const old = `${podsPath}/old`
  const patched = (body: object, subresource = '') => ({ verb: 'patch', path: old + subresource, body }) as const

  beforeAll(async () => {
    const { cluster, sender } = ground
    const formerly = pod(withVolume({ hostPath: { path: '/data' } }), { name: 'old', namespace: 'karvdash-mallory' })
    await enforce(cluster, 'karvdash-pods', false)
    await until(async () => (await sender.dryRun(formerly)).status === 201)
    await cluster.create(formerly.body ?? {})
    await enforce(cluster, 'karvdash-pods', true)
    await until(async () => (await sender.dryRun(formerly)).status === 403)
  })

  test('can be labelled, lose its finalizers, and go', async () => {
    await expectAdmission(ground.sender, patched({ metadata: { labels: { app: 'old' }, finalizers: null } }))
    await expectAdmission(ground.sender, { verb: 'delete', path: old })
  })

  test.each([
    ['another image', patched([{ op: 'replace', path: '/spec/containers/0/image', value: 'docker.io/library/busybox' }])],
    ['another container', patched({ spec: { ephemeralContainers: [{ ...container, name: 'debug' }] } }, '/ephemeralcontainers')],
    ['more memory', patched({ spec: { containers: [{ ...container, resources: { limits: { memory: '1Gi' } } }] } }, '/resize')],
  ])('gets no %s: it is judged anew', async (_, ask) => {
    const { status, message } = await ground.sender.dryRun(ask)
    expect({ status, message }).toEqual({ status: 403, message: expect.stringContaining('The only folders of a node') })
  })
})
