import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { ownerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { createStore } from '../kubernetes/store.ts'
import { accountSecret, readAccount } from './account.ts'
import { createAccounts } from './accounts.ts'

const namespace = 'karvdash'
const alice = { user: 'alice', password: 'hash', sessions: [], tokens: [], editors: [], generation: 0 }
const owner = ownerReference({ apiVersion: 'karvdash.io/v1', kind: 'User', metadata: { name: 'alice', uid: 'u' } })
const session = (id: string) => ({ id, createdAt: '', seenAt: '', agent: '', address: '' })

function setUp() {
  const kubernetes = fakeKubernetes([[resources.secrets, accountSecret(alice, { namespace, ownerReferences: [owner] })]])
  const store = createStore()
  const caughtUp: string[] = []
  const secrets = {
    ...store,
    heardAt: () => 0,
    stop: () => undefined,
    caughtUp: async ({ metadata }: { metadata: { name: string } }) => void caughtUp.push(metadata.name),
  }
  const accounts = createAccounts({ kubernetes, secrets, config: { namespace } })
  return { kubernetes, store, caughtUp, accounts }
}

describe('an account', () => {
  test('is the same after it was stored, and goes with its user', async () => {
    const { accounts, kubernetes } = setUp()
    await accounts.create({ ...alice, user: 'bob' }, owner)
    expect(await accounts.fresh('bob')).toEqual({ ...alice, user: 'bob' })
    const stored = await kubernetes.get(resources.secrets, { namespace, name: 'account.bob' })
    expect(stored?.metadata.ownerReferences).toEqual([owner])
    expect(await accounts.fresh('nobody')).toBeUndefined()
  })

  test('of a name that is taken is 409, and changes nothing', async () => {
    const { accounts } = setUp()
    await expect(accounts.create({ ...alice, password: 'thief' }, owner)).rejects.toMatchObject({ status: 409 })
    expect(await accounts.fresh('alice')).toEqual(alice)
  })

  test('that was changed is known to this replica by the time the change is over', async () => {
    const { accounts, caughtUp } = setUp()
    await accounts.update('alice', (account) => ({ ...account, password: 'next' }))
    await accounts.create({ ...alice, user: 'bob' }, owner)
    expect(caughtUp).toEqual(['account.alice', 'account.bob'])
  })

  test('loses nothing that somebody else changes at the same moment', async () => {
    const { accounts } = setUp()
    const ids = Array.from({ length: 5 }, (_, n) => `s${n}`)
    await Promise.all(
      ids.map((id) => accounts.update('alice', (account) => ({ ...account, sessions: [...account.sessions, session(id)] }))),
    )
    expect((await accounts.fresh('alice'))?.sessions.map(({ id }) => id).sort()).toEqual(ids)
  })

  test('keeps its owner through every change, or it would outlive its user', async () => {
    const { accounts, kubernetes } = setUp()
    await accounts.update('alice', (account) => ({ ...account, password: 'next' }))
    expect((await kubernetes.get(resources.secrets, { namespace, name: 'account.alice' }))?.metadata.ownerReferences).toEqual([
      owner,
    ])
  })

  test('that is left as it is is not written', async () => {
    const { accounts, kubernetes } = setUp()
    await accounts.update('alice', () => undefined)
    expect(kubernetes.calls.filter((call) => call.startsWith('replace'))).toEqual([])
  })

  test('that cannot be changed for long is said to be unavailable, and of nobody is 404', async () => {
    const { accounts, kubernetes } = setUp()
    kubernetes.before = async (call) => {
      const stored = [...kubernetes.stored.values()][0]
      if (call.startsWith('replace') && stored) stored.metadata.resourceVersion = `${stored.metadata.resourceVersion}0`
    }
    await expect(accounts.update('alice', (account) => ({ ...account }))).rejects.toMatchObject({ status: 503 })
    await expect(accounts.update('nobody', (account) => account)).rejects.toMatchObject({ status: 404 })
  })

  test('is known from the cache without a call', async () => {
    const { accounts, kubernetes, store } = setUp()
    expect(accounts.known('alice')).toBeUndefined()
    store.put(accountSecret(alice, { namespace }))
    expect(accounts.known('alice')).toEqual(alice)
    expect(kubernetes.calls).toEqual([])
  })
})

test('a Secret that is no account is not read as one', () => {
  const secret = { ...accountSecret(alice, { namespace }), data: { account: Buffer.from('{"password":1}').toString('base64') } }
  expect(() => readAccount(secret)).toThrow()
})
