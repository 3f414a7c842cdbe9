import { expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createStore } from '../kubernetes/store.ts'
import { fakeAccounts } from './fake-accounts.ts'
import { createUsers } from './users.ts'

/** Users in a cluster of which this replica hears nothing but what it waits for. */
function setUp() {
  const kubernetes = fakeKubernetes()
  const store = createStore()
  const caughtUp = async ({ metadata: { name } }: { metadata: { name: string } }) => {
    const stored = await kubernetes.get(resources.users, { name })
    if (stored) store.put(stored)
  }
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
  return createUsers({
    kubernetes,
    users: { ...store, caughtUp, heardAt: () => 0, stop: () => undefined },
    accounts: fakeAccounts(),
    folders: { exist: async () => false },
    announceSignUp: () => undefined,
    config: { namespace: 'karvdash', firstUid: 20_000 },
    reconcile: async (name) => void (await kubernetes.patch(resources.users, { name, subresource: 'status' }, { status: ready })),
  })
}

const erika = { username: 'erika', email: 'erika@example.org', displayName: '' }

test.each<[string, (users: ReturnType<typeof setUp>) => Promise<unknown>]>([
  ['vouched for', (users) => users.adopt({ ...erika, role: 'user', active: true })],
  ['invited', (users) => users.invite({ ...erika, role: 'user' })],
  [
    'activated',
    async (users) => {
      await users.signUp({ ...erika, password: 'a password' })
      await users.change('erika', { active: true })
    },
  ],
])('who is %s is ready for the next who asks, once that is answered', async (_, letIn) => {
  const users = setUp()
  await letIn(users)
  expect(users.known('erika')).toMatchObject({ ready: true })
})
