import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { accountOf } from '../support/attacks/attack.ts'
import { type Ground, startGround } from '../support/attacks/ground.ts'

let ground: Ground
/** kubectl with mallory's own token, and nothing else. */
let asMallory: (...args: string[]) => Promise<string>

beforeAll(async () => {
  ground = await startGround('guard-accounts')
  const { cluster } = ground
  const kubernetes = await binary('kubernetes')
  const token = (await cluster.kubectlAs('mallory', 'create', 'token', 'default')).trim()
  const connection = [`--server=${cluster.plane.url}`, `--certificate-authority=${cluster.plane.caFile}`, `--token=${token}`]
  asMallory = (...args) =>
    run(kubernetes, ['kubectl', '--kubeconfig=/dev/null', ...connection, '-n', 'karvdash-mallory', ...args])
  await cluster.create(everybody)
  await asMallory('create', 'rolebinding', 'everybody', '--role=everybody', '--serviceaccount=karvdash-mallory:default')
}, 60_000)
afterAll(() => ground?.stop())

/** As much of becoming somebody else as a role in a namespace can say. */
const everybody = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'everybody', namespace: 'karvdash-mallory' },
  rules: [
    { apiGroups: [''], resources: ['users', 'groups', 'serviceaccounts'], verbs: ['impersonate'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['userextras/karvdash.io/launch', 'uids'], verbs: ['impersonate'] },
  ],
}
const whoami = (...as: string[]) => asMallory('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', ...as)

describe('a tenant becomes nobody else', () => {
  test.each([
    ['another user', ['--as', accountOf('alice')]],
    ['the platform', ['--as', 'system:serviceaccount:karvdash:karvdash']],
    ['a controller', ['--as', 'system:serviceaccount:kube-system:namespace-controller']],
    ['a node', ['--as', 'system:node:one', '--as-group', 'system:nodes']],
    ['an administrator', ['--as', 'kubernetes-admin', '--as-group', 'system:masters']],
    ['themselves in a group of administrators', ['--as', accountOf('mallory'), '--as-group', 'system:masters']],
    ['themselves as a launch', ['--as', accountOf('mallory'), '--as-user-extra', 'karvdash.io/launch=hello']],
  ])('attack: not %s', async (_, as) => {
    await expect(asMallory('get', 'pods', ...as)).rejects.toThrow(/cannot impersonate resource/)
  })

  test('but their own accounts, which are held to the same rules', async () => {
    expect(await whoami()).toBe(accountOf('mallory'))
    expect(await whoami('--as', 'system:serviceaccount:karvdash-mallory:builder')).toBe(
      'system:serviceaccount:karvdash-mallory:builder',
    )
  })
})

test('attack: with their own token, what a dry run refused is refused', async () => {
  await expect(asMallory('delete', 'namespace', 'karvdash-mallory')).rejects.toThrow(/karvdash-namespaces/)
  await expect(asMallory('delete', 'resourcequota,networkpolicy,limitrange', '--all')).rejects.toThrow(
    /karvdash-(bounds|guarded)/,
  )
  await expect(asMallory('delete', 'rolebinding', '--all')).rejects.toThrow(/karvdash-guarded/)
  const left = await ground.cluster.kubectl(
    'get',
    'resourcequota,networkpolicy,limitrange,rolebinding',
    '-n',
    'karvdash-mallory',
    '-o',
    'name',
  )
  for (const name of [
    'resourcequota/karvdash',
    'networkpolicy.networking.k8s.io/karvdash',
    'limitrange/karvdash',
    'karvdash-owner',
    'karvdash-platform',
  ])
    expect(left).toContain(name)
})
