import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../config.ts'
import { KubeError } from '../kubernetes/errors.ts'
import { type FakeKubernetes, fakeKubernetes } from '../kubernetes/fake.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { parseTemplate } from '../templates/parse.ts'
import { createLaunch } from './launch.ts'
import { readRecord, type ServiceRecord } from './record.ts'

const config = readConfig({
  KARVDASH_DOMAIN: 'karvdash.test',
  KARVDASH_DOMAINS: '{"local": {"hostPath": "/l"}, "remote": {"hostPath": "/r"}, "shared": {"hostPath": "/s"}}',
})
const template = (id: string, singleton: boolean) =>
  parseTemplate(
    `apiVersion: karvdash.io/v1\nkind: Template\nid: ${id}\nname: X\ndescription: X\nsingleton: ${singleton}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{service.name}}'}\n`,
  )
const templates = [template('many', false), template('one', true)]

function setUp(kubernetes: FakeKubernetes = fakeKubernetes()) {
  const recordsOf = (): ServiceRecord[] =>
    [...kubernetes.stored.values()].filter(({ kind }) => kind === 'ServiceRecord').map(readRecord)
  const launch = createLaunch({
    kubernetes,
    templates: {
      find: async (_, id) => templates.find(({ description }) => description.id === id) ?? template('none', false),
    },
    run: async (_, work = async () => undefined) => work(),
    finish: async (record: KubeObject) => record,
    records: { caughtUp: async () => undefined },
    check: async () => undefined,
    recordsOf,
    shown: ({ name, template: id, createdAt }) => ({
      name,
      template: id,
      createdAt,
      state: 'Queued',
      reason: '',
      url: `https://${name}`,
    }),
    config,
  })
  const names = () => recordsOf().map(({ name }) => name)
  return { kubernetes, names, launch: (id: string, name?: string) => launch('alice', { template: id, name, values: {} }) }
}

describe('a launch', () => {
  test('has the template’s id for its name, unless it is given one', async () => {
    const { launch, names } = setUp()
    await launch('many')
    await launch('many', 'mine')
    expect(names()).toEqual(['many', 'mine'])
  })

  test('of a template that runs once tells of the one that runs, and goes on when that is gone', async () => {
    const { launch, kubernetes } = setUp()
    await launch('one', 'first')
    await expect(launch('one', 'second')).rejects.toMatchObject({
      status: 409,
      extra: { service: 'first', url: 'https://first' },
    })
    await launch('many', 'second')
    kubernetes.stored.clear()
    await launch('one', 'third')
  })

  test('under names that are all taken says so', async () => {
    const { launch, kubernetes, names } = setUp()
    kubernetes.before = (call) => {
      if (call.startsWith('create')) throw new KubeError(409, undefined, call)
    }
    await expect(launch('many', 'mine')).rejects.toMatchObject({ status: 409, detail: expect.stringContaining('"mine"') })
    expect(names()).toEqual([])
  })

  test.each([
    [
      'before the user’s namespace is there',
      new KubeError(404, { message: 'namespaces "x" not found' }, ''),
      503,
      'Your namespace',
    ],
    ['before the platform may write there', new KubeError(403, { message: 'forbidden' }, ''), 503, 'Your namespace'],
    ['over the quota of services', new KubeError(403, { message: 'exceeded quota: services' }, ''), 409, 'Delete one first'],
  ])('%s is refused in words', async (_, error, status, detail) => {
    const { launch, kubernetes } = setUp()
    kubernetes.before = (call) => {
      if (call.startsWith('create')) throw error
    }
    await expect(launch('many')).rejects.toMatchObject({ status, detail: expect.stringContaining(detail) })
  })

  test('whose Secret cannot be written leaves the record, which is reported later, unless the name is the reason', async () => {
    const away = setUp()
    away.kubernetes.before = (call) => {
      if (call.startsWith('create') && call.includes('/secrets/')) throw new KubeError(500, undefined, call)
    }
    await expect(away.launch('many')).rejects.toMatchObject({ status: 500 })
    expect(away.names()).toEqual(['many'])
    const taken = setUp()
    taken.kubernetes.before = (call) => {
      if (call.endsWith('/secrets/many.karvdash')) throw new KubeError(409, undefined, call)
    }
    expect((await taken.launch('many')).name).toMatch(/^many-[a-z0-9]{4}$/)
    expect(taken.names()).toHaveLength(1)
  })
})
