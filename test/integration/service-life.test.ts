import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { everythingOf, launch, objectsIn } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let folder: string

/** A set with a claim a pod, a Job whose pods cannot be changed, and a password of its own. */
const keeper = (extra: string) => `apiVersion: karvdash.io/v1
kind: Template
id: keeper
name: Keeper
description: Keeps things.
variables:
  - {name: size, type: quantity, label: Size, default: 1Gi}
  - {name: word, type: string, label: Word, default: one}
  - {name: hidden, type: password, label: Hidden, generate: true}
---
apiVersion: v1
kind: Secret
metadata: {name: '{{service.name}}'}
stringData: {hidden: '{{hidden}}', secret: '{{secret}}'}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: '{{service.name}}'}
spec:
  serviceName: '{{service.name}}'
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec: {containers: [{name: main, image: example.org/none:1, env: [{name: WORD, value: '{{word}}'}]}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: '{{size}}'}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: '{{service.name}}'}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: example.org/none:1, args: ['{{word}}']}]}
${extra}`
const more = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{service.name}}'}
data: {word: '{{word}}'}
`

/** A backend with the shipped templates and this one. */
async function backendWith(text: string): Promise<Backend> {
  const templates = await mkdtemp(join(folder, 'templates-'))
  await cp(fileURLToPath(new URL('../../templates', import.meta.url)), templates, { recursive: true })
  await writeFile(join(templates, 'keeper.yaml'), text)
  return cluster.backend({ KARVDASH_TEMPLATES_FOLDER: templates, KARVDASH_POD_NAME: `with-${text.length}` })
}

beforeAll(async () => {
  cluster = await startCluster('service-life')
  folder = await mkdtemp(join(tmpdir(), 'karvdash-life-'))
  await cluster.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'none', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'example.org/none',
  })
  backend = await backendWith(keeper(more))
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

const newUser = (name: string) => activeUser(backend, name, admin)
const one = async (user: string, kind: string, name: string) =>
  JSON.parse(await cluster.kubectl('get', kind, name, '-n', `karvdash-${user}`, '-o', 'json'))
const secretOf = async (user: string, name: string) => (await one(user, 'secret', name)).data as Record<string, string>

describe('the same launch sent twice', () => {
  test('is one service, also when both come at the same instant, under a name that another has', async () => {
    const person = await newUser('ida')
    const draft = { template: 'hello', key: 'a-key-of-my-own' }
    const both = await Promise.all([launch(person, draft), launch(person, draft)])
    expect(both.map(({ name }) => name)).toEqual(['hello', 'hello'])
    const others = { template: 'hello', key: 'another-key-of-mine' }
    const names = (await Promise.all([launch(person, others), launch(person, others)])).map(({ name }) => name)
    expect(new Set(names).size).toBe(1)
    expect((await launch(person, others)).name).toBe(names[0])
    expect(await objectsIn(cluster, 'karvdash-ida', 'servicerecords')).toHaveLength(2)
  })

  test('with a key that is none is refused', async () => {
    const person = await newUser('ike')
    const answer = await person.send('POST', '/api/services', { template: 'hello', key: 'a b' })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/key' }] } })
  })
})

test('too many launches at once are refused for a moment, and those that were not all end well', async () => {
  const person = await newUser('max')
  const drafts = Array.from({ length: 40 }, (_, n) => ({ template: 'hello', name: `many-${n}` }))
  const answers = await Promise.all(drafts.map((draft) => person.send('POST', '/api/services', draft)))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  for (const { headers } of refused) expect(headers['retry-after']).toBe('5')
  const launched = answers.filter(({ status }) => status === 201)
  expect(launched).toHaveLength(answers.length - refused.length)
  expect(launched.length).toBeGreaterThanOrEqual(16)
})

describe('restarting', () => {
  test('tells every workload that its pods are to begin anew, and replaces what cannot be told', async () => {
    const person = await newUser('res')
    await launch(person, { template: 'keeper' })
    const before = await one('res', 'job', 'keeper')
    expect(await person.send('POST', '/api/services/keeper/restart')).toMatchObject({ status: 200, body: { name: 'keeper' } })
    const annotations = async () => (await one('res', 'statefulset', 'keeper')).spec.template.metadata.annotations
    await until(async () => (await annotations())?.['karvdash.io/restarted-at'] !== undefined)
    await until(async () => (await one('res', 'job', 'keeper')).metadata.uid !== before.metadata.uid)
    await until(async () => (await one('res', 'servicerecord', 'keeper')).status.restartedAt !== undefined)
  })

  test('of what is stopped is refused, and of what another owns is 404', async () => {
    const person = await newUser('rob')
    await launch(person, { template: 'hello' })
    await person.send('POST', '/api/services/hello/stop')
    expect(await person.send('POST', '/api/services/hello/restart')).toMatchObject({ status: 409 })
    expect(await (await newUser('ron')).send('POST', '/api/services/hello/restart')).toMatchObject({ status: 404 })
  })
})

describe('an update', () => {
  test('is shown first, line by line, and nothing of Secrets', async () => {
    const person = await newUser('una')
    await launch(person, { template: 'keeper', values: { word: 'first', hidden: 'a hidden word' } })
    const launched = await person.send('GET', '/api/services/keeper/launch')
    expect(launched).toMatchObject({
      status: 200,
      body: { template: 'keeper', values: { word: 'first', size: '1Gi' }, isNewer: false },
    })
    expect(launched.text).not.toContain('hidden word')
    const answer = await person.send('POST', '/api/services/keeper/update', {
      values: { word: 'second', hidden: 'quite another' },
      dryRun: true,
    })
    const { changes } = answer.body as { changes: { kind: string; change: string; diff?: string }[] }
    expect(changes.map(({ kind, change }) => `${change} ${kind}`).sort()).toEqual([
      'changed ConfigMap',
      'changed Job',
      'changed Secret',
      'changed StatefulSet',
    ])
    expect(changes.find(({ kind }) => kind === 'ConfigMap')?.diff).toMatch(/^-.*first\n\+.*second$/m)
    expect(changes.find(({ kind }) => kind === 'Secret')).not.toHaveProperty('diff')
    expect(answer.text).not.toMatch(/quite another|hidden word/)
    expect((await one('una', 'configmap', 'keeper')).data.word).toBe('first')
  })

  test('changes what it was shown to change, keeps what is secret, and is under way until it is ready', async () => {
    const person = await newUser('ulf')
    await launch(person, { template: 'keeper' })
    const before = await secretOf('ulf', 'keeper')
    const answer = await person.send('POST', '/api/services/keeper/update', { values: { word: 'second' } })
    expect(answer).toMatchObject({ status: 200 })
    await until(async () => (await one('ulf', 'configmap', 'keeper')).data.word === 'second')
    await until(async () => (await one('ulf', 'job', 'keeper')).spec.template.spec.containers[0].args[0] === 'second')
    expect(await secretOf('ulf', 'keeper')).toEqual(before)
    await until(async () => (await one('ulf', 'servicerecord', 'keeper')).status.revision === 2)
    expect(await person.send('POST', '/api/services/keeper/update', { values: {} })).toMatchObject({ status: 409 })
  })

  test('that changes nothing does nothing; one of wrong values names the field', async () => {
    const person = await newUser('udo')
    await launch(person, { template: 'hello' })
    expect(await person.send('POST', '/api/services/hello/update', {})).toMatchObject({ status: 200, body: { changes: [] } })
    expect((await one('udo', 'servicerecord', 'hello')).spec.revision).toBeUndefined()
    const wrong = await person.send('POST', '/api/services/hello/update', { values: { replicas: 9 } })
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/values/replicas' }] } })
  })

  test('that the cluster refuses is taken back by itself, and says why', async () => {
    const person = await newUser('ute')
    await launch(person, { template: 'hello' })
    const text = (await one('ute', 'configmap', 'hello')).data['index.html']
    // What is immutable and makes no pods cannot be replaced.
    await cluster.kubectlAs('ute', 'patch', 'configmap', 'hello', '--type=merge', '-p', '{"immutable": true}')
    await person.send('POST', '/api/services/hello/update', { values: { greeting: 'Never said', replicas: 2 } })
    const notice = await until(async () => {
      const { body } = await person.send('GET', '/api/services/hello')
      return (body as { notice?: string }).notice
    })
    expect(notice).toMatch(/taken back: The cluster refuses it:.*immutable/)
    await until(async () => (await one('ute', 'servicerecord', 'hello')).status.revision === 3)
    expect((await one('ute', 'deployment', 'hello')).spec.replicas).toBe(1)
    expect((await one('ute', 'configmap', 'hello')).data['index.html']).toBe(text)
    expect((await person.send('GET', '/api/services/hello/launch')).body).toMatchObject({ values: { replicas: 1 } })
  })

  test('to a newer template tells that there is one, and removes what it no longer makes', async () => {
    const person = await newUser('new')
    await launch(person, { template: 'keeper' })
    const newer = await backendWith(keeper(''))
    const there = person.at(newer)
    expect((await there.send('GET', '/api/services/keeper/launch')).body).toMatchObject({ isNewer: true })
    const { body } = await there.send('POST', '/api/services/keeper/update', {})
    expect(body).toMatchObject({ changes: [{ kind: 'ConfigMap', name: 'keeper', change: 'removed' }] })
    await until(
      async () => (await objectsIn(cluster, 'karvdash-new', 'configmaps', '-l', 'karvdash.io/service=keeper')).length === 0,
    )
  }, 90_000)

  test('that a backend recorded and did not carry out is carried out by another', async () => {
    const person = await newUser('uma')
    await launch(person, { template: 'hello' })
    const { spec } = await one('uma', 'servicerecord', 'hello')
    const secret = await secretOf('uma', 'hello.karvdash')
    const inSecret = JSON.stringify({ data: { 'manifest-2': secret['manifest-1'] } })
    await cluster.kubectl('patch', 'secret', 'hello.karvdash', '-n', 'karvdash-uma', '--type=merge', '-p', inSecret)
    const previous = {
      since: new Date().toISOString(),
      revision: 1,
      template: spec.template,
      values: spec.values,
      manifest: spec.manifest,
    }
    const change = JSON.stringify({ spec: { revision: 2, previous } })
    await cluster.kubectl('patch', 'servicerecord', 'hello', '-n', 'karvdash-uma', '--type=merge', '-p', change)
    await until(async () => (await one('uma', 'servicerecord', 'hello')).status.revision === 2)
  })
})

describe('deleting', () => {
  test('says first what goes, claims too, and then leaves nothing, what has no owner neither', async () => {
    const person = await newUser('dan')
    await launch(person, { template: 'keeper' })
    await until(async () => (await objectsIn(cluster, 'karvdash-dan', 'persistentvolumeclaims')).length > 0)
    await cluster.kubectlAs('dan', 'create', 'configmap', 'mine')
    const { body } = await person.send('GET', '/api/services/keeper/deletion')
    const { items } = body as { items: { kind: string; name: string; holdsData: boolean }[] }
    expect(items).toContainEqual({ kind: 'PersistentVolumeClaim', name: 'data-keeper-0', holdsData: true })
    expect(items.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Job',
      'PersistentVolumeClaim',
      'Secret',
      'Secret',
      'StatefulSet',
    ])
    expect(await person.send('DELETE', '/api/services/keeper')).toMatchObject({ status: 204 })
    await until(async () => (await everythingOf(cluster, 'dan', 'keeper')).length === 0)
    await until(async () => (await objectsIn(cluster, 'karvdash-dan', 'persistentvolumeclaims')).length === 0)
    expect(await cluster.kubectlAs('dan', 'get', 'configmap', 'mine', '-o', 'name')).toContain('mine')
  })

  test('that a backend recorded and did not carry out is carried out by another', async () => {
    const person = await newUser('dot')
    await launch(person, { template: 'hello' })
    await cluster.kubectl(
      'patch',
      'servicerecord',
      'hello',
      '-n',
      'karvdash-dot',
      '--type=merge',
      '-p',
      '{"spec":{"removed":true}}',
    )
    await until(async () => (await everythingOf(cluster, 'dot', 'hello')).length === 0)
    await until(async () => (await person.send('GET', '/api/services/hello')).status === 404)
  })
})
