import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Launched, Preview, Resource } from '@karvdash/common'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { objectsIn } from '../support/services.ts'
import { until } from '../support/until.ts'

const template = `apiVersion: karvdash.io/v1
kind: Template
id: work
name: Work
description: Works on a folder.
exposure: {port: 80}
variables:
  - {name: size, type: profile, label: Size, custom: true}
  - {name: memory, type: quantity, label: Memory, default: 1Gi, when: {variable: size, equals: custom}}
  - {name: replicas, type: number, label: Replicas, default: 1}
  - {name: folder, type: entry, label: Folder, default: '{{domains.local}}'}
  - {name: word, type: password, label: Word, generate: true}
  - {name: image, type: string, label: Image, default: 'docker.io/x/y:1'}
  - {name: power, type: boolean, label: Power}
---
apiVersion: v1
kind: Secret
metadata: {name: '{{service.name}}'}
stringData: {word: '{{word}}', secret: '{{secret}}' }
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec: {selector: {app: work}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{service.name}}
spec:
  replicas: {{replicas}}
  selector: {matchLabels: {app: work}}
  template:
    metadata: {labels: {app: work}}
    spec:
      {{#if power}}
      hostNetwork: true
      {{/if}}
      containers:
        - name: work
          image: {{image}}
          {{#if (eq size "custom")}}
          resources: {limits: {memory: {{memory}} }}
          {{else}}
          resources: {{size.resources}}
          {{/if}}
`
const unknown = `apiVersion: karvdash.io/v1
kind: Template
id: unknown
name: Unknown
description: Of a kind that no cluster has.
---
apiVersion: nowhere.example.org/v1
kind: Widget
metadata: {name: x}
`

let cluster: Cluster
let backend: Backend
let folder: string
let alice: Person

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-templates-'))
  await writeFile(join(folder, 'work.yaml'), template)
  await writeFile(join(folder, 'unknown.yaml'), unknown)
  cluster = await startCluster('preview', { quota: { 'limits.memory': '8Gi', 'requests.nvidia.com/gpu': 1 } })
  backend = await cluster.backend({ KARVDASH_TEMPLATES_FOLDER: folder })
  alice = await activeUser(backend, 'alice', await signedInAdmin(backend))
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function preview(values: object = {}, id = 'work'): Promise<Preview> {
  const answer = await alice.send('POST', `/api/templates/${id}/render`, { values, dryRun: 'server' })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return Preview.parse(answer.body)
}

