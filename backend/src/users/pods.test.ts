import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createPodOwner } from './pods.ts'

const bound = { 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/pod-uid': ['u'] }
const good = {
  authenticated: true,
  audiences: ['karvdash'],
  user: { username: 'system:serviceaccount:karvdash-alice:default', extra: bound as Record<string, string[]> },
}

const pod = (name: string, volumes: object[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'karvdash-alice', uid: 'u', ...more },
  spec: { volumes },
})
const pods = [
  pod('p', [{ name: 'karvdash-local' }, { name: 'karvdash-identity' }]),
  pod('without', [{ name: 'karvdash-local' }]),
  pod('ending', [{ name: 'karvdash-identity' }], { deletionTimestamp: 'now' }),
]
const boundTo = (name: string, uid = 'u') => ({
  ...good,
  user: {
    ...good.user,
    extra: { 'authentication.kubernetes.io/pod-name': [name], 'authentication.kubernetes.io/pod-uid': [uid] },
  },
})

function ownerWith(status: object) {
  const clock = { now: 0 }
  const asked: object[] = []
  const kubernetes = fakeKubernetes(pods.map((pod) => [resources.pods, pod]))
  kubernetes.review = async (_, body) => {
    asked.push(body)
    return { status }
  }
  return { asked, clock, ownerOf: createPodOwner(kubernetes, () => clock.now) }
}

describe('a pod’s token', () => {
  test('tells the user, is asked about with our audience, and remembered for seconds', async () => {
    const { ownerOf, asked, clock } = ownerWith(good)
    expect([await ownerOf('t'), await ownerOf('t')]).toEqual(['alice', 'alice'])
    expect(asked).toEqual([expect.objectContaining({ spec: { token: 't', audiences: ['karvdash'] } })])
    clock.now = 10_000
    await ownerOf('t')
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['that is not valid', { authenticated: false }],
    ['for another audience', { ...good, audiences: ['https://kubernetes.default.svc'] }],
    ['bound to a pod that was given no identity', boundTo('without')],
    ['bound to a pod that is gone', boundTo('gone')],
    ['bound to a pod that is ending', boundTo('ending')],
    ['bound to a pod of the same name that was there before', boundTo('p', 'before')],
    ['that a tenant minted, bound to no pod', { ...good, user: { ...good.user, extra: {} } }],
    [
      'bound to a pod without a uid',
      { ...good, user: { ...good.user, extra: { 'authentication.kubernetes.io/pod-name': ['p'] } } },
    ],
    [
      'of another account of the user',
      { ...good, user: { ...good.user, username: 'system:serviceaccount:karvdash-alice:builder' } },
    ],
    ['of the platform itself', { ...good, user: { ...good.user, username: 'system:serviceaccount:karvdash:default' } }],
    [
      'of a namespace that is no user’s',
      { ...good, user: { ...good.user, username: 'system:serviceaccount:karvdash-a-b:default' } },
    ],
    ['of kube-system', { ...good, user: { ...good.user, username: 'system:serviceaccount:kube-system:default' } }],
    [
      'of a person who is called so',
      { ...good, user: { ...good.user, username: 'x system:serviceaccount:karvdash-alice:default' } },
    ],
    ['about which nothing is told', {}],
  ])('%s is refused, and not remembered', async (_, status) => {
    const { ownerOf, asked } = ownerWith(status)
    await expect(ownerOf('t')).rejects.toMatchObject({ status: 401 })
    await expect(ownerOf('t')).rejects.toMatchObject({ status: 401 })
    expect(asked).toHaveLength(2)
  })

  test.each(['', 'x'.repeat(8193)])('that cannot be one is refused without a call', async (token) => {
    const { ownerOf, asked } = ownerWith(good)
    await expect(ownerOf(token)).rejects.toMatchObject({ status: 401 })
    expect(asked).toEqual([])
  })
})
