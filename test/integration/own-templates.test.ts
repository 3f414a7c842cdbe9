import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { launch, objectsIn } from '../support/services.ts'

let cluster: Cluster
let backend: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('own-templates')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const text = (id: string, word = 'hello', more = '') => `apiVersion: karvdash.io/v1
kind: Template
id: ${id}
name: Of ${id}
description: Keeps a word.
variables:
  - {name: word, type: string, label: Word, default: ${word}}
  - {name: hidden, type: password, label: Hidden, generate: true}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{service.name}}'}
data: {word: '{{word}}'}
${more}`

interface Listed {
  id: string
  origin: string
  pinned: boolean
  group: string
}
async function listed(person: Person): Promise<{ items: Listed[]; broken: { id: string; faults: object[] }[] }> {
  return (await person.send('GET', '/api/templates')).body as { items: Listed[]; broken: { id: string; faults: object[] }[] }
}
const idsOf = async (person: Person) => (await listed(person)).items.map(({ id }) => id)
const store = (user: string, name: string, spec: object) =>
  cluster.createAs(`system:serviceaccount:karvdash-${user}:default`, {
    apiVersion: 'karvdash.io/v1',
    kind: 'Template',
    metadata: { name, namespace: user === 'karvdash' ? 'karvdash' : `karvdash-${user}` },
    spec,
  })

