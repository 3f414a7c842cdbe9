import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createStore } from '../kubernetes/store.ts'
import { fakeAccounts } from './fake-accounts.ts'
import { createStoreUser } from './store-user.ts'

const draft = { username: 'alice', password: 'a password', email: 'alice@example.org', displayName: '' }
const plain = { role: 'user', active: false } as const
const path = '/apis/karvdash.io/v1/users/alice'

/** A cluster in which there is a `User` alice without an account, made at the beginning of time. */
function setUp({ spec, status, now = 120_000 }: { spec?: object; status?: object; now?: number } = {}) {
  const user = { apiVersion: 'karvdash.io/v1', kind: 'User', metadata: { name: 'alice', uid: 'old' }, spec, status }
  const kubernetes = fakeKubernetes(spec ? [[resources.users, user]] : [])
  const accounts = fakeAccounts()
  const users = { ...createStore(), caughtUp: async () => undefined, heardAt: () => 0, stop: () => undefined }
  return { kubernetes, accounts, store: createStoreUser({ kubernetes, users, accounts, clock: () => now }) }
}

describe('storing a user', () => {
  test('takes two steps, the name first', async () => {
    const { store, kubernetes, accounts } = setUp()
    await store(draft, plain)
    expect(kubernetes.stored.get(path)).toMatchObject({ spec: { email: 'alice@example.org', role: 'user', active: false } })
    expect(accounts.stored.get('alice')?.password).toMatch(/^\$argon2id/)
  })

  test('whose sign-up broke off gives the name to whoever signs up next, and nothing else of it', async () => {
    const { store, kubernetes } = setUp({ spec: { email: 'victim@example.org', role: 'user', active: false } })
    await store(draft, plain)
    expect(kubernetes.stored.get(path)).toMatchObject({ spec: { email: 'alice@example.org' } })
    expect(kubernetes.stored.get(path)?.metadata.uid).not.toBe('old')
  })

  test.each([
    ['is signing up at this moment', { spec: { role: 'user', active: false }, now: 59_000 }],
    ['an administrator made active', { spec: { role: 'user', active: true } }],
    ['an administrator made one', { spec: { role: 'admin', active: false } }],
    ['has files', { spec: { role: 'user', active: false }, status: { uid: 20_001 } }],
  ])('who %s is not taken over', async (_, given) => {
    const { store, kubernetes, accounts } = setUp(given)
    await expect(store(draft, plain)).rejects.toMatchObject({ status: 409 })
    expect(kubernetes.stored.get(path)?.metadata.uid).toBe('old')
    expect(accounts.stored.size).toBe(0)
  })

  test('whom two take over at the same moment goes to one of them', async () => {
    const { store, kubernetes, accounts } = setUp({ spec: { role: 'user', active: false } })
    const outcomes = await Promise.allSettled(
      ['one', 'two'].map((name) => store({ ...draft, email: `${name}@example.org` }, plain)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const winner = outcomes[0]?.status === 'fulfilled' ? 'one' : 'two'
    expect(kubernetes.stored.get(path)).toMatchObject({ spec: { email: `${winner}@example.org` } })
    expect(accounts.stored.size).toBe(1)
  })

  test('who is the installer’s admin goes on where a crash left off', async () => {
    const { store, kubernetes, accounts } = setUp({ spec: { role: 'admin', active: true }, now: 1 })
    await store(draft, { role: 'admin', active: true })
    expect(kubernetes.stored.get(path)?.metadata.uid).toBe('old')
    expect(accounts.stored.has('alice')).toBe(true)
  })
})