describe('a preview', () => {
  test('shows objects and their text, what they use, and nothing secret', async () => {
    const { objects, yaml, asks, faults } = await preview({ replicas: 2, word: 'a word of my own' })
    expect(faults).toEqual([])
    expect(objects.map(({ kind }) => kind)).toEqual(['Secret', 'Service', 'Deployment', 'Ingress'])
    expect(yaml.split('---\n')).toHaveLength(4)
    expect(yaml).toContain('kind: Deployment')
    expect(JSON.stringify([objects, yaml])).not.toMatch(/a word of my own|[0-9a-f]{48}/)
    expect(asks).toMatchObject({ memory: '4Gi', pods: '2', secrets: '2', services: '1', ingresses: '1', gpu: '0' })
    expect(await objectsIn(cluster, 'karvdash-alice', 'servicerecords,deployments')).toEqual([])
  })

  test('asks the cluster about each field, and says where in the template it stands', async () => {
    const { faults } = await preview({ replicas: -1 })
    expect(faults).toEqual([
      {
        ...{ document: 4, kind: 'Deployment', name: 'work', path: 'spec.replicas', line: 31, column: 3 },
        message: expect.stringContaining('greater than or equal to 0'),
      },
    ])
  })

  test('of a text that is not kept fills in what has no default, keeps nothing, and is in no audit log', async () => {
    const required = template
      .replace('id: work', 'id: draft')
      .replace('label: Power}', 'label: Power, default: false}')
      .replace("default: 'docker.io/x/y:1'}", 'minLength: 1}')
      .replace('label: Replicas, default: 1', 'label: Replicas, min: 2')
    const send = (source: string) => alice.send('POST', '/api/templates/preview', { source, values: {}, dryRun: 'server' })
    const answer = await send(required)
    expect(answer).toMatchObject({ status: 200, body: { faults: [], asks: { pods: '2' } } })
    expect((await alice.send('GET', '/api/templates/draft')).status).toBe(404)
    const typo = Preview.parse((await send(required.replace('selector: {matchLabels', 'selectr: {matchLabels'))).body)
    expect(typo.faults).toContainEqual(expect.objectContaining({ kind: 'Deployment', path: 'spec.selectr', line: 32 }))
    expect(await send(required.replace('{{replicas}}', '{{replica}}'))).toMatchObject({
      status: 400,
      body: { errors: [{ line: 31, detail: expect.stringContaining('replica') }] },
    })
    expect(backend.log.filter(({ audit }) => JSON.stringify(audit ?? '').includes('preview'))).toEqual([])
  })

  test('asks about the pods that a workload would make, which is what the guard looks at', async () => {
    const { faults } = await preview({ power: true })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ document: 4, kind: 'Deployment', path: expect.stringMatching(/^spec\.template/) })
    expect(faults[0]?.message).toMatch(/host/)
  })

  test('tells what does not fit into the quota, and kinds that the cluster does not have', async () => {
    const { faults } = await preview({ size: 'custom', memory: '9Gi' })
    expect(faults[0]?.message).toBe('This asks for 9Gi of memory; your quota is 8Gi, of which 8Gi are free.')
    expect((await preview({}, 'unknown')).faults).toEqual([
      {
        ...{ document: 2, kind: 'Widget', name: 'x', path: 'kind', line: 8, column: 1 },
        message:
          'This cluster does not know Widget of nowhere.example.org/v1. What brings this kind is not installed; ask an administrator.',
      },
    ])
  })

  test('of kinds that the cluster does not have comes to nothing as a launch too, and says why', async () => {
    const answer = await alice.send('POST', '/api/services', { template: 'unknown' })
    expect({ status: answer.status, text: answer.text }).toMatchObject({
      status: 201,
      text: expect.stringContaining('What brings this kind is not installed; ask an administrator.'),
    })
    await alice.send('DELETE', '/api/services/unknown')
    await until(async () => (await alice.send('GET', '/api/services/unknown')).status === 404)
  })
})

describe('an entry', () => {
  test('has to be there, for a preview and for a launch, as what it is', async () => {
    await mkdir(join(cluster.domains, 'local/alice/data'), { recursive: true })
    await writeFile(join(cluster.domains, 'local/alice/file'), '')
    await symlink('/etc', join(cluster.domains, 'local/alice/out'))
    const statuses = async (path: string) => {
      const body = { values: { folder: path } }
      const answers = [
        await alice.send('POST', '/api/templates/work/render', body),
        ...(path === '/local/data' ? [] : [await alice.send('POST', '/api/services', { template: 'work', ...body })]),
      ]
      return answers.map(({ status, body: said }) => [
        status,
        z.object({ errors: z.array(z.looseObject({})) }).safeParse(said).data?.errors[0],
      ])
    }
    expect(await statuses('/local/data')).toEqual([[200, undefined]])
    for (const path of ['/local/none', '/local/file', '/local/out', '/local/out/ssh', '/shared/none'])
      expect(await statuses(path)).toEqual([
        [400, expect.objectContaining({ pointer: '/values/folder' })],
        [400, expect.objectContaining({ pointer: '/values/folder' })],
      ])
    expect(await objectsIn(cluster, 'karvdash-alice', 'servicerecords')).toEqual([])
  })
})

