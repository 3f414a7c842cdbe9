import { expect, test } from '@jest/globals'
import type { KubeObject } from '../kubernetes/objects.ts'
import { createStore } from '../kubernetes/store.ts'
import { type Account, accountSecret, signedOut } from './account.ts'
import { onSignedOut } from './signed-out.ts'

const alice: Account = { user: 'alice', password: '', sessions: [], tokens: [], editors: [], generation: 3 }
const place = { namespace: 'karvdash' }

test('who was signed out everywhere is told of, and nobody whose account changes otherwise, comes or goes', () => {
  const store = createStore<KubeObject>()
  store.put(accountSecret(alice, place))
  const told: string[] = []
  onSignedOut(store, (user) => told.push(user))
  const put = (account: Account) => store.put(accountSecret(account, place))
  put({ ...alice, password: 'another' })
  put({ ...alice, user: 'bob' })
  store.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'heartbeat.one', namespace: 'karvdash' }, data: {} })
  expect(told).toEqual([])
  put(signedOut(alice))
  expect(told).toEqual(['alice'])
  put({ ...signedOut(alice), password: 'another' })
  store.drop({ metadata: { name: 'account.bob', namespace: 'karvdash' } })
  put({ ...alice, user: 'bob', generation: 0 })
  expect(told).toEqual(['alice'])
})
