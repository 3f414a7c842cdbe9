import { expect, test } from '@jest/globals'
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
const template = parseTemplate(
  `apiVersion: karvdash.io/v1\nkind: Template\nid: tool\nname: X\ndescription: X\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{service.name}}'}\n`,
)
const place = { namespace: 'karvdash-alice', name: 'tool' }

test('an update that comes before the record says that the launch ended waits for it', async () => {
  const kubernetes = fakeKubernetes()
  await reserve(kubernetes, {
    ...planLaunch({ template, user: 'alice', name: 'tool', values: {}, config }),
    launchId: undefined,
  })
  const { run, request } = createReconciler({ reconcile: async () => undefined, onError: () => undefined })
  const life = createLife({
    ...{ kubernetes, config, run, request },
    discover: async () => {
      throw new Error('Nothing is discovered here')
    },
    templates: { find: async () => template },
    checkEntries: async () => undefined,
    records: { caughtUp: async () => undefined },
    get: async () => ({ name: 'tool' }) as Service,
  })
  const applied = Promise.withResolvers<void>()
  const launch = run('karvdash-alice/tool', async () => {
    await applied.promise
    await kubernetes.patch(resources.serviceRecords, { ...place, subresource: 'status' }, { status: { phase: 'Applied' } })
  })
  const update = life.update('alice', 'tool', { values: {}, dryRun: false })
  setTimeout(applied.resolve, 20)
  await launch
  await expect(update).resolves.toMatchObject({ changes: [] })
})
