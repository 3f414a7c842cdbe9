import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createStore } from '../kubernetes/store.ts'
import { readUser } from './account.ts'
import { fakeAccounts } from './fake-accounts.ts'
import { createLeaving } from './leaving.ts'

test('who is to be deleted is known not to be active any more, once that is answered', async () => {
  const user = { apiVersion: 'karvdash.io/v1', kind: 'User', metadata: { name: 'dora' }, spec: { active: true } }
  const kubernetes = fakeKubernetes([[resources.users, user]])
  const heard = createStore()
  const folder = { hostPath: '/data' }
  const unused = async () => undefined
  const leaving = createLeaving({
    kubernetes,
    // This replica hears of nothing but what it waits for.
    users: {
      async caughtUp({ metadata }) {
        const stored = await kubernetes.get(resources.users, metadata)
        if (stored) heard.put(stored)
      },
    },
    accounts: fakeAccounts(),
    closing: { close: unused, open: unused },
    folders: { exist: async () => false, usage: async () => [], archive: unused, erase: unused },
    config: { namespace: 'karvdash', serviceName: 'karvdash', backings: { local: folder, remote: folder, shared: folder } },
  })
  await leaving.begin('dora', { files: 'keep' })
  const known = heard.get('dora')
  expect(known && readUser(known).active).toBe(false)
})