describe('a password that is made', () => {
  test('is told once to whoever launched, to the same launch sent again, and to nobody else', async () => {
    const body = { template: 'work', name: 'mine', key: 'a-key-of-mine' }
    const first = Launched.parse((await alice.send('POST', '/api/services', body)).body)
    const [{ value = '' } = {}] = first.generated ?? []
    expect(first.generated).toEqual([{ name: 'word', label: 'Word', value: expect.stringMatching(/^[\w-]{24}$/) }])
    const again = Launched.parse((await alice.send('POST', '/api/services', body)).body)
    expect(again).toMatchObject({ name: 'mine', generated: [{ value }] })
    const stored = await cluster.kubectl('get', 'secret', 'mine', '-n', 'karvdash-alice', '-o', 'jsonpath={.data.word}')
    expect(Buffer.from(stored, 'base64').toString()).toBe(value)
    expect((await alice.send('GET', '/api/services/mine')).text).not.toContain(value)
    expect((await alice.send('GET', '/api/services/mine/launch')).text).not.toContain(value)
    expect(await cluster.kubectl('get', 'servicerecord', 'mine', '-n', 'karvdash-alice', '-o', 'json')).not.toContain(value)
    expect(JSON.stringify(backend.log)).not.toContain(value)
  })

  test('is not told where it was given', async () => {
    const body = { template: 'work', name: 'given', values: { word: 'chosen by me' } }
    expect(Launched.parse((await alice.send('POST', '/api/services', body)).body).generated).toBeUndefined()
  })
})

describe('a quota', () => {
  test('is shown as gauges', async () => {
    const { items } = z.object({ items: z.array(Resource) }).parse((await alice.send('GET', '/api/account/resources')).body)
    expect(items.find(({ resource }) => resource === 'memory')).toMatchObject({ label: 'Memory', limit: '8Gi' })
    expect(items.find(({ resource }) => resource === 'gpu')).toMatchObject({ used: '0', limit: '1', free: '1' })
  })

  test('is an administrator’s to change for one user, and to give back to what is usual', async () => {
    const admin = await signedInAdmin(backend)
    const change = (quota: object) => admin.send('PATCH', '/api/users/alice', { quota })
    const limitOf = async (resource: string) => {
      const { items } = z.object({ items: z.array(Resource) }).parse((await alice.send('GET', '/api/account/resources')).body)
      return items.find((item) => item.resource === resource)?.limit
    }
    const changed = await change({ 'limits.memory': '16Gi', 'requests.nvidia.com/gpu': '3', 'count/jobs.batch': '5' })
    expect(changed).toMatchObject({ status: 200, body: { quota: { 'limits.memory': '16Gi' } } })
    expect(await Promise.all([limitOf('memory'), limitOf('gpu')])).toEqual(['16Gi', '3'])
    expect(await change({ 'limits.memory': null, 'requests.nvidia.com/gpu': null, 'count/jobs.batch': null })).toMatchObject({
      status: 200,
    })
    expect(await Promise.all([limitOf('memory'), limitOf('gpu')])).toEqual(['8Gi', '1'])
    for (const wrong of [{ memoryy: '1Gi' }, { pods: '1.5' }, { 'limits.memory': 'much' }, { 'limits.memory': '-1' }])
      expect(await change(wrong)).toMatchObject({ status: 400 })
    expect((await alice.send('PATCH', '/api/users/alice', { quota: { pods: '999' } })).status).toBe(403)
    expect((await alice.send('PATCH', '/api/account', { quota: { pods: '999' } })).status).toBe(400)
  })

  test('that a launch cannot fit into refuses it before anything is recorded', async () => {
    const values = { size: 'custom', memory: '9Gi' }
    const answer = await alice.send('POST', '/api/services', { template: 'work', name: 'large', values })
    expect(answer).toMatchObject({ status: 409, body: { code: 'quota', resource: 'memory', asked: '9Gi', limit: '8Gi' } })
    expect(answer.text).toContain('This asks for 9Gi of memory; your quota is 8Gi, of which')
    expect((await alice.send('GET', '/api/services/large')).status).toBe(404)
  })
})
