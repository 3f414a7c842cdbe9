import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ListedTemplate, Preview } from '@karvdash/common'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person } from '../support/people.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

const folder = fileURLToPath(new URL('../../templates', import.meta.url))
const shipped = (await readdir(folder)).map((file) => file.replace(/\.yaml$/, ''))

let cluster: Cluster
let alice: Person

beforeAll(async () => {
  cluster = await startCluster('catalogue', { argoWorkflows: { crds: true } })
  alice = await activeUser(await cluster.backend(), 'alice')
}, 60_000)
afterAll(() => cluster?.stop())

const isSingleton = async (id: string) => ListedTemplate.parse((await alice.send('GET', `/api/templates/${id}`)).body).singleton

describe.each(shipped)('the template %s', (id) => {
  test('launched as its form stands is what the cluster and the guard let its user make, pods and all', async () => {
    const answer = await alice.send('POST', `/api/templates/${id}/render`, { values: {}, dryRun: 'server' })
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
    expect(Preview.parse(answer.body).faults).toEqual([])
  })

  test('runs twice beside itself, unless it says that it does not', async () => {
    const { name } = await launch(alice, { template: id })
    if (await isSingleton(id)) {
      const second = await alice.send('POST', '/api/services', { template: id })
      expect(second).toMatchObject({ status: 409, body: { service: name } })
    } else {
      const second = await launch(alice, { template: id })
      expect(second.name).not.toBe(name)
      await alice.send('DELETE', `/api/services/${second.name}`)
    }
    await alice.send('DELETE', `/api/services/${name}`)
  })
})

describe('the kinds of Argo Workflows, where the chart brings them,', () => {
  const apiVersion = 'argoproj.io/v1alpha1'
  const namespace = 'karvdash-alice'
  const tenant = `system:serviceaccount:${namespace}:default`
  const made = (kind: string, name: string, spec: object) => ({ apiVersion, kind, metadata: { name, namespace }, spec })

  test('are users’ to write, as their controller does that works as they do', async () => {
    const workflowTemplateRef = { name: 'argo-two-steps' }
    await cluster.createAs(tenant, made('Workflow', 'mine', { workflowTemplateRef }))
    await cluster.createAs(tenant, made('WorkflowTaskSet', 'mine', { tasks: {} }))
    const patch = ['patch', 'workflowtaskset', 'mine', '--subresource=status', '--type=merge', '-p', '{"status":{"nodes":{}}}']
    await cluster.kubectlAs('alice', ...patch)
  })

  test('attack: others of the same group are not, such as those that have Argo CD deploy', async () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    const names = { kind: 'Application', plural: 'applications', singular: 'application' }
    const versions = [{ name: 'v1alpha1', served: true, storage: true, schema }]
    await cluster.create({
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      ...{ metadata: { name: 'applications.argoproj.io' }, spec: { group: 'argoproj.io', scope: 'Namespaced', names, versions } },
    })
    const refused = () => cluster.createAs(tenant, made('Application', 'mine', {})).catch((error: Error) => error.message)
    await until(async () => /Kinds of argoproj.io are not users/.test(await refused()))
  })
})
