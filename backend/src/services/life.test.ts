import { describe, expect, test } from '@jest/globals'
import type { Service } from '@karvdash/common'
import { readConfig } from '../config.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { createReconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import { parseTemplate } from '../templates/parse.ts'
import { createLife } from './life.ts'
import { planLaunch } from './plan.ts'
import { reserve } from './reservation.ts'

const config = readConfig({
  KARVDASH_DOMAIN: 'karvdash.test',
  KARVDASH_DOMAINS: '{"local": {"hostPath": "/l"}, "remote": {"hostPath": "/r"}, "shared": {"hostPath": "/s"}}',
})
const template = parseTemplate(`apiVersion: karvdash.io/v1
kind: Template
id: tool
name: X
description: X
variables: [{name: word, type: string, label: Word, default: one}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{service.name}}'}
data: {word: '{{word}}'}
`)
const place = { namespace: 'karvdash-alice', name: 'tool' }
const applied = { status: { phase: 'Applied' } }

/** A service that was recorded, and not applied yet. */
async function setUp() {
  const kubernetes = fakeKubernetes()
  await reserve(kubernetes, {
    ...planLaunch({ template, user: 'alice', name: 'tool', values: {}, config }),
    launchId: undefined,
  })
  const { run, request } = createReconciler({ reconcile: async () => undefined, onError: () => undefined })
  const known: unknown[] = []
  const life = createLife({
    ...{ kubernetes, config, run, request },
    discover: () => Promise.reject(new Error('Nothing is discovered here')),
    templates: { find: async () => template },
    checkEntries: async () => undefined,
    records: { caughtUp: async (written) => void known.push(written) },
    get: async () => ({ name: 'tool' }) as Service,
  })
  const apply = async () => void (await kubernetes.patch(resources.serviceRecords, { ...place, subresource: 'status' }, applied))
  return { run, life, known, apply }
}

describe('an update', () => {
  test('that comes before the record says that the launch ended waits for it', async () => {
    const { run, life, apply } = await setUp()
    const done = Promise.withResolvers<void>()
    const launch = run('karvdash-alice/tool', () => done.promise.then(apply))
    const update = life.update('alice', 'tool', { values: {}, dryRun: false })
    setTimeout(done.resolve, 20)
    await launch
    await expect(update).resolves.toMatchObject({ changes: [] })
  })

  test('is answered once whoever asks next hears of it', async () => {
    const { life, known, apply } = await setUp()
    await apply()
    await life.update('alice', 'tool', { values: { word: 'two' }, dryRun: true })
    expect(known).toEqual([])
    await life.update('alice', 'tool', { values: { word: 'two' }, dryRun: false })
    expect(known).toMatchObject([{ metadata: { name: 'tool' }, spec: { revision: 2 } }])
  })
})