describe('a template of one’s own', () => {
  test('is listed and launched by its user alone, and changed and deleted', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')]
    expect(await ann.send('POST', '/api/templates', { source: text('mine') })).toMatchObject({
      status: 201,
      body: { id: 'mine', name: 'Of mine' },
    })
    expect((await listed(ann)).items).toContainEqual(expect.objectContaining({ id: 'mine', origin: 'own', pinned: false }))
    expect(await idsOf(ben)).not.toContain('mine')
    for (const path of ['/api/templates/mine', '/api/templates/mine/source'])
      expect(await ben.send('GET', path)).toMatchObject({ status: 404 })
    expect(await ben.send('POST', '/api/services', { template: 'mine' })).toMatchObject({ status: 404 })
    await launch(ann, { template: 'mine', values: { word: 'seen' } })
    expect(JSON.stringify(await objectsIn(cluster, 'karvdash-ann', 'configmaps'))).toContain('seen')
    const { body } = await ann.send('GET', '/api/templates/mine/source')
    const { source, version } = body as { source: string; version: string }
    expect(source).toBe(text('mine'))
    const changed = { source: text('mine', 'bye'), version }
    expect(await ann.send('PUT', '/api/templates/mine', changed)).toMatchObject({ status: 200 })
    expect((await ann.send('GET', '/api/services/mine/launch')).body).toMatchObject({ isNewer: true })
    expect(await ann.send('DELETE', '/api/templates/mine')).toMatchObject({ status: 204 })
    expect(await idsOf(ann)).not.toContain('mine')
    expect((await ann.send('GET', '/api/services/mine')).status).toBe(200)
  })

  test('that somebody changed meanwhile is not overwritten', async () => {
    const cas = await newUser('cas')
    await cas.send('POST', '/api/templates', { source: text('one') })
    const { version } = (await cas.send('GET', '/api/templates/one/source')).body as { version: string }
    const change = (word: string) => cas.send('PUT', '/api/templates/one', { source: text('one', word), version })
    const answers = await Promise.all([change('first'), change('second')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  test('cannot have the id of another, nor change its own', async () => {
    const dee = await newUser('dee')
    expect(await dee.send('POST', '/api/templates', { source: text('hello') })).toMatchObject({ status: 409 })
    await dee.send('POST', '/api/templates', { source: text('twice') })
    expect(await dee.send('POST', '/api/templates', { source: text('twice') })).toMatchObject({ status: 409 })
    const { version } = (await dee.send('GET', '/api/templates/twice/source')).body as { version: string }
    expect(await dee.send('PUT', '/api/templates/twice', { source: text('other'), version })).toMatchObject({ status: 400 })
    expect(await dee.send('PUT', '/api/templates/hello', { source: text('hello'), version })).toMatchObject({ status: 404 })
    expect(await dee.send('DELETE', '/api/templates/hello')).toMatchObject({ status: 404 })
  })

  test('with faults is refused with the place of each', async () => {
    const eva = await newUser('eva')
    const source = text('bad').replace('name: Of bad', 'name: Of bad\nsurprise: 1')
    const answer = await eva.send('POST', '/api/templates', { source })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/source', line: 1 }] } })
    const checked = await eva.send('POST', '/api/templates/check', { source: text('bad', 'x', '---\nkind: [\n') })
    expect(checked).toMatchObject({ status: 200, body: { faults: [{ line: expect.any(Number), message: expect.any(String) }] } })
    expect((await eva.send('POST', '/api/templates/check', { source: text('good') })).body).toMatchObject({
      description: { id: 'good' },
      faults: [],
    })
    expect(await idsOf(eva)).not.toContain('bad')
  })

  test('can be had of a built-in one, under another id', async () => {
    const fay = await newUser('fay')
    const { body } = await fay.send('GET', '/api/templates/hello/source')
    expect(body).toMatchObject({ origin: 'built-in' })
    const { source } = body as { source: string }
    expect(await fay.send('POST', '/api/templates', { source: source.replace('id: hello', 'id: my-hello') })).toMatchObject({
      status: 201,
    })
    expect((await launch(fay, { template: 'my-hello' })).name).toBe('my-hello')
  })

  test('is made of one with $VARIABLES', async () => {
    const source =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: $NAME\ndata:\n  word: $WORD\n---\nkind: Template\nname: Old one\nvariables:\n- {name: NAME, default: x}\n- {name: WORD, default: old}\n'
    const gil = await newUser('gil')
    const { body } = await gil.send('POST', '/api/templates/convert', { source })
    const converted = body as { source: string; report: string[]; faults: unknown[] }
    expect(converted.faults).toEqual([])
    expect(await gil.send('POST', '/api/templates', { source: converted.source })).toMatchObject({ status: 201 })
    await launch(gil, { template: 'old-one', values: { word: 'and new' } })
    expect(JSON.stringify(await objectsIn(cluster, 'karvdash-gil', 'configmaps'))).toContain('and new')
  })
})

describe('what a tenant stores past the platform', () => {
  test('is listed as broken with its faults, and cannot be launched', async () => {
    const hal = await newUser('hal')
    await store('hal', 'broken', { source: 'kind: nothing' })
    await store('hal', 'renamed', { source: text('another') })
    await store('hal', 'empty', {})
    const { broken } = await listed(hal)
    expect(broken.map(({ id }) => id).sort()).toEqual(['broken', 'renamed'])
    expect(broken.every(({ faults }) => faults.length > 0)).toBe(true)
    expect(await hal.send('POST', '/api/services', { template: 'broken' })).toMatchObject({ status: 409 })
  })

  test('attack: under the id of a built-in one changes nothing, for nobody', async () => {
    const [ivy, joe] = [await newUser('ivy'), await newUser('joe')]
    await store('ivy', 'hello', { source: text('hello', 'evil'), pinned: true })
    for (const person of [ivy, joe]) {
      const found = (await listed(person)).items.filter(({ id }) => id === 'hello')
      expect(found).toEqual([expect.objectContaining({ origin: 'built-in', pinned: false })])
    }
    expect(await launch(ivy, { template: 'hello' })).toHaveProperty('url')
  })

  test('attack: to pin it or hide others has no effect', async () => {
    const kit = await newUser('kit')
    await store('kit', 'jupyterlab', { hidden: true })
    await store('kit', 'loud', { source: text('loud'), pinned: true })
    const { items } = await listed(kit)
    expect(items.find(({ id }) => id === 'loud')).toMatchObject({ pinned: false })
    expect(items.map(({ id }) => id)).toContain('jupyterlab')
  })

  test('attack: in the platform’s namespace is refused', async () => {
    await newUser('lea')
    const stolen = {
      apiVersion: 'karvdash.io/v1',
      kind: 'Template',
      metadata: { name: 'evil', namespace: 'karvdash' },
      spec: { source: text('evil') },
    }
    await expect(cluster.createAs('system:serviceaccount:karvdash-lea:default', stolen)).rejects.toThrow(/forbidden/i)
  })
})

describe('templates for everybody', () => {
  test('are kept by administrators, launched by all, hidden and pinned', async () => {
    const [mia, ned] = [await newUser('mia'), await newUser('ned')]
    expect(await admin.send('POST', '/api/platform/templates', { source: text('house') })).toMatchObject({ status: 201 })
    expect((await listed(mia)).items).toContainEqual(expect.objectContaining({ id: 'house', origin: 'platform' }))
    await launch(ned, { template: 'house' })
    expect(await mia.send('POST', '/api/templates', { source: text('house') })).toMatchObject({ status: 409 })
    const say = (id: string, hidden: boolean, pinned: boolean) =>
      admin.send('PUT', `/api/platform/templates/${id}/standing`, { hidden, pinned })
    expect(await say('house', false, true)).toMatchObject({ status: 204 })
    expect((await idsOf(mia))[0]).toBe('house')
    expect(await say('vscode', true, false)).toMatchObject({ status: 204 })
    expect(await idsOf(mia)).not.toContain('vscode')
    const all = (await admin.send('GET', '/api/platform/templates')).body as { items: { id: string; hidden: boolean }[] }
    expect(all.items.find(({ id }) => id === 'vscode')).toMatchObject({ hidden: true })
    await say('vscode', false, false)
    expect(await admin.send('DELETE', '/api/platform/templates/house')).toMatchObject({ status: 204 })
    expect(await idsOf(mia)).not.toContain('house')
  })

  test('stand in groups and in order as an administrator arranged them, of whom the second one is told of the first', async () => {
    const pia = await newUser('pia')
    const groups = () => admin.send('GET', '/api/platform/template-groups')
    const arrange = (body: object) => admin.send('PUT', '/api/platform/template-groups', body)
    const shown = async () => (await listed(pia)).items.map(({ id, group }) => `${group}: ${id}`)
    expect((await groups()).body).toEqual({ groups: [] })
    expect(await shown()).toContain('Messages: kafka')
    const first = {
      groups: [
        { label: 'Streams', templates: ['kafka', 'gone'] },
        { label: 'First steps', templates: ['hello'] },
      ],
    }
    const kept = await arrange(first)
    expect(kept).toMatchObject({ status: 200, body: first })
    expect((await shown()).slice(0, 2)).toEqual(['Streams: kafka', 'First steps: hello'])
    expect(await arrange({ groups: [] })).toMatchObject({ status: 412 })
    const { version } = kept.body as { version: string }
    const [one, other] = await Promise.all([arrange({ groups: [], version }), arrange({ groups: [], version })])
    expect([one.status, other.status].sort()).toEqual([200, 412])
    expect(await shown()).toContain('Messages: kafka')
    expect(await arrange({ groups: [{ label: 'A', templates: ['x', 'x'] }] })).toMatchObject({ status: 400 })
  })

  test('attack: are not for others to write', async () => {
    const oda = await newUser('oda')
    const body = { source: text('evil') }
    expect(await oda.send('POST', '/api/platform/templates', body)).toMatchObject({ status: 403 })
    expect(await oda.send('PUT', '/api/platform/templates/hello/standing', { hidden: true, pinned: false })).toMatchObject({
      status: 403,
    })
    expect(await oda.send('GET', '/api/platform/templates')).toMatchObject({ status: 403 })
    expect(await oda.send('PUT', '/api/platform/template-groups', { groups: [] })).toMatchObject({ status: 403 })
  })
})

describe('a saved launch', () => {
  test('keeps a template and values, no passwords, and is there until it is forgotten', async () => {
    const pam = await newUser('pam')
    await pam.send('POST', '/api/templates', { source: text('words') })
    const draft = { template: 'words', label: 'My words', values: { word: 'kept', hidden: 'a very secret one' } }
    const saved = { name: 'mine', template: 'words', label: 'My words', values: { word: 'kept' } }
    expect(await pam.send('PUT', '/api/launches/mine', draft)).toMatchObject({ status: 200, body: saved })
    expect((await pam.send('GET', '/api/launches')).body).toEqual({ items: [saved] })
    expect(await cluster.kubectl('get', 'templates', '-n', 'karvdash-pam', '-o', 'yaml')).not.toContain('very secret')
    expect((await listed(pam)).items.map(({ id }) => id)).not.toContain('launch.mine')
    await pam.send('PUT', '/api/launches/mine', { ...draft, label: 'Changed' })
    expect((await pam.send('GET', '/api/launches')).body).toMatchObject({ items: [{ label: 'Changed' }] })
    const rob = await newUser('roy')
    expect((await rob.send('GET', '/api/launches')).body).toEqual({ items: [] })
    expect(await rob.send('DELETE', '/api/launches/mine')).toMatchObject({ status: 404 })
    expect(await pam.send('DELETE', '/api/launches/mine')).toMatchObject({ status: 204 })
    expect((await pam.send('GET', '/api/launches')).body).toEqual({ items: [] })
  })

  test('of what a tenant wrote that is none is passed over', async () => {
    const sid = await newUser('sid')
    await store('sid', 'launch.evil', { launch: { template: '../x', label: 'a', values: '{}' } })
    await store('sid', 'launch.evil2', { launch: { template: 'hello', label: 'a', values: '[' } })
    expect((await sid.send('GET', '/api/launches')).body).toEqual({ items: [] })
  })
})
